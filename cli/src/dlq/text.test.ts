import fc from 'fast-check';
import { printable, printableJson } from '@rastreio/runtime';
import { parseTime } from '../common/parse';
import { showBytes } from '../common/shown';
import { formatPlace, parsePlace } from './place';

// What a terminal may obey or what changes the order in which text is shown.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u009b',
      '\u0007',
      '\r',
      '\n',
      '\u202e',
      '\u2028',
      '\ud800',
      '"',
      '\\',
      'é',
      '🚚',
    ),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  ),
});

test('printable text has nothing that a terminal obeys, and leaves the rest as it is', () => {
  fc.assert(fc.property(nasty, (text) => void expect(printable(text)).not.toMatch(UNSAFE)));
  expect(printable('São Paulo 🚚 "x" \\')).toBe('São Paulo 🚚 "x" \\');
  expect(printable(`\u001b]0;owned\u0007\n\u202e\ud800${String.fromCodePoint(0xe0041)}`)).toBe(
    '\\u001b]0;owned\\u0007\\n\\u202e\\ud800\\udb40\\udc41',
  );
});

test('printable JSON is the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(nasty, nasty), (value) => {
      const text = printableJson(value);
      expect(text).not.toMatch(UNSAFE);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('bytes are shown as text, or in hexadecimal where they are none, up to a length', () => {
  expect(showBytes(null, 9)).toBeNull();
  expect(showBytes(Buffer.from('é'), 9)).toEqual({ encoding: 'utf-8', text: 'é', bytes: 2, cut: false });
  expect(showBytes(Buffer.from([0xff, 0x41, 0x42]), 2)).toEqual({
    encoding: 'hex',
    text: 'ff41',
    bytes: 3,
    cut: true,
  });
});

test('a place is read as it is written, whatever the topic', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((t) => t.trimStart() === t),
      fc.nat({ max: 999_999_999 }),
      fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
      fc.integer({ min: 1, max: 999_999_999 }),
      (topico, particao, offset, vida) => {
        const place = { topico, particao, deslocamento: String(offset), vida };
        expect(parsePlace(formatPlace(place))).toEqual(place);
      },
    ),
  );
  for (const wrong of ['', 'a', 'a:1', 'a:1:x', ':1:2', 'a:-1:2', 'a:1:2.5', 'a:1:2@'])
    expect(() => parsePlace(wrong)).toThrow('TOPIC:PARTITION:OFFSET');
});

test('times are instants, dates or durations since', () => {
  expect(parseTime('2026-11-23T08:15:00-03:00')).toBe('2026-11-23T11:15:00.000000Z');
  expect(parseTime('2026-11-23')).toBe('2026-11-23T00:00:00.000000Z');
  for (const [text, ms] of [
    ['90s', 90_000],
    ['2h', 7_200_000],
    ['1.5d', 129_600_000],
    ['1w', 604_800_000],
  ] as const) {
    const passed = Date.now() - Date.parse(parseTime(text));
    expect(Math.abs(passed - ms)).toBeLessThan(60_000);
  }
  for (const wrong of [
    '',
    'yesterday',
    '2h ago',
    '-2h',
    '2026-11-23T08:15:00',
    '2026-02-30',
    '99999999999999999d',
  ])
    expect(() => parseTime(wrong)).toThrow('Use an instant');
});
