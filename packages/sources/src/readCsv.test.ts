import fc from 'fast-check';
import { readPayload } from './index';
import { profileOf } from '../test/profiles';

const long = profileOf(`format: csv
carrier: { value: transportadora }
csv:
  columns: { codigo: Código de rastreio, transportadora: Transportadora }
dates: { zone: America/Sao_Paulo, formats: dd/MM/yyyy HH:mm }
fields:
  codigo: codigo
  descricao: "\`Observação livre\`"
  data_atualizacao: Data
status:
  text: Situação
  texts: { ENTREGUE: Entrega feita }
`);

const STEPS = { POSTADO: 'Postado em', 'EM TRÂNSITO': 'Em trânsito desde', ENTREGUE: 'Entregue em' } as const;
const wide = profileOf(`format: csv
carrier: Teste
csv:
  columns: { codigo: Pedido }
  steps:
    POSTADO: Postado em
    EM TRÂNSITO: Em trânsito desde
    ENTREGUE: Entregue em
dates: { zone: America/Sao_Paulo, formats: dd/MM/yyyy, timeOfDay: "12:00" }
fields: { codigo: codigo, local: $column }
`);

const HEADER = 'Código de rastreio;Transportadora;Situação;Data;Observação livre';
const ROW = 'AB 12;Rápida;Entrega feita;20/11/2026 10:00;ok';

test.each([
  ['UTF-8', Buffer.from(`${HEADER}\n${ROW}\n`), 2],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${HEADER}\n${ROW}`), 2],
  ['UTF-16', Buffer.from(`\uFEFF${HEADER}\r\n${ROW}\r\n`, 'utf16le'), 2],
  ['UTF-16 the other way round', Buffer.from(`\uFEFF${HEADER}\r\n${ROW}\r\n`, 'utf16le').swap16(), 2],
  ['Latin-1', Buffer.from(`${HEADER}\r\n${ROW}\r\n`, 'latin1'), 2],
  ['Excel’s sep=', Buffer.from(`sep=;\r\n${HEADER}\r\n${ROW}\r\n`), 3],
  ['tabs', Buffer.from(`${HEADER}\n${ROW}\n`.replaceAll(';', '\t')), 2],
  [
    'commas in quotes',
    Buffer.from(
      `${HEADER}\n"AB 12;Rápida;Entrega feita;20/11/2026 10:00;ok"\n`
        .replaceAll('"', '')
        .replace(/[^;\n]+/g, '"$&"')
        .replaceAll(';', ','),
    ),
    2,
  ],
  [
    'a header of another case, without accents',
    Buffer.from(`CODIGO DE RASTREIO;transportadora;Situação;Data;Observação livre\n${ROW}\n`),
    2,
  ],
  [
    'columns in another order',
    Buffer.from(
      'Data;Transportadora;Situação;Observação livre;Código de rastreio\n20/11/2026 10:00;Rápida;Entrega feita;ok;AB 12\n',
    ),
    2,
  ],
  ['empty lines and rows of separators', Buffer.from(`\n${HEADER}\n\n;;;;\n${ROW}\n;;;;\n`), 5],
])('%s gives the same event', async (_title, bytes, line) => {
  const { events, problems } = await readPayload(long, bytes);
  expect(problems).toEqual([]);
  expect(events).toEqual([
    {
      where: `line ${line}`,
      event: {
        transportadora: 'Rápida',
        codigo: 'AB 12',
        descricao: 'ok',
        data_atualizacao: '2026-11-20T13:00:00.000000Z',
        status_rastreamento: 'ENTREGUE',
      },
    },
  ]);
});

test.each([
  [
    'a column that is missing',
    `${HEADER.replace('Transportadora', 'Empresa')}\n${ROW}\n`,
    /^line 1: the header lacks "Transportadora"; it names "Código de rastreio", "Empresa", .*, read with the separator ";"$/,
  ],
  [
    'a column named twice',
    `${HEADER};TRANSPORTADORA\n${ROW};x\n`,
    /^line 1: the header names "Transportadora" twice; rename/,
  ],
  [
    'nothing at all',
    '',
    /^line 1: the header lacks "Código de rastreio", "Transportadora"; it names nothing/,
  ],
  [
    'a value too many',
    `${HEADER}\n${ROW};x\n`,
    /^line 2: the line has 6 values and the header names 5 columns/,
  ],
  ['a quote never closed', `${HEADER}\n"${ROW}\n${ROW}\n`, /^line 2: a quote " opens and is never closed/],
  [
    'a line longer than a row',
    `${HEADER}\n${'x'.repeat(70_000)}\n`,
    /^line 2: the line is longer than any row/,
  ],
  [
    'a line that is no line',
    `${HEADER}\n${'x'.repeat(1_100_000)}\n`,
    /: .*line 2 is longer than 1048576 bytes/,
  ],
  [
    'a header of too many columns',
    `${HEADER}${';x'.repeat(996)}\n${ROW}\n`,
    /^line 1: the header names 1001 columns, read with the separator ";"; send at most 1000$/,
  ],
  ['a header without end', `${';'.repeat(1_000_000)}\n${ROW}\n`, /^line 1: the header names 1000001 columns/],
  [
    'a long header without what is needed',
    `${Array.from({ length: 30 }, (_, i) => `c${i}`).join(';')}\n`,
    /it names "c0", .*"c19" and 10 others, read with/,
  ],
])('%s is a problem with its line', async (_title, text, message) => {
  const { problems } = await readPayload(long, Buffer.from(text));
  expect(problems.map(({ where, detail }) => `${where}: ${detail}`).join('\n')).toMatch(message);
});

test('a broken row costs no other', async () => {
  const { events, problems } = await readPayload(long, Buffer.from(`${HEADER}\n${ROW}\n"${ROW}\n${ROW}\n`));
  expect(events.map(({ where }) => where)).toEqual(['line 2', 'line 4']);
  expect(problems.map(({ where }) => where)).toEqual(['line 3']);
});

/** How often others had their turn while something was read. */
async function turnsDuring(read: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await read();
  done = true;
  return turns;
}

test('rows that give nothing let others have their turn, too', async () => {
  const header = ['Pedido', ...Object.values(STEPS), ...Array.from({ length: 900 }, (_, i) => `Coluna ${i}`)];
  const rows = Array.from({ length: 400 }, () => `P1${';'.repeat(header.length - 2)}x`);
  const payload = Buffer.from([header.join(';'), ...rows].join('\n'));
  const turns = await turnsDuring(async () => {
    expect(await readPayload(wide, payload)).toMatchObject({ events: [], problems: [] });
  });
  expect(turns).toBeGreaterThan(3);
});

const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2026-11-20'), noInvalidDate: true });
const text = fc.string({ unit: fc.constantFrom('a', 'ç', ' ', '"', ';', ',', '\n', '1'), maxLength: 8 });

test('a wide file is, row by row, an event for each step that has a date: the plain definition', async () => {
  const row = fc.record({
    codigo: fc.integer({ min: 1, max: 9_999 }),
    note: text,
    dates: fc.tuple(...Object.keys(STEPS).map(() => fc.option(day, { nil: null }))),
  });
  const file = fc.record({
    rows: fc.array(row, { maxLength: 20 }),
    separator: fc.constantFrom(',', ';', '\t', '|'),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(file, async ({ rows, separator, lineBreak, bom }) => {
      const quote = (cell: string) => (/["\n,;\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
      const iso = (date: Date) => date.toISOString().slice(0, 10);
      const lines = [
        ['Nota', 'Pedido', ...Object.values(STEPS)],
        ...rows.map(({ codigo, note, dates }) => [
          note,
          `P${codigo}`,
          ...dates.map((date) => (date === null ? '' : iso(date).split('-').reverse().join('/'))),
        ]),
      ];
      const payload = lines.map((cells) => cells.map(quote).join(separator)).join(lineBreak);
      const { events, problems } = await readPayload(wide, Buffer.from(`${bom ? '\uFEFF' : ''}${payload}`));
      expect(problems).toEqual([]);
      const expected = rows.flatMap(({ codigo, dates }) =>
        Object.entries(STEPS).flatMap(([status, column], i) => {
          const date = dates[i];
          if (date === null || date === undefined) return [];
          const hour = new Date(`${iso(date)}T12:00:00-03:00`).toISOString().slice(0, 19);
          return [
            {
              transportadora: 'Teste',
              codigo: `P${codigo}`,
              local: column,
              data_atualizacao: `${hour}.000000Z`,
              status_rastreamento: status,
            },
          ];
        }),
      );
      expect(events.map(({ event }) => event)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('no text makes it throw', async () => {
  const any = fc.string({ unit: fc.constantFrom(...'Pedidosepm=;,"\n\r\t|\0ç/2026'), maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(any, fc.constantFrom(long, wide), async (payload, profile) => {
      const { events, problems } = await readPayload(profile, Buffer.from(payload));
      expect(events.length + problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
