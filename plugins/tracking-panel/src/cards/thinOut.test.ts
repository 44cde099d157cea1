import { FieldType } from '@grafana/data';
import fc from 'fast-check';
import { thinOut } from './thinOut';

const COLUMNS = 20;

const sparkline = (points: ReadonlyArray<readonly [number, number | null]>) => ({
  x: { name: 'time', type: FieldType.time, config: {}, values: points.map(([x]) => x) },
  y: { name: 'y', type: FieldType.number, config: {}, values: points.map(([, y]) => y) },
});

const pointsOf = ({ x, y }: ReturnType<typeof thinOut>): Array<[number, number | null]> =>
  y.values.map((value: number | null, index: number) => [Number(x?.values[index]), value]);

const series = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.option(fc.integer(), { freq: 20 })), {
    minLength: 200,
    maxLength: 400,
    selector: ([x]) => x,
  })
  .map((points) => points.sort(([a], [b]) => a - b));

/** What a column of pixels shows: where its line begins and ends, how far it goes, whether it is broken. */
function drawn(points: ReadonlyArray<readonly [number, number | null]>, from: number, to: number) {
  const columns = new Map<number, Array<number | null>>();
  for (const [x, y] of points) {
    const column = Math.floor(((x - from) / (to - from)) * COLUMNS);
    columns.set(column, [...(columns.get(column) ?? []), y]);
  }
  return [...columns].map(([column, values]) => {
    const numbers = values.filter((value) => value !== null);
    return [
      column,
      values[0],
      values.at(-1),
      Math.min(...numbers),
      Math.max(...numbers),
      values.includes(null),
    ];
  });
}

describe('thinOut', () => {
  it('keeps what every column of pixels shows, in order, with few points', () => {
    fc.assert(
      fc.property(series, (points) => {
        const thin = pointsOf(thinOut(sparkline(points), COLUMNS));
        const [from = 0, to = 0] = [points[0]?.[0], points.at(-1)?.[0]];
        expect(drawn(thin, from, to)).toEqual(drawn(points, from, to));
        expect(thin.length).toBeLessThanOrEqual(5 * (COLUMNS + 1));
        expect(thin.map(([x]) => x)).toEqual([...new Set(thin.map(([x]) => x))].sort((a, b) => a - b));
      })
    );
  });

  it('leaves few points alone, and those of one instant', () => {
    const few = sparkline([
      [0, 1],
      [1, 2],
    ]);
    expect(thinOut(few, COLUMNS)).toBe(few);
    const atOnce = sparkline(Array.from({ length: 500 }, (_, index) => [7, index] as const));
    expect(thinOut(atOnce, COLUMNS)).toBe(atOnce);
  });
});
