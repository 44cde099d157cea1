import fc from 'fast-check';
import { formatDuration, parseInterval } from './duration';

describe('formatDuration', () => {
  it.each([
    [204_120, '2 dias, 08:42:00'],
    [97_200, '1 dia, 03:00:00'],
    [31_320, '08:42:00'],
    [0, '00:00:00'],
    [86_399.999, '23:59:59'],
    [86_400, '1 dia, 00:00:00'],
    [-61, '-00:01:01'],
    [-0.4, '00:00:00'],
    [null, 'N/A'],
    [undefined, 'N/A'],
    [Number.NaN, 'N/A'],
    [Number.POSITIVE_INFINITY, 'N/A'],
  ])('shows %p as %p', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('says back the whole seconds it was given', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (seconds) => {
        const match = /^(?:(\d+) dias?, )?(\d\d):([0-5]\d):([0-5]\d)$/.exec(formatDuration(seconds));
        const [days = 0, hours = 0, minutes = 0, rest = 0] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
        expect(hours).toBeLessThan(24);
        expect(days * 86_400 + hours * 3600 + minutes * 60 + rest).toBe(Math.floor(seconds));
      })
    );
  });

  it('uses the singular for one day only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 86_400, max: 1e9 }), (seconds) => {
        expect(/\bdia\b/.test(formatDuration(seconds))).toBe(Math.floor(seconds / 86_400) === 1);
      })
    );
  });
});

describe('parseInterval', () => {
  it.each([
    ['2 days 08:42:00', 204_120],
    ['1 day', 86_400],
    ['08:42:00', 31_320],
    ['-00:10:00.5', -600.5],
    ['-1 days +02:00:00', -79_200],
    ['100:00:00', 360_000],
    ['ENTREGUE', undefined],
    ['', undefined],
    ['12', undefined],
    ['1 mon 2 days', undefined],
  ])('reads %p as %p', (text, seconds) => {
    expect(parseInterval(text)).toBe(seconds);
  });
});
