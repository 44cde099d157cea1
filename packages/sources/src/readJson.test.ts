import fc from 'fast-check';
import jsonata from 'jsonata';
import { readPayload } from './index';
import { JSON_PROFILE, profileOf } from '../test/profiles';

const simple = profileOf(JSON_PROFILE);
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const nested = profileOf(`format: json
carrier: { value: $root.transportadora }
events: [objetos, eventos]
dates: { zone: America/Sao_Paulo }
fields:
  codigo: $parent.codigo
  local: unidade.cidade
  data_atualizacao: quando
  correcao: 'tipo = "EST" ? "anterior"'
status:
  code: tipo
  text: texto
  codes: { ENTREGUE: "01" }
  texts: { POSTADO: [Postado, Coletado] }
`);

test('each step is followed from every value of the one before, and says where', async () => {
  const { events, problems, unknownStatuses } = await readPayload(
    nested,
    json({
      transportadora: 'Rápida',
      objetos: [
        {
          codigo: 'A1',
          eventos: [
            { tipo: '01', texto: 'tanto faz', quando: '2026-11-20T10:00', unidade: { cidade: 'Natal' } },
            { tipo: 'XX', texto: ' POSTÁDO ', quando: '2026-11-20T09:00' },
          ],
        },
        { codigo: 'B2', eventos: { tipo: 'EST', texto: 'Desconsiderar', quando: '2026-11-20T11:00Z' } },
        { codigo: 'C3', eventos: [] },
      ],
    }),
  );
  expect(problems).toEqual([]);
  expect(unknownStatuses.size).toBe(0);
  expect(events).toEqual([
    {
      where: '$.objetos[0].eventos[0]',
      event: {
        transportadora: 'Rápida',
        codigo: 'A1',
        local: 'Natal',
        data_atualizacao: '2026-11-20T13:00:00.000000Z',
        status_rastreamento: 'ENTREGUE',
      },
    },
    {
      where: '$.objetos[0].eventos[1]',
      event: {
        transportadora: 'Rápida',
        codigo: 'A1',
        data_atualizacao: '2026-11-20T12:00:00.000000Z',
        status_rastreamento: 'POSTADO',
      },
    },
    {
      where: '$.objetos[1].eventos',
      event: {
        transportadora: 'Rápida',
        codigo: 'B2',
        data_atualizacao: '2026-11-20T11:00:00.000000Z',
        correcao: 'anterior',
        status_rastreamento: 'Desconsiderar',
      },
    },
  ]);
});

const EVENT = { codigo: 'A1', quando: '2026-11-20T10:00:00Z', situacao: 'Entregue' };

test.each([
  ['no JSON', Buffer.from('{'), /^\$: the payload is not JSON/],
  ['nothing', Buffer.alloc(0), /^\$: the payload is not JSON/],
  [
    'bytes of Latin-1',
    Buffer.from('{"eventos":["S\xe3o"]}', 'latin1'),
    /^the payload: the bytes are not UTF-8.*encoding: latin1/,
  ],
  [
    'half of UTF-16',
    Buffer.from([0xff, 0xfe, 0x41]),
    /^the payload: the bytes begin as UTF-16 and are cut off/,
  ],
  ['no events', json({ evento: [] }), /^\$: teste, line 5 \(events\): eventos finds nothing here/],
  [
    'several values for one field',
    json({ eventos: [{ ...EVENT, codigo: ['A', 'B'] }] }),
    /^\$\.eventos\[0\]: teste, line 7 \(fields\.codigo\): the expression gives 2 values; choose one/,
  ],
  [
    'an object for a text',
    json({ eventos: [{ ...EVENT, situacao: { a: 1 } }] }),
    /^\$\.eventos\[0\]: teste, line 10 \(status\.text\): the expression gives an object/,
  ],
  [
    'no date',
    json({ eventos: [{ ...EVENT, quando: 'ontem' }] }),
    /^\$\.eventos\[0\]: teste, line 8 \(fields\.data_atualizacao\): "ontem" is in none of the formats ISO/,
  ],
])('%s is a problem with its place', async (_title, bytes, message) => {
  const { events, problems } = await readPayload(simple, bytes);
  expect(events).toEqual([]);
  expect(problems.map(({ where, detail }) => `${where}: ${detail}`).join('\n')).toMatch(message);
});

test('one event that cannot be read costs no other', async () => {
  const { events, problems } = await readPayload(
    simple,
    json({ eventos: [EVENT, { ...EVENT, quando: 'x' }, EVENT] }),
  );
  expect(events.map(({ where }) => where)).toEqual(['$.eventos[0]', '$.eventos[2]']);
  expect(problems.map(({ where, field }) => [where, field])).toEqual([['$.eventos[1]', 'data_atualizacao']]);
});

test('unknown words are passed on as they came, and counted by it', async () => {
  const words = ['Signature image recorded', 'Signature image recorded', 'ENTREGUE', 'entregue '];
  const { events, unknownStatuses } = await readPayload(
    simple,
    json({ eventos: words.map((situacao) => ({ ...EVENT, situacao })) }),
  );
  expect(events.map(({ event }) => event.status_rastreamento)).toEqual(words);
  expect([...unknownStatuses]).toEqual([['Signature image recorded', 2]]);
});

test('no digit of a number is lost, and a byte order mark is passed over', async () => {
  for (const encoding of ['utf8', 'utf16le'] as const) {
    const bytes = Buffer.from(
      '\uFEFF{"eventos":{"codigo":900719925474099312345,"quando":1795269600,"situacao":"POSTADO"}}',
      encoding,
    );
    const { events, problems } = await readPayload(simple, bytes);
    expect(problems).toEqual([]);
    expect(events[0]?.event).toMatchObject({
      codigo: '900719925474099312345',
      data_atualizacao: '2026-11-21T14:00:00.000000Z',
    });
  }
});

test('numbers become the texts that the contract wants, but for id_pacote', async () => {
  const numbered = profileOf(
    JSON_PROFILE.replace('  codigo: codigo', '  codigo: codigo\n  id_pacote: codigo'),
  );
  const { events } = await readPayload(numbered, json({ eventos: { ...EVENT, codigo: 1333 } }));
  expect(events[0]?.event).toMatchObject({ codigo: '1333', id_pacote: 1333 });
});

test('a correction of another word is a problem', async () => {
  const correcting = profileOf(
    JSON_PROFILE.replace('  codigo: codigo', '  codigo: codigo\n  correcao: situacao'),
  );
  const { problems } = await readPayload(correcting, json({ eventos: EVENT }));
  expect(problems[0]?.detail).toBe(
    'teste, line 8 (fields.correcao): "Entregue" is no correction; let the expression give "mesmo" or "anterior", or nothing where the event takes none back',
  );
});

const withDescription = (expression: string) =>
  profileOf(
    JSON_PROFILE.replace('  codigo: codigo', `  codigo: codigo\n  descricao: ${JSON.stringify(expression)}`),
  );

test('an expression has no end of its own to wait for, and a payload is never run', async () => {
  const say = async (expression: string) => {
    const { problems } = await readPayload(
      withDescription(expression),
      json({ eventos: [{ ...EVENT, codigo: '1+1' }] }),
    );
    return problems.map(({ field, detail }) => `${field}: ${detail}`).join('\n');
  };
  expect(await say('($f := function($n) { 1 + $f($n + 1) }; $f(0))')).toMatch(
    /^descricao: teste, line 8 \(fields\.descricao\): .*Stack overflow/,
  );
  expect(await say('$count([1..2000000])')).toMatch(/sequence/);
  expect(await say('$eval(codigo)')).toMatch(/\$eval is switched off/);
  expect(await say('$error("não sei")')).toMatch(/não sei/);
});

test('a place is an expression that finds the event again', async () => {
  const tree = fc.array(fc.array(fc.integer(), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
  const byPath = profileOf(JSON_PROFILE.replace('events: eventos', 'events: ["$.a.b", eventos]'));
  await fc.assert(
    fc.asyncProperty(tree, async (lists) => {
      const root = {
        a: lists.map((ids) => ({ b: { eventos: ids.map((id) => ({ ...EVENT, codigo: `N${id}` })) } })),
      };
      const { events, problems } = await readPayload(byPath, json(root));
      expect(problems).toEqual([]);
      expect(events.map(({ event }) => event.codigo)).toEqual(lists.flat().map((id) => `N${id}`));
      for (const { where, event } of events)
        expect([where, await jsonata(`${where}.codigo`).evaluate(root)]).toEqual([where, event.codigo]);
    }),
  );
});

test('no JSON makes it throw, and each thing that steps lead to is an event or a problem', async () => {
  const like = fc.record(
    {
      codigo: fc.jsonValue({ maxDepth: 1 }),
      quando: fc.oneof(fc.constant('2026-11-20T10:00:00Z'), fc.jsonValue({ maxDepth: 1 })),
      situacao: fc.jsonValue({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  );
  const payload = fc.oneof(
    fc.jsonValue(),
    fc.record({ eventos: fc.oneof(fc.jsonValue(), fc.array(like)) }),
    fc.record({
      transportadora: fc.jsonValue(),
      objetos: fc.array(
        fc.record({ codigo: fc.jsonValue(), eventos: fc.oneof(fc.array(like), fc.jsonValue()) }),
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(payload, fc.constantFrom(simple, nested), async (value, profile) => {
      const { events, problems } = await readPayload(profile, json(value));
      for (const { event } of events)
        for (const inner of Object.values(event)) expect(['string', 'number']).toContain(typeof inner);
      for (const { detail } of problems) expect(detail).toMatch(/\w+ \w+/);
      if (
        profile !== simple ||
        typeof value !== 'object' ||
        value === null ||
        Array.isArray(value) ||
        !('eventos' in value)
      )
        return;
      if (!Array.isArray(value.eventos)) return;
      const places = new Set([...events, ...problems].map(({ where }) => where));
      expect(places.size).toBe(value.eventos.length);
    }),
    { numRuns: 500 },
  );
});

test.each(['[', '{"eventos":['])(
  'a payload nested as deeply as %s 100,000 times is read or a problem',
  async (open) => {
    const close = open.startsWith('{') ? ']}' : ']';
    for (const inner of ['1', '1.50']) {
      const bytes = Buffer.from(open.repeat(100_000) + inner + close.repeat(100_000));
      const { events, problems } = await readPayload(simple, bytes);
      expect(events.length + problems.length).toBeGreaterThan(0);
    }
  },
);

test('no bytes make it throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const { events, problems } = await readPayload(simple, bytes);
      expect(events.length + problems.length).toBeGreaterThan(0);
    }),
  );
});
