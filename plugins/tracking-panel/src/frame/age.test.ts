import fc from 'fast-check';
import { ageParts, nextChange, untilOld } from './age';

describe('age', () => {
  it.each([
    [-5, 0, 'second'],
    [0, 0, 'second'],
    [59.9, 59, 'second'],
    [60, 1, 'minute'],
    [119, 1, 'minute'],
    [3_599, 59, 'minute'],
    [3_600, 1, 'hour'],
    [86_399, 23, 'hour'],
    [86_400, 1, 'day'],
    [864_000, 10, 'day'],
  ])('%s s is %s %s', (seconds, value, unit) => {
    expect(ageParts(seconds)).toEqual({ value, unit });
  });

  it('says something else after the time it tells, and not before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        const wait = nextChange(seconds) / 1000;
        expect(ageParts(seconds + wait)).not.toEqual(ageParts(seconds));
        expect(ageParts(seconds + wait - 1)).toEqual(ageParts(seconds));
      })
    );
  });
});

describe('old', () => {
  it.each([
    [10, 0, false, undefined],
    [10, 30, false, 20_000],
    [30, 30, false, 0],
    [90, 30, false, 0],
    [1, 30, true, 0],
    [1, 0, true, 0],
  ])('%s s old, old after %s s, failed %s: in %s ms', (age, after, failed, expected) => {
    expect(untilOld(age, after, failed)).toBe(expected);
  });
});
