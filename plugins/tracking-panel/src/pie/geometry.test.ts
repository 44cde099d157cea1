import fc from 'fast-check';
import { arcPath, arcsOf, fitsInside, midpoint } from './geometry';

const TURN = 2 * Math.PI;
const counts = fc.array(fc.oneof(fc.nat(), fc.double(), fc.constant(0)), { maxLength: 50 });

describe('arcsOf', () => {
  it('covers the circle once, without gaps, whatever the values', () => {
    fc.assert(
      fc.property(counts, (values) => {
        const arcs = arcsOf(values);
        const drawable = values.some((value) => Number.isFinite(value) && value > 0);
        expect(arcs).toHaveLength(values.length);
        expect(arcs.reduce((sum, { start, end }) => sum + end - start, 0)).toBeCloseTo(drawable ? TURN : 0, 9);
        arcs.forEach(({ start, end }, index) => {
          expect(end).toBeGreaterThanOrEqual(start);
          expect(start).toBe(index === 0 ? 0 : (arcs[index - 1]?.end ?? Number.NaN));
        });
      })
    );
  });

  it('gives each value its share of the turn', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 30 }), (values) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        arcsOf(values).forEach(({ start, end }, index) => {
          expect((end - start) / TURN).toBeCloseTo((values[index] ?? 0) / total, 9);
        });
      })
    );
  });
});

describe('arcsOf with a least angle', () => {
  const widths = (values: number[], minAngle: number) => arcsOf(values, minAngle).map(({ start, end }) => end - start);
  const angle = fc.double({ min: 0, max: 1, noNaN: true });

  it('still covers the circle once and keeps the order of the values', () => {
    fc.assert(
      fc.property(counts, angle, (values, minAngle) => {
        const got = widths(values, minAngle);
        const drawable = values.some((value) => Number.isFinite(value) && value > 0);
        expect(got.reduce((sum, width) => sum + width, 0)).toBeCloseTo(drawable ? TURN : 0, 9);
        values.forEach((value, i) => {
          expect(got[i]).toBeGreaterThanOrEqual(0);
          values.forEach((other, j) => {
            if (value > other && Number.isFinite(value)) {
              expect((got[i] ?? 0) - (got[j] ?? 0)).toBeGreaterThanOrEqual(-1e-9);
            }
          });
        });
      })
    );
  });

  it('raises each small slice to it while all raised get a quarter of the turn at most, and no other one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
        (values, minAngle) => {
          const got = widths(values, minAngle);
          const total = values.reduce((sum, value) => sum + value, 0);
          // 30 slices of 0.05 rad are less than a quarter of the turn.
          expect(Math.min(...got)).toBeGreaterThanOrEqual(Math.min(minAngle, TURN / values.length) - 1e-9);
          const large = values.flatMap((value, index) => ((got[index] ?? 0) > minAngle + 1e-9 ? [index] : []));
          // The others keep their proportions among themselves.
          large.forEach((index) => {
            expect((got[index] ?? 0) / (values[index] ?? 1)).toBeCloseTo(
              (got[large[0] ?? 0] ?? 0) / (values[large[0] ?? 0] ?? 1),
              9
            );
            expect(got[index] ?? 0).toBeLessThanOrEqual(((values[index] ?? 0) / total) * TURN + 1e-9);
          });
        }
      )
    );
  });

  it('makes a slice of one in a million wide enough, and a hundred of them no wider than a quarter', () => {
    expect(widths([1e6, 1], 0.04)[1]).toBeCloseTo(0.04, 9);
    const many = widths([1e6, ...Array.from({ length: 100 }, () => 1)], 0.04);
    expect(many[0]).toBeCloseTo((3 / 4) * TURN, 9);
    expect(many[1]).toBeCloseTo(TURN / 400, 9);
  });
});

describe('arcPath', () => {
  it('starts at twelve and runs clockwise', () => {
    expect(arcPath({ start: 0, end: Math.PI / 2 }, 0, 100)).toBe('M0,-100A100,100,0,0,1,100,0L0,0Z');
    expect(arcPath({ start: 0, end: Math.PI / 2 }, 50, 100)).toBe(
      'M0,-100A100,100,0,0,1,100,0L50,0A50,50,0,0,0,0,-50Z'
    );
  });

  it('draws a single slice as a whole disc or ring', () => {
    expect(arcPath({ start: 0, end: TURN }, 0, 10).match(/A/g)).toHaveLength(2);
    expect(arcPath({ start: 0, end: TURN }, 5, 10).match(/A/g)).toHaveLength(4);
  });

  it('draws nothing for a slice without packages or without room', () => {
    expect(arcPath({ start: 1, end: 1 }, 0, 10)).toBe('');
    expect(arcPath({ start: 0, end: 1 }, 0, 0)).toBe('');
  });

  it('never writes a number that SVG cannot read', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 5000, noNaN: true }), fc.boolean(), (values, outer, donut) => {
        for (const arc of arcsOf(values)) {
          expect(arcPath(arc, donut ? outer / 2 : 0, outer)).not.toMatch(/NaN|Infinity|e[+-]?\d/);
        }
      })
    );
  });
});

describe('fitsInside', () => {
  it('only says yes for boxes whose corners are in the sector', () => {
    const quarter = { start: 0, end: Math.PI / 2 };
    expect(fitsInside(quarter, 0, 100, 68, 30, 15)).toBe(true);
    expect(fitsInside(quarter, 0, 100, 68, 120, 15)).toBe(false);
    expect(fitsInside({ start: 0, end: 0.05 }, 0, 100, 68, 30, 15)).toBe(false);
    expect(fitsInside({ start: 0, end: TURN }, 0, 100, 0, 60, 15)).toBe(true);
  });

  it('puts the middle of an arc on its radius', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: TURN, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (end, radius) => {
          const { x, y } = midpoint({ start: 0, end }, radius);
          expect(Math.hypot(x, y)).toBeCloseTo(radius, 6);
        }
      )
    );
  });
});
