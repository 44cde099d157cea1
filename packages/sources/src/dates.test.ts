import fc from 'fast-check';
import { DateTime } from 'luxon';
import { ISO, readDate, wrongFormat } from './dates';

const ZONES = [
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Lisbon',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'UTC',
];
const FORMATS = [
  'dd/MM/yyyy HH:mm',
  'd/M/yyyy H:mm:ss',
  'ddMMyyyyHHmm',
  'yyyyMMddHHmmss',
  'MM/dd/yyyy hh:mm a',
  "yyyy-MM-dd'T'HH:mm",
  "dd 'de' MMMM 'de' yyyy HH:mm",
  'dd/MM/yy HH:mm',
];
const zone = fc.constantFrom(...ZONES);
const format = fc.constantFrom(...FORMATS);
const minute = fc
  .integer({ min: Date.UTC(2000, 0, 2) / 60_000, max: Date.UTC(2035, 0, 1) / 60_000 })
  .map((m) => m * 60_000);

function read(text: string, formats: string | readonly string[], rest: object = {}, plain = false): string {
  const result = readDate(text, { formats: [formats].flat(), ...rest }, plain);
  return result.ok ? result.text : `refused: ${result.why}`;
}

test('what a zone’s clocks show is read back, in every format: the first instant at which they show it', () => {
  fc.assert(
    fc.property(minute, zone, format, fc.constantFrom('en', 'pt-BR'), (ms, in_, as, locale) => {
      const local = DateTime.fromMillis(ms, { zone: in_ });
      const text = local.setLocale(locale).toFormat(as);
      const first = Math.min(...local.getPossibleOffsets().map((other) => other.toMillis()));
      expect([text, read(text, as, { zone: in_, locale })]).toEqual([
        text,
        `${new Date(first).toISOString().slice(0, 23)}000Z`,
      ]);
    }),
    { numRuns: 2000 },
  );
});

test('an offset in the text decides, whatever the zone', () => {
  fc.assert(
    fc.property(minute, zone, zone, fc.constantFrom('Z', 'ZZ', 'ZZZ'), (ms, in_, other, offset) => {
      const as = `dd/MM/yyyy HH:mm:ss ${offset}`;
      const text = DateTime.fromMillis(ms, { zone: in_ }).toFormat(as);
      expect(read(text, as, { zone: other })).toBe(`${new Date(ms).toISOString().slice(0, 23)}000Z`);
    }),
  );
});

test.each([
  [
    'the first of the two instants when clocks are put back',
    '17/02/2018 23:30',
    '2018-02-18T01:30:00.000000Z',
  ],
  [
    'nothing when they are put forward past it',
    '04/11/2018 00:30',
    /is not shown by clocks in America\/Sao_Paulo/,
  ],
])('a time without offset is %s', (_title, text, expected) => {
  const found = read(text, 'dd/MM/yyyy HH:mm', { zone: 'America/Sao_Paulo' });
  if (typeof expected === 'string') expect(found).toBe(expected);
  else expect(found).toMatch(expected);
});

const DAY = { zone: 'America/Sao_Paulo' };

test.each([
  ['a day where one is asked for', '20/11/2026', 'dd/MM/yyyy', DAY, true, '2026-11-20'],
  ['a day in ISO', '2026-11-20', ISO, {}, true, '2026-11-20'],
  [
    'a day that stands for noon',
    '20/11/2026',
    'dd/MM/yyyy',
    { ...DAY, timeOfDay: '12:00' },
    false,
    '2026-11-20T15:00:00.000000Z',
  ],
  [
    'a day in ISO that stands for noon',
    '2026-11-20',
    ISO,
    { ...DAY, timeOfDay: '12:00' },
    false,
    '2026-11-20T15:00:00.000000Z',
  ],
  [
    'an instant where a day is asked for',
    '2026-11-20T10:00:00Z',
    ISO,
    {},
    true,
    '2026-11-20T10:00:00.000000Z',
  ],
  [
    'microseconds and an RFC 9557 zone',
    '2026-11-20T10:00:00.123456[America/Sao_Paulo]',
    ISO,
    {},
    false,
    '2026-11-20T13:00:00.123456Z',
  ],
  ['Unix time', '1795269600', ISO, {}, false, '2026-11-21T14:00:00.000000Z'],
  [
    'the second format',
    '20/11/2026 10:00',
    [ISO, 'dd/MM/yyyy HH:mm'],
    DAY,
    false,
    '2026-11-20T13:00:00.000000Z',
  ],
] as const)('%s', (_title, text, formats, rest, plain, expected) => {
  expect(read(text, formats, rest, plain)).toBe(expected);
});

test.each([
  ['a day without an hour', '20/11/2026', 'dd/MM/yyyy', DAY, /has no time of day; timeOfDay of the profile/],
  ['a time without zone', '20/11/2026 10:00', 'dd/MM/yyyy HH:mm', {}, /has no offset.*zone of the profile/],
  ['an ISO time without zone', '2026-11-20T10:00', ISO, {}, /has no offset.*zone of the profile/],
  [
    'a day that does not exist',
    '31/02/2026',
    'dd/MM/yyyy',
    { timeOfDay: '12:00' },
    /is in none of the formats dd\/MM\/yyyy/,
  ],
  [
    'another format',
    'amanhã',
    [ISO, 'dd/MM/yyyy'],
    DAY,
    /is in none of the formats ISO, dd\/MM\/yyyy .* add its format/,
  ],
] as const)('%s is refused', (_title, text, formats, rest, message) => {
  expect(read(text, formats, rest)).toMatch(message);
});

test('formats that are used above are none that a profile may not have', () => {
  for (const one of [...FORMATS, ISO, 'dd/MM/yyyy', 'kkkk-WW-E HH:mm', 'yyyy-ooo'])
    expect([one, wrongFormat(one)]).toEqual([one, null]);
});

test('no text makes it throw, and what it refuses it explains', () => {
  const almost = fc.string({ unit: fc.constantFrom(...'0123456789/-: TZ+.'), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), fc.boolean(), (text, plain) => {
      const result = readDate(text, { formats: [ISO, ...FORMATS], zone: 'America/Sao_Paulo' }, plain);
      if (!result.ok) expect(result.why).toMatch(/\w+ \w+/);
      else expect(result.text).toMatch(/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z)?$/);
    }),
    { numRuns: 1000 },
  );
});
