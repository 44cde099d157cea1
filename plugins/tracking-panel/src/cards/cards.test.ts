import {
  type DataFrame,
  type FieldConfigSource,
  FieldType,
  formattedValueToString,
  ThresholdsMode,
  toDataFrame,
} from '@grafana/data';
import { type CardOptions } from './types';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith, ORIGINAL, statusFrame, THEME, withOverrides } from '../test/frames';
import { type Card } from './cards';
import { buildModel } from '../frame/model';

beforeAll(fillRegistries);

const HOUR = 3_600_000;

const seriesFrame = (
  values: Array<number | null>,
  name = 'por_hora',
  times = values.map((_, index) => index * HOUR)
) =>
  toDataFrame({
    refId: 'S',
    fields: [
      { name: 'time', type: FieldType.time, values: times },
      { name, type: FieldType.number, values },
    ],
  });

function cardsOf(
  frames: DataFrame[],
  cards: Partial<CardOptions> = {},
  fieldConfig?: FieldConfigSource
): Card[] {
  const model = buildModel(withOverrides(frames, fieldConfig), optionsWith({ cards }), THEME);
  if (model.kind !== 'ready') {
    throw new Error(`expected cards, got ${model.kind}`);
  }
  return model.cards;
}

const override = (name: string, properties: Record<string, unknown>): FieldConfigSource => ({
  defaults: {},
  overrides: [
    {
      matcher: { id: 'byName', options: name },
      properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
    },
  ],
});

const texts = (cards: Card[]) => cards.map(({ value }) => [value.title, formattedValueToString(value)]);

describe('series', () => {
  it('is a card of its last value, with the series under it, whatever the order of the rows', () => {
    const [card] = cardsOf([seriesFrame([30, 10, 20], 'por_hora', [3 * HOUR, HOUR, 2 * HOUR])]);
    expect(card && texts([card])).toEqual([['por_hora', '30']]);
    expect(card?.sparkline?.y.values).toEqual([10, 20, 30]);
    expect(card?.sparkline?.x?.values).toEqual([HOUR, 2 * HOUR, 3 * HOUR]);
    expect(card?.sparkline?.y.state?.range).toEqual({ min: 10, max: 30, delta: 20 });
  });

  it.each([
    ['lastNotNull', '20'],
    ['last', 'sem dados'],
    ['first', '10'],
    ['min', '10'],
    ['max', '30'],
    ['mean', '20'],
    ['sum', '60'],
    ['diff', '10'],
  ])('is reduced by %s', (calculation, text) => {
    expect(texts(cardsOf([seriesFrame([10, 30, 20, null])], { calculation }))).toEqual([['por_hora', text]]);
  });

  it('has no line where it is switched off, or of one point', () => {
    expect(cardsOf([seriesFrame([1, 2])], { sparkline: false })[0]?.sparkline).toBeUndefined();
    expect(cardsOf([seriesFrame([1])])[0]?.sparkline).toBeUndefined();
  });

  it('keeps its card while it has no rows', () => {
    expect(texts(cardsOf([statusFrame(ORIGINAL), seriesFrame([])])).at(-1)).toEqual([
      'por_hora',
      'sem dados',
    ]);
  });

  it('reads intervals, which SQL data sources deliver as text', () => {
    const frame = toDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [1, 2] },
        { name: 'espera', type: FieldType.string, values: ['01:00:00', '1 day 02:00:00'] },
      ],
    });
    expect(texts(cardsOf([frame], { calculation: 'sum' }))).toEqual([['espera', '1 dia, 03:00:00']]);
  });
});

describe('which fields', () => {
  it('takes no rows of categories unasked, but a field of them by name', () => {
    const routes = toDataFrame({
      refId: 'R',
      fields: [
        { name: 'rota', type: FieldType.string, values: ['A', 'B'] },
        { name: 'atrasados', type: FieldType.number, values: [3, 4] },
      ],
    });
    expect(cardsOf([statusFrame(ORIGINAL), routes]).map(({ kind }) => kind)).toEqual(['total']);
    expect(
      texts(cardsOf([statusFrame(ORIGINAL), routes], { fields: ['atrasados'], calculation: 'sum' }))
    ).toEqual([['atrasados', '7']]);
  });

  it('follows the chosen names and their order, by display name too', () => {
    const frames = [statusFrame(ORIGINAL), kpiFrame({ a: 1, b: 2, c: 3 })];
    const config = override('b', { displayName: 'Bê' });
    expect(texts(cardsOf(frames, { fields: ['c', 'Bê'] }, config))).toEqual([
      ['c', '3'],
      ['Bê', '2'],
    ]);
  });

  it('leaves out what an override hides', () => {
    const config = override('a', { 'custom.hideFrom': { viz: true, legend: false, tooltip: false } });
    expect(texts(cardsOf([kpiFrame({ a: 1, b: 2 })], {}, config))).toEqual([['b', '2']]);
  });
});

describe('durations', () => {
  const frames = [kpiFrame({ tempo_medio_segundos: 204_120 })];

  it.each([
    ['pt', '2 dias, 08:42:00'],
    ['long', '2 days, 08:42:00'],
    ['short', '2 d 8 h'],
    ['iso', 'P2DT8H42M'],
  ] as const)('format %s for all', (durationFormat, text) => {
    expect(texts(cardsOf(frames, { durationFormat }))[0]?.[1]).toBe(text);
  });

  it('format of a field wins; so does being none', () => {
    const own = (duration: string) => override('tempo_medio_segundos', { 'custom.duration': duration });
    expect(texts(cardsOf(frames, {}, own('short')))[0]?.[1]).toBe('2 d 8 h');
    expect(texts(cardsOf(frames, {}, own('off')))[0]?.[1]).toBe('204120');
    expect(
      texts(cardsOf([kpiFrame({ x: 61 })], {}, override('x', { 'custom.duration': 'iso' })))[0]?.[1]
    ).toBe('PT1M1S');
  });
});

describe('changes', () => {
  const against = (cards: Card[]) => cards.map(({ changes }) => changes.map((change) => change.against));

  it('come from columns beside the value, which are no cards', () => {
    const cards = cardsOf([kpiFrame({ n: 12, n_anterior: 10, n_meta: 8, outro_meta: 1 })]);
    expect(texts(cards)).toEqual([
      ['n', '12'],
      ['outro_meta', '1'],
    ]);
    expect(cards[0]?.changes).toMatchObject([
      { against: 'previous', direction: 'up', percent: 20, differenceText: '+2', referenceText: '10' },
      { against: 'target', percent: 50, differenceText: '+4' },
    ]);
  });

  it('come from the query of the previous period, reduced alike, of which no cards are made', () => {
    const previous = { ...seriesFrame([1, 2, 5]), refId: 'P' };
    const cards = cardsOf([seriesFrame([4, 5, 6]), previous], { previousQuery: 'P', calculation: 'max' });
    expect(texts(cards)).toEqual([['por_hora', '6']]);
    expect(cards[0]?.changes).toMatchObject([{ against: 'previous', percent: 20 }]);
  });

  it('never take the statuses of the previous period for those of today', () => {
    const model = buildModel(
      withOverrides([statusFrame([['A', 1]], { refId: 'P' }), statusFrame([['A', 2]], { refId: 'Q' })]),
      optionsWith({ cards: { previousQuery: 'P' } }),
      THEME
    );
    expect(model.kind === 'ready' && model.statuses?.total).toBe(2);
  });

  it('a column wins over a query', () => {
    const cards = cardsOf([kpiFrame({ n: 12, n_previous: 10 }), kpiFrame({ n: 6 }, {}, 'P')], {
      previousQuery: 'P',
    });
    expect(cards[0]?.changes).toMatchObject([{ percent: 20 }]);
  });

  it('are shown as far as the options ask', () => {
    const frames = [kpiFrame({ n: 12, n_anterior: 10, n_meta: 8 })];
    expect(against(cardsOf(frames, { compareWith: [] }))).toEqual([[]]);
    expect(against(cardsOf(frames, { compareWith: ['target'] }))).toEqual([['target']]);
    expect(against(cardsOf([seriesFrame([1, 2])], { compareWith: ['first'] }))).toEqual([['first']]);
    expect(against(cardsOf([kpiFrame({ n: 1 })], { compareWith: ['first'] }))).toEqual([[]]);
  });

  it('say durations as durations and shares in points', () => {
    const frames = [kpiFrame({ tempo_medio: 180_000, tempo_medio_anterior: 204_120 })];
    expect(cardsOf(frames)[0]?.changes).toMatchObject([{ differenceText: '-06:42:00', verdict: 'better' }]);
    const [share] = cardsOf(
      [kpiFrame({ p: 0.934, p_anterior: 0.91 })],
      {},
      override('p', { unit: 'percentunit' })
    );
    expect(share?.changes[0]?.points).toBeCloseTo(2.4);
  });

  it('know which way is good from the field', () => {
    const verdict = (betterIs: string) =>
      cardsOf([kpiFrame({ n: 12, n_anterior: 10 })], {}, override('n', { 'custom.betterIs': betterIs }))[0]
        ?.changes[0]?.verdict;
    expect([verdict('auto'), verdict('lower'), verdict('higher'), verdict('neither')]).toEqual([
      undefined,
      'worse',
      'better',
      undefined,
    ]);
  });

  it('stay, without a number, where there is nothing to compare with', () => {
    const [change] = cardsOf([kpiFrame({ n: 12, n_anterior: null })])[0]?.changes ?? [];
    expect(change).toMatchObject({ against: 'previous' });
    expect(change?.direction).toBeUndefined();
  });
});

it('takes the color of thresholds, of the reduced value', () => {
  const steps = [
    { value: Number.NEGATIVE_INFINITY, color: 'red' },
    { value: 15, color: 'green' },
  ];
  const config = override('por_hora', {
    color: { mode: 'thresholds' },
    thresholds: { mode: ThresholdsMode.Absolute, steps },
  });
  const color = (values: number[]) => cardsOf([seriesFrame(values)], {}, config)[0]?.value.color;
  expect(color([20, 10])).toBe(THEME.visualization.getColorByName('red'));
  expect(color([10, 20])).toBe(THEME.visualization.getColorByName('green'));
});
