import fc from 'fast-check';
import { DateTime } from 'luxon';
import { formatTimestamp, parseTimestamp } from './timestamp';

const read = (text: string, zone?: string) => {
  const parsed = parseTimestamp(text, zone);
  return parsed.ok ? parsed.utc : `${parsed.problem}: ${parsed.why}`;
};
const instant = fc.date({ min: new Date('2000-01-02'), max: new Date('2035-01-01'), noInvalidDate: true });
const ZONES = [
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Lisbon',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC',
];
const zone = fc.constantFrom(...ZONES);

test('an instant is the same in whatever form it is written', () => {
  const dates = ['yyyy-MM-dd', 'yyyyMMdd', "kkkk-'W'WW-c", "kkkk'W'WWc", 'yyyy-ooo', 'yyyyooo'];
  const times = ['HH:mm:ss', 'HHmmss'];
  const offsets = ['ZZ', 'ZZZ', ' ZZ', ' ZZZ', "ZZ'['z']'", "'['z']'"];
  fc.assert(
    fc.property(
      instant,
      zone,
      fc.constantFrom(...dates),
      fc.constantFrom('T', 't', ' '),
      fc.constantFrom(...times),
      fc.constantFrom('', '.SSS', ',SSS'),
      fc.constantFrom(...offsets),
      (date, in_, day, separator, time, fraction, offset) => {
        const local = DateTime.fromJSDate(date, { zone: in_ });
        // An hour that clocks show twice is told by its offset alone.
        const first = parseTimestamp(local.toFormat("yyyy-MM-dd'T'HH:mm:ss"), in_);
        fc.pre(
          offset.includes('Z') ||
            (first.ok && Date.parse(first.utc) === Math.floor(date.getTime() / 1000) * 1000),
        );
        const text = local.toFormat(`${day}'${separator}'${time}${fraction}${offset}`, { locale: 'en' });
        const ms = fraction === '' ? Math.floor(date.getTime() / 1000) * 1000 : date.getTime();
        expect([text, read(text)]).toEqual([text, formatTimestamp(ms)]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('Unix time is read in the unit that gives a year from 2000 to 2099, as number or text', () => {
  fc.assert(
    fc.property(instant, (date) => {
      const ms = date.getTime();
      for (const text of [
        `${ms}`,
        `${ms}000`,
        `${ms}000000`,
        `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`,
      ])
        expect([text, read(text)]).toEqual([text, formatTimestamp(ms)]);
      expect(read(String(Math.floor(ms / 1000)))).toBe(formatTimestamp(Math.floor(ms / 1000) * 1000));
    }),
  );
});

test('a time without offset is what the zone’s clocks show, and later ones are never earlier', () => {
  const wall = fc.integer({ min: Date.UTC(2000, 0, 2) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 });
  // Around changes of the clocks: any minute of the two days about one.
  const nearChange = fc
    .tuple(
      fc.constantFrom(
        '2017-10-15',
        '2018-02-18',
        '2018-11-04',
        '2025-03-09',
        '2025-11-02',
        '2025-10-26',
        '2026-04-05',
      ),
      fc.integer({ min: -1440, max: 1440 }),
    )
    .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) / 60_000 + minutes);
  const minute = fc.oneof(wall, nearChange);
  const form = "yyyy-MM-dd'T'HH:mm";
  const show = (m: number) => DateTime.fromMillis(m * 60_000, { zone: 'utc' }).toFormat(form);
  let gaps = 0;
  fc.assert(
    fc.property(minute, fc.nat({ max: 180 }), zone, (m, later, in_) => {
      const [a, b] = [parseTimestamp(show(m), in_), parseTimestamp(show(m + later), in_)];
      for (const [parsed, text] of [
        [a, show(m)],
        [b, show(m + later)],
      ] as const) {
        if (parsed.ok) expect(DateTime.fromISO(parsed.utc, { zone: in_ }).toFormat(form)).toBe(text);
        else {
          gaps++;
          expect(parsed.why).toMatch(/put forward/);
          // By the rules of the zone there really is no such time.
          expect(DateTime.fromISO(text, { zone: in_ }).toFormat(form)).not.toBe(text);
        }
      }
      if (a.ok && b.ok) expect(a.utc <= b.utc).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(gaps).toBeGreaterThan(0);
});

test('no text makes it throw, and what it refuses it explains', () => {
  const almost = fc.string({
    unit: fc.constantFrom(...'0123456789-:.,TtZzW+ []/America\u2212'),
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      fc.oneof(almost, fc.string({ unit: 'binary' })),
      fc.constantFrom(undefined, ...ZONES),
      (text, in_) => {
        const parsed = parseTimestamp(text, in_);
        if (parsed.ok) expect(parsed.utc).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        else expect(parsed.why).toMatch(/^\w+ \w+/);
      },
    ),
    { numRuns: 2000 },
  );
});
