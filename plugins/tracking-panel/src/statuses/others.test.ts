import fc from 'fast-check';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame, THEME, withOverrides } from '../test/frames';
import { type TrackingOptions } from '../types';
import { buildModel } from '../frame/model';
import { OTHERS_ID } from './others';
import { OTHERS_COLOR } from './palette';
import { type SliceSet } from './types';

beforeAll(fillRegistries);

type Rows = Parameters<typeof statusFrame>[0];

function statusesOf(
  rows: Rows,
  options: TrackingOptions,
  config: Parameters<typeof statusFrame>[1] = {}
): SliceSet {
  const model = buildModel(withOverrides([statusFrame(rows, config)]), options, THEME);
  if (model.kind !== 'ready' || !model.statuses) {
    throw new Error('expected statuses');
  }
  return model.statuses;
}

const shown = ({ gathered }: SliceSet) =>
  gathered.map(({ label, value, percent }) => [label, value, percent]);
const keep = (
  others: Partial<TrackingOptions['others']>,
  sort: TrackingOptions['pie']['sort'] = 'valueDesc'
) => optionsWith({ others, pie: { sort } });

describe('gathered statuses', () => {
  it('are none while each can be seen, or where that is asked for', () => {
    const set = statusesOf(ORIGINAL, optionsWith());
    expect(set.gathered).toEqual(set.slices);
    const tiny = statusesOf(
      [
        ['A', 1000],
        ['B', 1],
        ['C', 1],
      ],
      keep({ minShare: 0 })
    );
    expect(tiny.gathered).toEqual(tiny.slices);
  });

  it('are those below half a percent, unasked', () => {
    const rows: Rows = [
      ['A', 9_900],
      ['B', 50],
      ['C', 49],
      ['D', 1],
    ];
    expect(shown(statusesOf(rows, optionsWith()))).toEqual([
      ['A', 9_900, 99],
      ['B', 50, 0.5],
      ['Outros', 50, 0.5],
    ]);
  });

  it.each<[string, Rows]>([
    [
      'statuses without packages',
      [
        ['A', 10],
        ['B', 0],
        ['C', 0],
        ['D', -1],
      ],
    ],
    [
      'all of them, where none is large',
      Array.from({ length: 50 }, (__, index) => [`S${index}`, 1] as const),
    ],
    [
      'one small status beside such',
      [
        ['A', 1000],
        ['B', 1],
        ['C', 0],
        ['D', 0],
      ],
    ],
  ])('are not %s', (_, rows) => {
    const set = statusesOf(rows, optionsWith({ others: { minShare: 3 } }));
    expect(set.gathered).toEqual(set.slices);
  });

  it('are all but the largest, under one name with their sum; the list of statuses stays whole', () => {
    const set = statusesOf(ORIGINAL, keep({ top: 3 }));
    expect(shown(set)).toEqual([
      ['ENTREGUE', 15, 51.7],
      ['EM ROTA DE ENTREGA', 5, 17.2],
      ['EXTRAVIADO', 5, 17.2],
      ['Outros', 4, 13.9],
    ]);
    const others = set.gathered.at(-1);
    expect(others).toMatchObject({ id: OTHERS_ID, valueText: '4', color: OTHERS_COLOR });
    expect(others?.parts?.map(({ id }) => id)).toEqual(['CANCELADO', 'AGUARDANDO RETIRADA', 'EM TRÂNSITO']);
    expect(set.slices).toHaveLength(6);
  });

  it('are those below the least share', () => {
    expect(shown(statusesOf(ORIGINAL, keep({ minShare: 5 }))).map(([label]) => label)).toEqual([
      'ENTREGUE',
      'EM ROTA DE ENTREGA',
      'EXTRAVIADO',
      'CANCELADO',
      'Outros',
    ]);
  });

  it('are those that either rule names', () => {
    expect(shown(statusesOf(ORIGINAL, keep({ top: 2, minShare: 1 })))).toHaveLength(3);
    expect(shown(statusesOf(ORIGINAL, keep({ top: 5, minShare: 10 })))).toHaveLength(4);
  });

  it.each(['valueAsc', 'name', 'query'] as const)('stand last when sorted %s', (sort) => {
    expect(
      statusesOf(ORIGINAL, keep({ top: 3 }, sort))
        .gathered.map(({ id }) => id)
        .indexOf(OTHERS_ID)
    ).toBe(3);
  });

  it('are not one status alone, which would only lose its name', () => {
    expect(shown(statusesOf(ORIGINAL, keep({ top: 5 })))).toHaveLength(6);
  });

  it('are all beyond a hundred, unasked', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => [`S${index}`, 20_000 - index] as const);
    const set = statusesOf(rows, optionsWith());
    expect(set.gathered).toHaveLength(101);
    expect(set.gathered.at(-1)?.parts).toHaveLength(9_900);
    expect(set.slices).toHaveLength(10_000);
  });

  it('list counts of zero and less, which add nothing', () => {
    const rows: Rows = [...ORIGINAL, ['PARADO', 0], ['ESTORNO', -4]];
    const others = statusesOf(rows, keep({ minShare: 5 })).gathered.at(-1);
    expect(others).toMatchObject({ value: 2, percent: 7 });
    expect(others?.parts?.map(({ id }) => id)).toEqual([
      'AGUARDANDO RETIRADA',
      'EM TRÂNSITO',
      'PARADO',
      'ESTORNO',
    ]);
  });

  it('take the name of the options and the color of a value mapping', () => {
    const mappings = [{ type: 'value' as never, options: { Demais: { color: 'purple', index: 0 } } }];
    const options = optionsWith({ others: { top: 3 }, titles: { others: 'Demais' } });
    expect(statusesOf(ORIGINAL, options, { statusConfig: { mappings } }).gathered.at(-1)).toMatchObject({
      label: 'Demais',
      color: THEME.visualization.getColorByName('purple'),
    });
  });

  it('lose no package and no percent, whatever the counts', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.integer({ min: -5, max: 1000 })), {
      minLength: 1,
      maxLength: 30,
      selector: ([status]) => status,
    });
    fc.assert(
      fc.property(
        rows.filter((all) => all.some(([, count]) => count > 0)),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 100 }),
        (all, top, minShare) => {
          const set = statusesOf(all, keep({ top, minShare }));
          const leaves = set.gathered.flatMap((slice) => slice.parts ?? [slice]);
          expect(new Set(leaves)).toEqual(new Set(set.slices));
          const sum = (of: (slice: (typeof leaves)[number]) => number) =>
            set.gathered.reduce((total, slice) => total + of(slice), 0);
          expect(sum(({ value }) => Math.max(0, value))).toBe(set.total);
          expect(sum(({ percent }) => percent)).toBeCloseTo(100, 6);
          const ids = set.gathered.map(({ id }) => id);
          expect(ids.indexOf(OTHERS_ID)).toBe(ids.includes(OTHERS_ID) ? ids.length - 1 : -1);
        }
      )
    );
  });
});
