import fc from 'fast-check';
import { FlatEventReader } from './flatEvent';

const NAMES = [
  ...['id_pacote', 'origem', 'destino', 'status_rastreamento', 'data_atualizacao'],
  ...['codigo', 'transportadora', 'servico', 'local', 'codigo_evento', 'descricao', 'prazo', 'prazo_em'],
];
const blank = fc.constantFrom('', '', '', ' ', '  ', '\t', '\n');
const text = fc.oneof(
  fc.constantFrom('Natal', 'São Paulo', 'ENTREGUE', '2026-01-31T08:15:00Z', '', 'x'.repeat(200)),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
/** Of the same text in several ways: as JSON writes it, and as Python does. */
const asciiOnly = (json: string) =>
  json.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const quoted = fc
  .tuple(text, fc.boolean())
  .map(([value, plain]) => (plain ? JSON.stringify(value) : asciiOnly(JSON.stringify(value))));
const number = fc.oneof(
  fc.integer({ min: 1 }).map(String),
  fc.constantFrom('0', '01', '-1', '1.0', '1e3', '999999999999999', '9007199254740993', '123456789012345678'),
);
const value = fc.oneof(
  { weight: 8, arbitrary: quoted },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom('null', 'true', '[]', '{}', '"a\tb"', '"\\x"', '"\\', '""x') },
);
const member = fc
  .tuple(
    fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: text }),
    value,
    blank,
  )
  .map(([name, json, space]) => `${JSON.stringify(name)}:${space}${json}`);
const plain = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 14 }), fc.array(quoted, { minLength: 4, maxLength: 4 }))
  .map(([id, texts]) => [String(id), ...texts].map((json, i) => `"${NAMES[i]}":${json}`));
const json = fc
  .tuple(fc.oneof(plain, fc.array(member, { maxLength: 8 })), blank, blank)
  .map(([members, space, end]) => `${space}{${members.join(`,${space}`)}}${end}`);
/** Whole, or with a byte changed or what is behind it cut off. */
const bytes = fc.oneof(
  { weight: 3, arbitrary: json.map((whole) => Buffer.from(whole)) },
  {
    weight: 1,
    arbitrary: fc.tuple(json, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([whole, at, byte]) => {
      const changed = Buffer.from(whole);
      changed[at % changed.length] = byte;
      return changed;
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(json, fc.nat()).map(([whole, at]) => {
      const all = Buffer.from(whole);
      return all.subarray(0, at % all.length);
    }),
  },
);

test('what is read from bytes is what JSON.parse makes of them, and no number in it was changed', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 5 }), (messages) => {
      const reader = new FlatEventReader();
      // Twice: the second time from memory.
      for (const message of [...messages, ...messages]) {
        const event = reader.read(message);
        // In the midst of others, as they are fetched: nothing of those is read.
        const fetched = Buffer.concat([...messages, message, ...messages]);
        const from = messages.reduce((sum, { length }) => sum + length, 0);
        expect(reader.read(fetched, from, from + message.length)).toEqual(event);
        if (event === undefined) continue;
        taken++;
        const json = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(message);
        // toEqual passes over fields that are undefined.
        expect(event).toEqual(JSON.parse(json));
        if (event.id_pacote !== undefined) expect(json).toContain(String(event.id_pacote));
      }
    }),
    { numRuns: 4_000 },
  );
  expect(taken).toBeGreaterThan(1_000);
});

test('events are taken as senders write them', () => {
  const reader = new FlatEventReader();
  const event = {
    id_pacote: 1333,
    origem: 'Natal',
    destino: 'Paraíba "Sul" \\ 1',
    status_rastreamento: 'ENTREGUE',
    data_atualizacao: '2026-01-31T08:15:00Z',
  };
  const json = JSON.stringify(event);
  const pythons = asciiOnly(json).replaceAll('":', '": ').replaceAll(',"', ', "');
  for (const message of [json, pythons, json]) expect(reader.read(Buffer.from(message))).toEqual(event);
  const coded = {
    transportadora: 'CORREIOS',
    codigo: 'AA123456785BR',
    ...event,
    local: 'CTE',
    prazo: '2026-02-01',
  };
  expect(reader.read(Buffer.from(JSON.stringify(coded)))).toEqual(coded);
});

test.each([
  ['a name twice', '{"id_pacote":1,"id_pacote":2}'],
  ['a number of more digits than a double keeps', '{"id_pacote":9007199254740993}'],
  ['a fraction', '{"id_pacote":1.5}'],
  ['a number as a code', '{"codigo":913000101}'],
  ['an unknown name', '{"hub":"CTE"}'],
  ['a correction', '{"correcao":"mesmo"}'],
  ['no object', '["origem"]'],
  ['more behind it', '{"origem":"a"}{}'],
  ['nothing', ''],
])('%s is left to JSON.parse', (_name, json) => {
  expect(new FlatEventReader().read(Buffer.from(json))).toBeUndefined();
});

test('more texts than are remembered are still read right', () => {
  const reader = new FlatEventReader();
  for (let i = 0; i < 25_000; i++) {
    const event = { origem: `Vila ${i}`, destino: `Vila ${i * 7}` };
    expect(reader.read(Buffer.from(JSON.stringify(event)))).toEqual(event);
  }
});
