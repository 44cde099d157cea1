import type { Demo, DemoSection } from './demo';
import { SECTIONS } from './sections';
import { VARIABLE } from './sections/interaction';

const DATASOURCE = { type: 'grafana-postgresql-datasource', uid: 'rastreio-timescaledb' };
const COLUMNS = 24;
const ROW_HEIGHT = 1;

interface GridPos {
  readonly h: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
}

interface GalleryPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPos;
}

/** The gallery in Grafana's Classic JSON. */
export interface Gallery {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly GalleryPanel[];
}

/** How wide and tall panels are, in grid columns and rows; without a height, each has its own. */
export interface Shape {
  readonly columns: number;
  readonly rows?: number;
}

/** The dashboard, three panels abreast. Its data are fixed, its time range too: it looks the same on any day. */
export function buildGallery(): Gallery {
  return {
    uid: 'panel-gallery',
    title: 'Parcel tracking: panel gallery',
    ...{
      description: 'Every option and hard case of the tracking panel. Made by npm run gallery:build.',
      tags: ['rastreio', 'gallery'],
      schemaVersion: 41,
      version: 1,
      editable: true,
      graphTooltip: 1,
      timezone: 'utc',
      weekStart: '',
      fiscalYearStartMonth: 0,
      liveNow: false,
      refresh: '',
      time: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
      timepicker: {},
      templating: { list: [variable()] },
      annotations: { list: [] },
      links: [],
    },
    panels: place(
      SECTIONS.flatMap((section) => [
        { height: ROW_HEIGHT, panel: rowOf(section) },
        ...section.demos.map((demo, index) => ({
          height: demo.height ?? 8,
          panel: panelOf(demo, 100 * section.id + index + 1),
        })),
      ]),
      { columns: 8 },
    ),
  };
}

/** The same panels in another shape, under another uid. */
export function reshaped(gallery: Gallery, uid: string, shape: Shape): Gallery {
  const panels = gallery.panels.map(({ gridPos, ...panel }) => ({ height: gridPos.h, panel }));
  return { ...gallery, uid, title: `${gallery.title} (${uid})`, panels: place(panels, shape) };
}

type Unplaced = Omit<GalleryPanel, 'gridPos'>;

/** Left to right, a new line where one is full; a section begins on a line of its own. */
function place(panels: readonly { height: number; panel: Unplaced }[], shape: Shape): GalleryPanel[] {
  let [x, y, line] = [0, 0, 0];
  return panels.map(({ height, panel }) => {
    const isRow = panel.type === 'row';
    const w = isRow ? COLUMNS : shape.columns;
    const h = isRow ? ROW_HEIGHT : (shape.rows ?? height);
    if (x + w > COLUMNS) [x, y, line] = [0, y + line, 0];
    const gridPos = { h, w, x, y };
    x += w;
    line = Math.max(line, h);
    return { ...panel, gridPos };
  });
}

function variable() {
  const { name, values, chosen } = VARIABLE;
  return {
    name,
    type: 'custom',
    label: 'Status',
    query: values.join(','),
    multi: true,
    includeAll: true,
    hide: 0,
    skipUrlSync: false,
    options: [],
    current: { text: chosen, value: chosen },
  };
}

const rowOf = ({ id, title }: DemoSection) => ({
  id: 100 * id,
  type: 'row',
  title,
  collapsed: false,
  panels: [],
});

function panelOf({ title, description, queries, options = {}, defaults, overrides }: Demo, id: number) {
  return {
    id,
    type: 'rastreio-tracking-panel',
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((rawSql, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      editorMode: 'code',
      format: 'table',
      rawQuery: true,
      rawSql,
    })),
    fieldConfig: { defaults: defaults ?? {}, overrides: overrides ?? [] },
    options,
  };
}
