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
        expect(arcs.reduce((sum, { start, end }) => sum + end - start, 0)).toBeCloseTo(
          drawable ? TURN : 0,
          9
        );
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

  it('draws 100,000 among thirty of one as what they are', () => {
    const [first] = arcsOf([100_000, ...Array.from({ length: 30 }, () => 1)]);
    expect((first?.end ?? 0) / TURN).toBeCloseTo(100_000 / 100_030, 12);
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
      fc.property(
        counts,
        fc.double({ min: 0, max: 5000, noNaN: true }),
        fc.boolean(),
        (values, outer, donut) => {
          for (const arc of arcsOf(values)) {
            expect(arcPath(arc, donut ? outer / 2 : 0, outer)).not.toMatch(/NaN|Infinity|e[+-]?\d/);
          }
        }
      )
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
