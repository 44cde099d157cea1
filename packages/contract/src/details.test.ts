import fc from 'fast-check';
import { cleanCode, foldText } from './clean';
import { createDecoder } from './decode';
import { parcelKey } from './naming';
import { endOfDay } from './timeZone';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const decode = createDecoder({ now: () => NOW, maxFutureSkewMs: 24 * 3_600_000 });
const sent = (event: object) => decode(Buffer.from(JSON.stringify(event)));
const AT = { status_rastreamento: 'ENTREGUE', data_atualizacao: '2025-10-12T08:15:00Z' };
const PLAIN = { id_pacote: 1333, origem: 'Natal', destino: 'Paraíba', ...AT };
const CODED = { transportadora: 'Correios', codigo: 'AA123456785BR', ...AT };
const CLEAN = { ...AT, data_atualizacao: '2025-10-12T08:15:00.000000Z' };

test.each<[string, object, object]>([
  ['five fields, as ever', PLAIN, { ...PLAIN, ...CLEAN }],
  [
    'nothing said in the optional fields',
    { ...PLAIN, codigo: null, local: '', descricao: ' \t', prazo: null },
    { ...PLAIN, ...CLEAN },
  ],
  [
    'a parcel by carrier and tracking number',
    CODED,
    { ...CLEAN, transportadora: 'CORREIOS', codigo: 'AA123456785BR' },
  ],
  [
    'spaces, case and accents of a name',
    { ...CODED, transportadora: ' São  Luíz ', codigo: ' aa 123 456 785 br ' },
    { ...CLEAN, transportadora: 'SAO LUIZ', codigo: 'AA123456785BR' },
  ],
  [
    'a tracking number as a number',
    { ...CODED, codigo: 913000101 },
    { ...CLEAN, transportadora: 'CORREIOS', codigo: '913000101' },
  ],
  [
    'one place',
    { ...CODED, origem: 'Natal' },
    { ...CLEAN, transportadora: 'CORREIOS', codigo: 'AA123456785BR', origem: 'Natal' },
  ],
  [
    'no number and no places where a tracking number is there',
    { ...CODED, id_pacote: null, origem: null, destino: '' },
    { ...CLEAN, transportadora: 'CORREIOS', codigo: 'AA123456785BR' },
  ],
  [
    'both names, without places',
    { id_pacote: '7', ...CODED },
    { ...CLEAN, id_pacote: 7, transportadora: 'CORREIOS', codigo: 'AA123456785BR' },
  ],
  [
    'a tracking number without its carrier beside a number',
    { ...PLAIN, codigo: 'x1' },
    { ...PLAIN, ...CLEAN, codigo: 'X1' },
  ],
  [
    'everything',
    {
      ...CODED,
      servico: 'SEDEX',
      local: ' CTE  Natal',
      codigo_evento: 1,
      descricao: 'Objeto entregue',
      prazo: '2025-10-13',
      correcao: 'mesmo',
    },
    {
      ...CLEAN,
      transportadora: 'CORREIOS',
      codigo: 'AA123456785BR',
      servico: 'SEDEX',
      local: 'CTE Natal',
      codigo_evento: '1',
      descricao: 'Objeto entregue',
      prazo: '2025-10-13',
      correcao: 'mesmo',
    },
  ],
  [
    'a promised instant',
    { ...PLAIN, prazo: '2025-10-13T18:00:00-03:00' },
    { ...PLAIN, ...CLEAN, prazo: '2025-10-13T21:00:00.000000Z' },
  ],
  [
    'a promise that was said at another moment',
    { ...PLAIN, prazo: '2025-10-13', prazo_em: '2025-10-10T09:00:00-03:00' },
    { ...PLAIN, ...CLEAN, prazo: '2025-10-13', prazo_em: '2025-10-10T12:00:00.000000Z' },
  ],
])('accepted: %s', (_name, event, expected) => {
  expect(sent(event)).toEqual({ ok: true, event: expected });
});

test.each<[string, object, string, string, RegExp]>([
  [
    'neither name',
    AT,
    'missing_field',
    'id_pacote',
    /id_pacote is missing; send a whole number .*, or transportadora and codigo/,
  ],
  ['no places beside a number', { id_pacote: 1, ...AT }, 'missing_field', 'origem', /origem is missing/],
  [
    'a tracking number without its carrier',
    { codigo: 'X1', ...AT },
    'missing_field',
    'transportadora',
    /transportadora is missing; send the carrier/,
  ],
  [
    'a name of 65 characters',
    { ...CODED, codigo: 'x'.repeat(65) },
    'too_long',
    'codigo',
    /is too long; send a tracking number of 1 to 64/,
  ],
  [
    'a carrier that is a number',
    { ...CODED, transportadora: 5 },
    'wrong_type',
    'transportadora',
    /5 has the wrong type/,
  ],
  [
    'a promise that is no day',
    { ...PLAIN, prazo: '2025-02-30' },
    'invalid_timestamp',
    'prazo',
    /"2025-02-30" is a day or a time that does not exist/,
  ],
  [
    'a promise of another century',
    { ...PLAIN, prazo: '2199-01-01' },
    'out_of_range',
    'prazo',
    /ten years ahead/,
  ],
  [
    'a promise in nobody’s order',
    { ...PLAIN, prazo: '01/02/2026' },
    'invalid_timestamp',
    'prazo',
    /nobody knows which/,
  ],
  [
    'a moment of a promise, and no promise',
    { ...PLAIN, prazo: ' ', prazo_em: '2025-10-10T09:00:00Z' },
    'out_of_range',
    'prazo_em',
    /says when a promise was made, and prazo, the promise, is not there; send an ISO 8601 instant/,
  ],
  [
    'a promise that will be said',
    { ...PLAIN, prazo: '2025-10-13', prazo_em: '2999-01-01T00:00:00Z' },
    'future_timestamp',
    'prazo_em',
    /lies in the future; send an ISO 8601 instant/,
  ],
  [
    'an unknown correction',
    { ...PLAIN, correcao: true },
    'wrong_type',
    'correcao',
    /true has the wrong type; send "mesmo"/,
  ],
])('refused: %s', (_name, event, reason, field, detail) => {
  const result = sent(event);
  if (result.ok) throw new Error('accepted');
  expect(result.rejections[0]).toEqual({ reason, field, detail: expect.stringMatching(detail) as string });
});

test('a tracking number of any length keeps its digits', () => {
  const digits = '98765432109876543210';
  const event = `{"codigo": ${digits}, "transportadora": "x", "status_rastreamento": "A", "data_atualizacao": "2026-01-01T00:00:00Z"}`;
  expect(decode(Buffer.from(event))).toMatchObject({ ok: true, event: { codigo: digits } });
});

test('a code that comes as a number is the text that was sent, whatever stands beside it', () => {
  const event = `{"id_pacote": 1, "origem": "a", "destino": "b", "codigo": 7.0, "codigo_evento": 1.0, "status_rastreamento": "A", "data_atualizacao": "2026-01-01T00:00:00Z"}`;
  expect(decode(Buffer.from(event))).toMatchObject({
    ok: true,
    event: { codigo: '7.0', codigo_evento: '1.0' },
  });
});

test('events of one parcel have one key, however its name is written', () => {
  const key = (change: object) => {
    const result = sent({ ...CODED, ...change });
    if (!result.ok) throw new Error('refused');
    return parcelKey(result.event);
  };
  expect(key({})).toBe('CORREIOS/AA123456785BR');
  expect(key({ transportadora: 'CORREIOS ', codigo: 'aa 123456785 br' })).toBe(key({}));
  expect(key({ transportadora: 'Jadlog' })).not.toBe(key({}));
  expect(key({ id_pacote: 5 })).toBe('5');
});

test('folding and cleaning of codes are idempotent, for any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      if (!text.isWellFormed()) return;
      expect(foldText(foldText(text))).toBe(foldText(text));
      expect(cleanCode(cleanCode(text))).toBe(cleanCode(text));
      expect(foldText(` ${text.toLowerCase()}`)).toBe(foldText(foldText(text.toLowerCase())));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['2026-11-30', 'America/Sao_Paulo', '2026-12-01T02:59:59.999999Z'],
  // The clocks went forward at the midnight after it.
  ['2017-10-14', 'America/Sao_Paulo', '2017-10-15T02:59:59.999999Z'],
  ['2026-11-30', 'UTC', '2026-11-30T23:59:59.999999Z'],
])('the end of %s in %s', (day, zone, end) => {
  expect(endOfDay(day, zone)).toBe(end);
});
