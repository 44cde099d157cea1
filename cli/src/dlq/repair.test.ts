import { createDecoder, DEFAULT_RULES, DETAIL_FIELDS } from '@rastreio/contract';
import fc from 'fast-check';
import { anyBody } from '@rastreio/testing/bodies';
import { createRepair, FIELDS, type RepairOptions } from './repair';

const EVENT = {
  id_pacote: 1333,
  origem: 'São Paulo',
  destino: 'Paraíba',
  status_rastreamento: 'ENTREGUE',
  data_atualizacao: '2025-10-13T17:40:00Z',
};
const CLEAN = { ...EVENT, data_atualizacao: '2025-10-13T17:40:00.000000Z' };
const ALL = {
  id_pacote: '1333',
  origem: 'São Paulo',
  destino: 'Paraíba',
  status_rastreamento: 'entregue',
  data_atualizacao: '2025-10-13T17:40:00Z',
};
const CSV = {
  'csv.colunas': '["destino","id_pacote","origem","x","status_rastreamento","data_atualizacao"]',
  'csv.separador': ';',
  'csv.codificacao': 'utf-8',
};

const repair = (valor: Buffer | string | null, options: Partial<RepairOptions> = {}, cabecalhos = {}) =>
  createRepair({ rules: DEFAULT_RULES, ...options })({
    topico: 'csv.colunas' in cabecalhos ? 'csv:a.csv#0' : 'eventos_rastreamento',
    valor: typeof valor === 'string' ? Buffer.from(valor) : valor,
    cabecalhos,
  });
const json = (changes: object) => JSON.stringify({ ...EVENT, ...changes });
const sent = { ok: true, event: CLEAN };
const refused = (reason: string) => ({ ok: false, rejections: [{ reason }] });

test('without corrections it says what the contract says, for any bytes up to the size limit', () => {
  const decode = createDecoder({ ...DEFAULT_RULES, now: () => 1_800_000_000_000 });
  const rules = { ...DEFAULT_RULES, now: () => 1_800_000_000_000 };
  fc.assert(
    fc.property(anyBody, ({ bytes }) => {
      fc.pre(bytes.length <= 65_536);
      expect(repair(bytes, { rules })).toEqual(decode(bytes));
    }),
    { numRuns: 300 },
  );
});

test.each<[string, Buffer | string | null, Partial<RepairOptions>]>([
  ['a field set', json({ origem: undefined }), { set: { origem: ' São  Paulo ' } }],
  [
    'several fields set',
    json({ id_pacote: -1, destino: 7 }),
    { set: { id_pacote: '1333', destino: 'Paraíba' } },
  ],
  [
    'a naive timestamp',
    json({ data_atualizacao: '2025-10-13T14:40:00' }),
    { rules: { ...DEFAULT_RULES, naiveTimezone: 'America/Sao_Paulo' } },
  ],
  ['Latin-1', Buffer.from(json({}), 'latin1'), { encoding: 'latin1' }],
  ['UTF-8 stays UTF-8 among Latin-1', json({}), { encoding: 'latin1' }],
  ['too large because of other keys', json({ photo: 'x'.repeat(100_000) }), {}],
  ['a tombstone with every field given', null, { set: ALL }],
  ['no JSON, with every field given', '{"id', { set: ALL }],
])('%s is repaired', (_, valor, options) => {
  expect(repair(valor, options)).toEqual(sent);
});

test.each<[string, Buffer | string | null, Partial<RepairOptions>, string]>([
  ['Latin-1 without being told so', Buffer.from(json({}), 'latin1'), {}, 'invalid_utf8'],
  ['a tombstone', null, { set: { origem: 'x' } }, 'tombstone'],
  ['no JSON', '{"id', { set: { origem: 'x' } }, 'invalid_json'],
  ['an array', `[${json({})}]`, { set: ALL }, 'not_an_object'],
  ['a wrong correction', json({}), { set: { data_atualizacao: 'yesterday' } }, 'invalid_timestamp'],
])('%s stays rejected', (_, valor, options, reason) => {
  expect(repair(valor, options)).toMatchObject(refused(reason));
});

describe('a line of a CSV file', () => {
  const LINE = '"Paraíba";1333;São Paulo;;ENTREGUE;2025-10-13T17:40:00Z';

  test('is read by the columns that were kept with it', () => {
    expect(repair(LINE, {}, CSV)).toEqual(sent);
    expect(repair(LINE.replace('1333', '-'), { set: { id_pacote: '1333' } }, CSV)).toEqual(sent);
  });
  test('is read in the encoding of its file, or in the one given', () => {
    const latin1 = Buffer.from(LINE, 'latin1');
    expect(repair(latin1, {}, { ...CSV, 'csv.codificacao': 'latin1' })).toEqual(sent);
    expect(repair(latin1, { encoding: 'latin1' }, CSV)).toEqual(sent);
    expect(repair(latin1, {}, CSV)).toMatchObject(refused('invalid_utf8'));
  });
  test.each([
    ['broken quotes', '"Paraíba;1333'],
    ['text after a quote', '"a"b;1333'],
    ['too many values', `${LINE};more`],
    ['two rows', `${LINE}\n${LINE}`],
    ['nothing', ''],
  ])('with %s says to correct it in the reject file', (_, line) => {
    const result = repair(line, {}, CSV);
    expect(result).toMatchObject(refused('not_an_object'));
    expect(repair(line, { set: ALL }, CSV)).toEqual(sent);
  });
  test('kept without its columns says so', () => {
    const letter = { topico: 'csv:a.csv#0', valor: Buffer.from(LINE), cabecalhos: {} };
    const result = createRepair({ rules: DEFAULT_RULES })(letter);
    expect(result).toMatchObject(refused('not_an_object'));
    expect(JSON.stringify(result)).toContain('reject file');
  });
});

test('the fields are those of the contract', () => {
  expect(FIELDS).toEqual([...Object.keys(EVENT), ...DETAIL_FIELDS]);
});
