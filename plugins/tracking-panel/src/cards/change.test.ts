import fc from 'fast-check';
import { changeOf } from './change';

it.each([
  [12, 10, 'up', 20],
  [8, 10, 'down', -20],
  [10, 10, 'same', 0],
  [-5, -10, 'up', 50],
  [5, 0, 'up', undefined],
  [0, 0, 'same', undefined],
])('%p after %p: %s, %p %%', (value, reference, direction, percent) => {
  expect(changeOf(value, reference, 'previous', 'neither')).toMatchObject({ direction, percent });
});

it.each([
  [Number.NaN, 1],
  [1, Number.NaN],
  [Number.POSITIVE_INFINITY, 1],
  [1, Number.NEGATIVE_INFINITY],
])('%p after %p: nothing to say', (value, reference) => {
  expect(changeOf(value, reference, 'previous', 'lower')).toBeUndefined();
});

it.each([
  ['previous', 'lower', 8, 'better'],
  ['previous', 'lower', 12, 'worse'],
  ['previous', 'higher', 12, 'better'],
  ['previous', 'higher', 8, 'worse'],
  ['previous', 'lower', 10, undefined],
  ['target', 'lower', 10, 'better'],
  ['target', 'higher', 10, 'better'],
  ['target', 'neither', 12, undefined],
] as const)('%s, better is %s, %p against 10: %p', (against, betterIs, value, verdict) => {
  expect(changeOf(value, 10, against, betterIs)?.verdict).toBe(verdict);
});

it('never shows a percentage that is no number, and its sign is that of the difference', () => {
  const any = fc.double();
  fc.assert(
    fc.property(any, any, (value, reference) => {
      const change = changeOf(value, reference, 'previous', 'higher');
      if (change?.percent !== undefined) {
        expect(Number.isFinite(change.percent)).toBe(true);
        expect(Math.sign(change.percent) * Math.sign(change.difference)).toBeGreaterThanOrEqual(0);
      }
    })
  );
});
