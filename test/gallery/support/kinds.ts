import { byName, only, type Demo } from '../../../scripts/panelGallery/demo';
import { statuses, values } from '../../../scripts/panelGallery/sql';
import { GALLERY } from './variants';

const DATASOURCE = { type: 'grafana-postgresql-datasource', uid: 'rastreio-timescaledb' };
const COUNTS = [15, 8, 6] as const;
const counted = (names: readonly (string | number | null)[], column = 'status') =>
  values(
    [column, 'total_pacotes'],
    names.map((name, index) => [name, COUNTS[index] ?? 1]),
  );
const map = (texts: Readonly<Record<string, string>>) => ({
  mappings: [
    {
      type: 'value',
      options: Object.fromEntries(Object.entries(texts).map(([value, text]) => [value, { text }])),
    },
  ],
});
const LISTED = {
  show: { pie: true, cards: false, table: true },
  titles: { pieHeading: '', pie: '', table: '' },
};

interface Kind extends Omit<Demo, 'description'> {
  readonly width?: number;
}

/** Data and sizes that once went wrong, without pictures: what they must say and how large they are is tested by itself. */
const KINDS: readonly Kind[] = [
  { title: 'numbers', queries: ['VALUES (1, 15), (2, 8), (3, 6)'], options: LISTED },
  {
    title: 'booleans',
    queries: ['SELECT * FROM (VALUES (true, 15), (false, 8), (NULL, 6)) AS dados (entregue, total_pacotes)'],
    options: LISTED,
    overrides: [byName('entregue', map({ true: 'ENTREGUE', false: 'Aberto' }))],
  },
  {
    title: 'two queries',
    queries: ['SELECT 29 AS total_pacotes', 'SELECT 7 AS total_pacotes'],
    options: only('cards'),
  },
  {
    title: 'no status',
    queries: [counted([null, 'OK', 'CANCELADO'])],
    options: { ...LISTED, pie: { labels: ['name'] }, selection: { variable: 'status' } },
  },
  {
    title: 'one name',
    queries: [counted(['ENTREGUE', 'CANCELADO', 'DEVOLVIDO'])],
    options: LISTED,
    overrides: [
      byName('status', map({ CANCELADO: 'Fim', DEVOLVIDO: 'Fim' })),
      byName('Fim', { color: { mode: 'fixed', fixedColor: '#ff00ff' } }),
    ],
  },
  {
    title: 'times',
    queries: [
      `SELECT * FROM (VALUES ('A', 3, timestamptz '2026-02-09'), ('B', 2, timestamptz '2025-12-31'),
        ('C', 1, timestamptz '2026-01-15')) AS dados (status, total, desde)`,
    ],
    options: { ...only('table'), table: { columns: ['status', 'field:desde'] } },
    overrides: [byName('desde', { unit: 'time:DD/MM/YYYY' })],
  },
  {
    title: 'small card',
    queries: ['SELECT 204120 AS tempo_medio_segundos'],
    options: { show: { pie: false, cards: true, table: false } },
    height: 2,
    width: 6,
  },
  {
    title: 'small pie',
    queries: [
      statuses([
        ['ENTREGUE', 15],
        ['CANCELADO', 5],
      ]),
    ],
    options: { show: { pie: true, cards: false, table: false } },
    height: 3,
    width: 6,
  },
];

export const KINDS_DASHBOARD = {
  ...GALLERY,
  uid: 'panel-gallery-kinds',
  title: 'Parcel tracking: kinds of data and sizes',
  panels: KINDS.map(({ title, queries, options = {}, overrides = [], height = 14, width = 12 }, index) => ({
    id: index + 1,
    type: 'rastreio-tracking-panel',
    title,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 14, w: width, h: height },
    targets: queries.map((rawSql, place) => ({
      refId: ['A', 'B'][place],
      datasource: DATASOURCE,
      format: 'table',
      rawSql,
    })),
    options,
    fieldConfig: { defaults: {}, overrides },
  })),
};
