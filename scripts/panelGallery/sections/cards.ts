import { byName, only, type DemoSection, type Some } from '../demo';
import { figures, hourly, ORIGINAL, ORIGINAL_MEAN, statuses } from '../sql';
import type { TrackingOptions } from '../../../plugins/tracking-panel/src/types';

const THRESHOLDS = {
  unit: 'percent',
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps: [
      { value: null, color: 'green' },
      { value: 50, color: 'orange' },
      { value: 80, color: 'red' },
    ],
  },
};
const LEVELS = figures({ baixa: 20, media: 60, alta: 95 });
const HOURS = hourly(
  ['entregas', 'ocupacao'],
  [
    [12, 0.41],
    [18, 0.44],
    [25, 0.52],
    [21, 0.58],
    [34, 0.66],
    [40, 0.71],
    [38, 0.69],
    [45, 0.83],
  ],
);
const DURATIONS = 'SELECT 204120 AS tempo_medio_segundos, 93784 AS espera, 3725.9::float8 AS rota';
const CHANGES = figures({
  entregas: 420,
  entregas_anterior: 400,
  extravios: 9,
  extravios_anterior: 6,
  no_prazo: 0.93,
  no_prazo_meta: 0.95,
});
const CHANGE_FIELDS = [
  byName('entregas', { displayName: 'Entregas', 'custom.betterIs': 'higher' }),
  byName('extravios', { displayName: 'Extravios', 'custom.betterIs': 'lower' }),
  byName('no_prazo', {
    ...{ displayName: 'No prazo', unit: 'percentunit', decimals: 1 },
    'custom.betterIs': 'higher',
  }),
];

/** Limits of each kind, a number that nobody knows, and one without limits. */
const LIMITS = figures({
  ...{ prometidos: 0, prometidos_aviso: 1, prometidos_critico: 5 },
  ...{ parados: 3, parados_aviso: 1, parados_critico: 5 },
  ...{ esquecidos: 7, esquecidos_aviso: 1, esquecidos_critico: 5 },
  ...{ no_prazo: 0.91, no_prazo_aviso: 0.95, no_prazo_critico: 0.9 },
  ...{ quebras: null, quebras_aviso: 1, quebras_critico: 5 },
  abertos: 1234,
});
const LIMIT_FIELDS = [
  byName('prometidos', { displayName: 'Prometidos para hoje' }),
  byName('parados', { displayName: 'Parados' }),
  byName('esquecidos', { displayName: 'Esquecidos' }),
  byName('no_prazo', { displayName: 'No prazo', unit: 'percentunit', 'custom.betterIs': 'higher' }),
  byName('quebras', { displayName: 'Quebras amanhã' }),
  byName('abertos', { displayName: 'Abertos' }),
];
const LIST = { title: 'Lista', url: '/d/panel-gallery?var-lista=${__field.name}&${__url_time_range}' };
const PLACES = { title: 'Mapa', url: '/d/panel-gallery?mapa=${__value.raw}' };

const cards = (options: Some<TrackingOptions['cards']>) => only('cards', { cards: options });

export const CARDS: DemoSection = {
  id: 4,
  title: 'KPI cards',
  demos: [
    {
      title: 'Cards: mean and total',
      description: 'The two known cards: "2 dias, 08:42:00" and 29 packages.',
      queries: [statuses(ORIGINAL), ORIGINAL_MEAN],
      options: only('cards'),
    },
    {
      title: 'Cards: units',
      description:
        'Six fields of one row, each with its own unit, decimals and name, in a grid that fills the panel.',
      queries: [
        figures({ no_prazo: 0.934, receita: 18_250.5, peso_kg: 41_200, rotas: 37, situacao: 1, nulo: null }),
      ],
      options: only('cards'),
      overrides: [
        byName('no_prazo', { unit: 'percentunit', displayName: 'No prazo', decimals: 1 }),
        byName('receita', { unit: 'currencyBRL', displayName: 'Receita', decimals: 2 }),
        byName('peso_kg', { unit: 'masskg', displayName: 'Peso' }),
        byName('rotas', { displayName: 'Rotas' }),
        byName('situacao', {
          displayName: 'Situação',
          mappings: [{ type: 'value', options: { 1: { text: 'Em dia', color: 'green', index: 0 } } }],
        }),
        byName('nulo', { displayName: 'Sem valor', noValue: 'sem dados' }),
      ],
    },
    {
      title: 'Cards: colored value',
      description: 'Green below 50, orange below 80, red from 80.',
      queries: [LEVELS],
      options: only('cards'),
      defaults: THRESHOLDS,
    },
    {
      title: 'Cards: background',
      description: 'The same three figures, text readable on each color.',
      queries: [LEVELS],
      options: cards({ colour: 'background' }),
      defaults: THRESHOLDS,
    },
    {
      title: 'Cards: no color',
      description: 'Thresholds are set and paint nothing.',
      queries: [LEVELS],
      options: cards({ colour: 'none' }),
      defaults: THRESHOLDS,
    },
    {
      title: 'Cards: chosen',
      description: 'Two of four fields, in the order of the option.',
      queries: [figures({ a: 1, b: 2, c: 3, d: 4 })],
      options: cards({ fields: ['d', 'b'] }),
    },
    {
      title: 'Cards: least width',
      description: 'Four cards of at least 80 px stand side by side.',
      queries: [figures({ coleta: 12, triagem: 7, rota: 31, entrega: 5 })],
      options: cards({ minWidth: 80 }),
    },
    {
      title: 'Cards: text sizes, centered',
      description: 'Labels of 20 and values of 28 pixels in the middle of their cards.',
      queries: [figures({ rotas: 37, atrasos: 12 })],
      options: cards({ titleSize: 20, valueSize: 28, align: 'center' }),
    },
    {
      title: 'Cards: durations',
      description: 'A known mean, a field chosen as a duration, and one by its unit.',
      queries: [DURATIONS],
      options: only('cards', { data: { durationFields: ['espera'] } }),
      overrides: [byName('rota', { unit: 's' })],
    },
    {
      title: 'Cards: short durations',
      description: 'The two largest units.',
      queries: [DURATIONS],
      options: only('cards', { data: { durationFields: ['espera'] }, cards: { durationFormat: 'short' } }),
      overrides: [byName('rota', { unit: 's' })],
    },
    {
      title: 'Cards: durations by field',
      description: 'ISO 8601 for the panel, the viewer’s language for "espera", plain seconds for "rota".',
      queries: [DURATIONS],
      options: cards({ durationFormat: 'iso' }),
      overrides: [
        byName('espera', { 'custom.duration': 'long' }),
        byName('rota', { 'custom.duration': 'off' }),
      ],
    },
    {
      title: 'Cards: interval',
      description: 'A PostgreSQL interval as text.',
      queries: ["SELECT interval '1 day 00:00:05' AS janela"],
      options: only('cards'),
    },
    {
      title: 'Cards: series',
      description: 'The last value of each series over its sparkline.',
      queries: [HOURS],
      options: only('cards'),
      defaults: { color: { mode: 'palette-classic' } },
      overrides: [byName('ocupacao', { unit: 'percentunit' })],
    },
    {
      title: 'Cards: calculations',
      description: 'The mean of each series, without sparklines.',
      queries: [HOURS],
      options: cards({ calculation: 'mean', sparkline: false }),
      overrides: [byName('ocupacao', { unit: 'percentunit' }), byName('entregas', { decimals: 1 })],
    },
    {
      title: 'Cards: changes',
      description:
        'More deliveries are better, more losses worse, on-time below its target: said by words and arrows.',
      queries: [CHANGES],
      options: only('cards'),
      overrides: CHANGE_FIELDS,
    },
    {
      title: 'Cards: changes in own unit',
      description: 'Percent and difference, no decimals.',
      queries: [CHANGES],
      options: cards({ changeShown: 'both', changeDecimals: 0 }),
      overrides: CHANGE_FIELDS,
    },
    {
      title: 'Cards: previous period by a query',
      description: 'Query B has last week’s figures under the same names.',
      queries: [figures({ entregas: 420, rotas: 30 }), figures({ entregas: 390, rotas: 31 })],
      options: cards({ previousQuery: 'B', changeShown: 'value' }),
    },
    {
      title: 'Cards: change within the series',
      description: 'Against the first value of the series.',
      queries: [HOURS],
      options: cards({ compareWith: ['first'] }),
      overrides: [byName('ocupacao', { unit: 'percentunit' })],
    },
    {
      title: 'Cards: no reference',
      description: 'From 0 there is no percentage, from nothing no change; both say so.',
      queries: [figures({ novos: 12, novos_anterior: 0, vagos: 5, vagos_anterior: null })],
      options: only('cards'),
      overrides: [byName('novos', { displayName: 'Novos' }), byName('vagos', { displayName: 'Vagos' })],
    },
    {
      title: 'Cards: limits from the data',
      description:
        'Columns _aviso and _critico color the cards beside them: within, warning, critical, a share whose low is bad, nothing known, no limits.',
      queries: [LIMITS],
      options: only('cards'),
      overrides: LIMIT_FIELDS,
    },
    {
      title: 'Cards: limits on the background',
      description: 'The same figures; what is not known stays grey.',
      queries: [LIMITS],
      options: cards({ colour: 'background' }),
      overrides: LIMIT_FIELDS,
    },
    {
      title: 'Cards: thresholds over limits',
      description: 'Thresholds by an override win: purple.',
      queries: [figures({ esquecidos: 7, esquecidos_aviso: 1, parados: 7, parados_aviso: 1 })],
      options: only('cards'),
      overrides: [
        byName('esquecidos', {
          color: { mode: 'thresholds' },
          thresholds: {
            mode: 'absolute',
            steps: [
              { value: null, color: 'blue' },
              { value: 5, color: 'purple' },
            ],
          },
        }),
      ],
    },
    {
      title: 'Cards: unknown, own text',
      description: 'NULL with the text of the panel, and with the field’s own.',
      queries: [figures({ quebras: null, quebras_aviso: 1, risco: null })],
      options: only('cards', { titles: { unknown: 'não dá para estimar' } }),
      overrides: [byName('risco', { noValue: 'sem entregas' })],
    },
    {
      title: 'Cards: links',
      description: 'One link: the card is it. Several: a menu.',
      queries: [figures({ esquecidos: 7, esquecidos_critico: 5, parados: 3, abertos: 12 })],
      options: only('cards'),
      overrides: [byName('esquecidos', { links: [LIST] }), byName('parados', { links: [LIST, PLACES] })],
    },
  ],
};
