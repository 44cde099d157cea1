import fc from 'fast-check';
import { windowOf } from './legendWindow';

const heights = fc.array(fc.constantFrom(24, 40), { maxLength: 200 });
const pixels = fc.integer({ min: 0, max: 6000 });
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe('windowOf', () => {
  it('draws all that is in sight, and keeps the whole height', () => {
    fc.assert(
      fc.property(heights, pixels, fc.integer({ min: 0, max: 900 }), (items, scrolled, height) => {
        // A browser does not scroll further.
        const scrollTop = Math.min(scrolled, Math.max(0, sum(items) - height));
        const { first, end, before, after } = windowOf(items, scrollTop, height);
        expect(before).toBe(sum(items.slice(0, first)));
        expect(after).toBe(sum(items.slice(end)));
        expect(before).toBeLessThanOrEqual(scrollTop);
        expect(sum(items) - after).toBeGreaterThanOrEqual(Math.min(sum(items), scrollTop + height));
      })
    );
  });

  it('draws few of many', () => {
    const { first, end } = windowOf(Array<number>(100).fill(24), 1200, 200);
    expect(end - first).toBeLessThan(40);
    expect(windowOf([], 0, 200)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });
});
