import fc from 'fast-check';
import { readPayload } from './index';
import { profileOf } from '../test/profiles';

const profile = profileOf(`format: fixed
carrier: { value: $parent.nome }
fixed:
  events: ocorrencia
  records:
    arquivo: { prefix: "0", columns: { loja: 2-5 } }
    transportadora: { prefix: "1", under: arquivo, columns: { nome: 2-11 } }
    ocorrencia: { prefix: "2", under: transportadora, columns: { nota: 2-5, codigo: 6-7, quando: 8-19 } }
    texto: { prefix: "3", under: ocorrencia, columns: { texto: 2-20 } }
    fim: { prefix: "9" }
dates: { zone: America/Sao_Paulo, formats: ddMMyyyyHHmm }
fields:
  codigo: nota
  origem: $records.arquivo.loja
  descricao: $records.texto.texto
  data_atualizacao: quando
status:
  code: codigo
  codes: { ENTREGUE: [01] }
`);

const read = (lines: readonly string[], lineBreak = '\r\n', encoding: BufferEncoding = 'latin1') =>
  readPayload(profile, Buffer.from(lines.join(lineBreak), encoding));

test('records are seen by those below them, and what stands below an event belongs to it', async () => {
  const { events, problems } = await read([
    '0SP01',
    '1São João',
    '2000101201120261000',
    '2000201201120261100',
    '3recebido: José',
    '1Outra',
    '2000399201120261200',
    '9',
    '\x1a',
  ]);
  expect(problems).toEqual([]);
  expect(
    events.map(({ where, event }) => [
      where,
      event.transportadora,
      event.codigo,
      event.descricao,
      event.status_rastreamento,
    ]),
  ).toEqual([
    ['line 3', 'São João', '0001', undefined, 'ENTREGUE'],
    ['line 4', 'São João', '0002', 'recebido: José', 'ENTREGUE'],
    ['line 7', 'Outra', '0003', undefined, '99'],
  ]);
  expect(new Set(events.map(({ event }) => event.origem))).toEqual(new Set(['SP01']));
});

test.each([
  [
    'a record that nobody named',
    ['0SP01', '7x'],
    /^line 2: teste, line 7 \(fixed\.records\): no record begins with "7x"; add one/,
  ],
  [
    'an event without what it stands under',
    ['0SP01', '2000101201120261000'],
    /^line 2: the line stands under no transportadora record/,
  ],
  [
    'an event under what is closed again',
    ['0SP01', '1A', '0SP02', '2000101201120261000'],
    /^line 4: the line stands under no transportadora/,
  ],
])('%s is a problem with its line', async (_title, lines, message) => {
  const { events, problems } = await read(lines);
  expect(events).toEqual([]);
  expect(problems.map(({ where, detail }) => `${where}: ${detail}`).join('\n')).toMatch(message);
});

test.each([
  [
    'a circle',
    'a: { prefix: "1", under: b }\n    b: { prefix: "2", under: a }',
    'a',
    /goes round in a circle/,
  ],
  ['two records that begin alike', 'a: { prefix: "1" }\n    b: { prefix: "1" }', 'a', /is that of a too/],
  ['events that are no record', 'a: { prefix: "1" }', 'x', /x is none of the records a/],
  ['a record under none', 'a: { prefix: "1", under: z }', 'a', /z is none of the records a/],
  [
    'columns that go backwards',
    'a: { prefix: "1", columns: { x: 9-4 } }',
    'a',
    /"9-4" is no range of columns/,
  ],
])('%s is refused', (_title, records, events, message) => {
  const yaml = `format: fixed\ncarrier: T\nfixed:\n  events: ${events}\n  records:\n    ${records}\nfields: { codigo: x, data_atualizacao: x }\nstatus: { text: x }\n`;
  expect(() => profileOf(yaml)).toThrow(message);
});

test('columns are what slicing the line gives, whatever its encoding and line breaks', async () => {
  const word = (max: number) =>
    fc.string({ unit: fc.constantFrom('A', 'ç', '9', ' ', '.'), minLength: 1, maxLength: max });
  const occurrence = fc.record({
    nota: word(4).filter((text) => text.trim() !== ''),
    text: fc.option(word(19), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(
      word(10),
      fc.array(occurrence, { maxLength: 10 }),
      fc.constantFrom('\r\n', '\n', '\r'),
      fc.constantFrom<BufferEncoding>('latin1', 'utf8'),
      fc.boolean(),
      async (name, occurrences, lineBreak, encoding, trimmed) => {
        const lines = ['0SP01', `1${name}`];
        for (const { nota, text } of occurrences) {
          lines.push(`2${nota.padEnd(4)}01201120261000`);
          if (text !== null) lines.push(`3${text.padEnd(30)}`);
        }
        const sent = trimmed ? lines.map((line) => line.trimEnd()) : lines;
        const { events, problems } = await read(sent, lineBreak, encoding);
        expect(problems).toEqual([]);
        const orAbsent = (text: string) => (text.trim() === '' ? undefined : text.trim());
        const expected = occurrences.map(({ nota, text }) => ({
          transportadora: orAbsent(name),
          codigo: orAbsent(nota),
          origem: 'SP01',
          descricao: text === null ? undefined : orAbsent(text.padEnd(30).slice(0, 19)),
          data_atualizacao: '2026-11-20T13:00:00.000000Z',
          status_rastreamento: 'ENTREGUE',
        }));
        expect(events.map(({ event }) => event)).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
    { numRuns: 300 },
  );
});
