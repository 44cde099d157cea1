import fc from 'fast-check';
import { stack } from './stack';

const items = fc.array(
  fc.record({
    top: fc.double({ min: -500, max: 500, noNaN: true }),
    height: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 30 }
);

describe('stack', () => {
  it('keeps order and room, without overlap', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 400 }), (given, spare) => {
        const needed = given.reduce((sum, { height }) => sum + height, 0);
        const tops = stack(given, 0, needed + spare).map(({ top }) => top);
        given.forEach(({ height }, index) => {
          expect(tops[index]).toBeGreaterThanOrEqual(-1e-9);
          expect((tops[index] ?? 0) + height).toBeLessThanOrEqual((tops[index + 1] ?? needed + spare) + 1e-9);
        });
      })
    );
  });

  it('moves nothing that has its place, and shares out what is too near', () => {
    expect(
      stack(
        [
          { top: 0, height: 10 },
          { top: 50, height: 10 },
          { top: 54, height: 10 },
        ],
        -100,
        100
      ).map(({ top }) => top)
    ).toEqual([0, 47, 57]);
  });

  it('tells who stands shoulder to shoulder, at the edge too', () => {
    const groups = stack(
      [
        { top: -200, height: 10 },
        { top: -150, height: 10 },
        { top: 50, height: 10 },
      ],
      -100,
      100
    ).map(({ group }) => group);
    expect(groups[0]).toBe(groups[1]);
    expect(groups[2]).not.toBe(groups[0]);
  });
});
