import fc from 'fast-check';
import { createDecoder } from './decode';
import { parseJson, readWholeNumber, SentNumber } from './number';
import { showValue } from './rejection';

const decode = createDecoder({ now: () => Date.UTC(2026, 10, 23), maxFutureSkewMs: 0 });
const withId = (id: string) =>
  decode(
    Buffer.from(
      `{"id_pacote":${id},"origem":"Natal","destino":"Acre","status_rastreamento":"POSTADO","data_atualizacao":"2026-10-13T17:40:00Z"}`,
    ),
  );

const digits = fc
  .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 22 })
  .map((list) => list.join('').replace(/^0+(?=\d)/, ''));
const decimal = fc.record({
  sign: fc.constantFrom('', '', '-'),
  whole: digits,
  decimals: fc.oneof(
    fc.constantFrom('', '.0', '.000', '.5', '.6', '.00000000000000000001'),
    digits.map((d) => `.${d}`),
  ),
  exponent: fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat({ max: 30 }))
        .map(([e, n]) => `${e}${n}`),
    },
  ),
});

/** By whole numbers of any size: the value times 10 to the power of the decimals. */
function exactly({
  sign,
  whole,
  decimals,
  exponent,
}: {
  sign: string;
  whole: string;
  decimals: string;
  exponent: string;
}) {
  const places = decimals.slice(1);
  const power = Number(exponent.replace(/e/i, '') || '0') - places.length;
  const scaled = BigInt(whole + places) * (power > 0 ? 10n ** BigInt(power) : 1n);
  const divisor = power < 0 ? 10n ** BigInt(-power) : 1n;
  return scaled % divisor === 0n ? (sign === '-' ? -1n : 1n) * (scaled / divisor) : null;
}

test('a parcel’s number in JSON is taken as it was sent, or refused with it', () => {
  fc.assert(
    fc.property(decimal, (parts) => {
      const text = Object.values(parts).join('');
      const value = exactly(parts);
      const result = withId(text);
      if (value !== null && value >= 1n && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
        expect(result).toMatchObject({ ok: true, event: { id_pacote: Number(value) } });
      } else {
        expect(result).toMatchObject({
          ok: false,
          rejections: [{ field: 'id_pacote', reason: value === null ? 'wrong_type' : 'out_of_range' }],
        });
        if (!result.ok) expect(result.rejections[0].detail).toContain(`id_pacote ${text} `);
      }
    }),
    { numRuns: 2000 },
  );
});

test('as text it is the same number, without sign and exponent', () => {
  fc.assert(
    fc.property(decimal, ({ sign, whole, decimals, exponent }) => {
      const text = `${sign}${whole}${decimals}${exponent}`;
      const [asNumber, asText] = [withId(text), withId(JSON.stringify(` 00${text}\u200b`))];
      if (sign === '' && exponent === '') expect(asText.ok).toBe(asNumber.ok);
      else expect(asText).toMatchObject({ ok: false, rejections: [{ field: 'id_pacote' }] });
      if (asText.ok && asNumber.ok) expect(asText).toEqual(asNumber);
    }),
    { numRuns: 1000 },
  );
});

test('numbers that JavaScript would write in another way are kept as they were sent', () => {
  for (const text of ['9007199254740990.6', '1e400', '-0', '123456789012345678', '1.0', '1E5', '1.50'])
    for (const json of [text, `[${text} ]`, `{"a":{"b":[1,${text}]}}`])
      expect(showValue(parseJson(json))).toBe(json.replaceAll(' ', ''));
  expect(parseJson('[1,-2.5,"1.0",{"__proto__":1e400}]')).toEqual([
    1,
    -2.5,
    '1.0',
    { ['__proto__']: new SentNumber('1e400') },
  ]);
});

test('any JSON is read as JSON.parse reads it, numbers aside', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const plain = JSON.stringify(JSON.parse(json));
      expect(JSON.stringify(JSON.parse(showAll(parseJson(json))))).toBe(plain);
    }),
    { numRuns: 2000 },
  );
  const twice = '{"id_pacote":1e400,"id_pacote":2.0}';
  expect(parseJson(twice)).toEqual({ id_pacote: new SentNumber('2.0') });
  expect(parseJson(`\uFEFF${twice}`)).toEqual(parseJson(twice));
  for (const broken of ['', '{', '[1,]', '01', '{"a":1e}', 'NaN', '\uFEFF\uFEFF1'])
    expect(() => parseJson(broken)).toThrow(SyntaxError);
  expect(() => parseJson(`${'['.repeat(30_000)}1e400${']'.repeat(30_000)}`)).toThrow('nested too deeply');
});

function showAll(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => (v instanceof SentNumber ? Number(v.text) : v));
}

test('what is no decimal number is none', () => {
  for (const text of [
    '',
    ' ',
    '1 ',
    '0x10',
    '1_000',
    '1,5',
    '١',
    'NaN',
    'Infinity',
    '.5',
    '5.',
    '+5',
    '1e',
    '--1',
  ])
    expect(readWholeNumber(text)).toBeNull();
});
