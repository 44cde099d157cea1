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
        const [days = 0, hours = 0, minutes = 0, rest = 0] = (match ?? [])
          .slice(1)
          .map((part) => Number(part ?? 0));
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

describe('formats', () => {
  it.each([
    [204_120, '2 days, 08:42:00', '2 d 8 h', 'P2DT8H42M'],
    [86_400, '1 day, 00:00:00', '1 d', 'P1D'],
    [86_460, '1 day, 00:01:00', '1 d', 'P1DT1M'],
    [2525, '00:42:05', '42 min 5 s', 'PT42M5S'],
    [0, '00:00:00', '0 s', 'PT0S'],
    [-90_000, '-1 day, 01:00:00', '-1 d 1 h', '-P1DT1H'],
    [null, 'N/A', 'N/A', 'N/A'],
  ])('%p: long, short, ISO', (seconds, long, short, iso) => {
    expect(formatDuration(seconds, 'long', 'en-US')).toBe(long);
    expect(formatDuration(seconds, 'short', 'en-US')).toBe(short);
    expect(formatDuration(seconds, 'iso', 'en-US')).toBe(iso);
  });

  it("has the words of the viewer's language", () => {
    expect(formatDuration(204_120, 'long', 'pt-BR')).toBe('2 dias, 08:42:00');
    expect(formatDuration(204_120, 'pt', 'en-US')).toBe('2 dias, 08:42:00');
  });

  it('ISO says back the whole seconds it was given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
        const match = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
          formatDuration(seconds, 'iso', 'en-US')
        );
        const [days = 0, hours = 0, minutes = 0, rest = 0] = (match ?? [])
          .slice(1)
          .map((part) => Number(part ?? 0));
        expect(days * 86_400 + hours * 3600 + minutes * 60 + rest).toBe(seconds);
      })
    );
  });

  it('short never says more than there is, and less than its second unit is missing', () => {
    const sizes: Record<string, number> = { d: 86_400, h: 3600, min: 60, s: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
        const parts = [...formatDuration(seconds, 'short').matchAll(/(\d+) (d|h|min|s)/g)];
        const said = parts.reduce(
          (sum, [, count, unit]) => sum + Number(count) * (sizes[unit ?? ''] ?? 0),
          0
        );
        const largest = sizes[parts[0]?.[2] ?? ''] ?? 0;
        expect(said).toBeLessThanOrEqual(seconds);
        // Half a largest unit would have shown in the second.
        expect(seconds - said).toBeLessThan(Math.max(1, largest / 2));
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
