import fc from 'fast-check';
import { largestRemainderShares } from './percent';

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const values = fc.array(fc.double({ min: -10, noNaN: false }), { maxLength: 60 });
const decimals = fc.integer({ min: 0, max: 3 });

describe('largestRemainderShares', () => {
  it("gives the original's shares with one decimal", () => {
    expect(largestRemainderShares([15, 5, 5, 2, 1, 1], 1)).toEqual([517, 172, 172, 69, 35, 35]);
  });

  it.each([
    [[1, 1, 1], 0, [34, 33, 33]],
    [[], 1, []],
    [[0, 0], 1, [0, 0]],
    [[Number.NaN, -3, 2], 0, [0, 0, 100]],
    [[1e308, 1e308], 1, [500, 500]],
  ])('rounds %j to %i decimals', (given, places, expected) => {
    expect(largestRemainderShares(given, places)).toEqual(expected);
  });

  it('sums to exactly 100 as soon as anything counts', () => {
    fc.assert(
      fc.property(values, decimals, (given, places) => {
        const counts = given.some((value) => Number.isFinite(value) && value > 0);
        expect(sum(largestRemainderShares(given, places))).toBe(counts ? 100 * 10 ** places : 0);
      })
    );
  });

  it('stays within one unit of the exact share and never inverts an order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 40 }),
        decimals,
        (given, places) => {
          const shares = largestRemainderShares(given, places);
          const total = sum(given) || 1;
          given.forEach((value, i) => {
            expect(Math.abs((shares[i] ?? 0) - (value / total) * 100 * 10 ** places)).toBeLessThan(1);
            given.forEach((other, j) => {
              if (value > other) {
                expect(shares[i] ?? 0).toBeGreaterThanOrEqual(shares[j] ?? 0);
              }
            });
          });
        }
      )
    );
  });

  it('takes more values than a call may have arguments', () => {
    expect(sum(largestRemainderShares(Array<number>(300_000).fill(1), 1))).toBe(1000);
  });
});
