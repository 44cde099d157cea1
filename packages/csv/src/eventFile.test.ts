import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createValidator } from '@rastreio/contract';
import fc from 'fast-check';
import { encodeText, type Encoding, DELIMITERS } from '@rastreio/rows';
import { withEventFile } from './eventFile';
import { HEADER, outcomes, read, rejection, REST } from '../test/readRows';
import { CSV_COLUMNS } from './layout';

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-csv-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const ANY_LINE_BREAK = fc.constantFrom('\n', '\r\n', '\r\r\n');
const latin1Text = fc
  .array(
    fc.constantFrom(
      ...Array.from({ length: 256 }, (_, i) => i).filter((i) => i < 0x80 || i >= 0xa0),
      0x20ac,
      0x2019,
    ),
    { maxLength: 12 },
  )
  .map((codes) => String.fromCodePoint(...codes));
const special = fc
  .array(fc.constantFrom('"', ',', ';', '\t', '|', '\r', '\n', '\r\n', 'a', 'ã', ' '), { maxLength: 8 })
  .map((parts) => parts.join(''));
const textIn = (encoding: Encoding) =>
  fc.oneof(special, encoding === 'utf-8' ? fc.string({ unit: 'binary', maxLength: 12 }) : latin1Text);

test('any table written with RFC 4180 quoting reads back the same, byte by byte and line by line', async () => {
  const anyFile = fc
    .record({
      encoding: fc.constantFrom<Encoding>('utf-8', 'latin1'),
      delimiter: fc.constantFrom(...DELIMITERS),
      lineBreak: ANY_LINE_BREAK,
      bom: fc.boolean(),
      quoteAll: fc.boolean(),
      endsOpen: fc.boolean(),
    })
    .chain((form) =>
      fc.record({
        form: fc.constant(form),
        table: fc.array(fc.array(textIn(form.encoding), { minLength: 5, maxLength: 5 }), { maxLength: 30 }),
      }),
    );
  await fc.assert(
    fc.asyncProperty(anyFile, async ({ form, table }) => {
      const { encoding, delimiter, lineBreak, quoteAll } = form;
      const cell = (text: string) =>
        quoteAll || /["\r\n,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const lines = table.map((row) => row.map(cell).join(delimiter));
      const text = [CSV_COLUMNS.join(delimiter), ...lines].join(lineBreak);
      const bom = form.bom && encoding === 'utf-8' ? '\uFEFF' : '';
      const ending = form.endsOpen ? '' : lineBreak;
      const { rows, cells } = await read(encodeText(`${bom}${text}${ending}`, encoding), encoding);
      // Rows of nothing but white space are passed over.
      const isRow = (_: unknown, i: number) => table[i]?.some((text) => text.trim() !== '');
      expect(cells.map((row) => CSV_COLUMNS.map((column) => row[column]))).toEqual(table.filter(isRow));
      expect(rows.map(({ raw }) => raw)).toEqual(
        lines.filter(isRow).map((line) => encodeText(line, encoding)),
      );
      let line = 2;
      const starts = lines.map((row) => {
        const start = line;
        line += row.split('\n').length;
        return start;
      });
      expect(rows.map((row) => row.line)).toEqual(starts.filter(isRow));
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['UTF-8', 'utf-8', Buffer.from('São Paulo')],
  ['Latin-1', 'latin1', Buffer.from('São Paulo', 'latin1')],
] as const)('%s gives the same text', async (_title, encoding, place) => {
  const bytes = Buffer.concat([Buffer.from(`${HEADER}\n1,`), place, Buffer.from(`,${REST.slice(6)}\n`)]);
  expect((await read(bytes, encoding)).cells[0]?.origem).toBe('São Paulo');
});

test('Latin-1 is windows-1252: the euro sign and curved quotes are what Windows programs mean', async () => {
  const bytes = Buffer.from(`${HEADER}\n1,\x80 \x93Mar d\x92Água\x94,${REST.slice(6)}\n`, 'latin1');
  expect((await read(bytes, 'latin1')).cells[0]?.origem).toBe('€ “Mar d’Água”');
});

test('a row that is not UTF-8 is rejected with its bytes, those around it are read', async () => {
  const bad = Buffer.from(`2,Para\xedba,${REST.slice(6)}`, 'latin1');
  const bytes = Buffer.concat([Buffer.from(`${HEADER}\n1,${REST}\n`), bad, Buffer.from(`\n3,${REST}\n`)]);
  const { rows } = await read(bytes);
  expect(outcomes(rows)).toEqual([
    [2, 'ok'],
    [3, 'invalid_utf8'],
    [4, 'ok'],
  ]);
  expect(rows[1]?.raw).toEqual(bad);
  expect(rejection(rows[1]).detail).toMatch(/import it with --encoding latin1/);
});

test('the header alone decides the separator', async () => {
  const { cells } = await read(`${HEADER}\n1,Natal; RN,Acre,POSTADO,x\n`);
  expect(cells[0]).toMatchObject({ origem: 'Natal; RN', destino: 'Acre' });
  const semicolons = await read(`${CSV_COLUMNS.join(';')};note, free\n1;Natal, RN;Acre;POSTADO;x;y\n`);
  expect(semicolons.cells[0]).toMatchObject({ origem: 'Natal, RN', destino: 'Acre' });
});

test('too few cells lack a field, too many are rejected as a whole', async () => {
  const { rows } = await read(
    `${HEADER}\n1,Natal,Acre,POSTADO\n2,Natal, RN,Acre,POSTADO,2025-10-13T17:40:00Z\n`,
  );
  expect(rejection(rows[0])).toMatchObject({ reason: 'missing_field', field: 'data_atualizacao' });
  expect(rejection(rows[1])).toEqual({
    reason: 'not_an_object',
    field: null,
    detail: 'the line has 6 values and the header names 5 columns; put a text that contains , into quotes',
  });
});

test.each([
  ['a quote never closed', `1,"${REST}`],
  ['a quote in an unquoted value', `1,Bar "do Zé",${REST.slice(6)}`],
  ['text after a closing quote', `1,"Natal" RN,${REST.slice(6)}`],
])('%s costs that line only', async (_title, bad) => {
  for (const lineBreak of ['\n', '\r\n']) {
    const good = `2,"São\r\nPaulo, SP",${REST.slice(6)}`;
    const { rows } = await read([HEADER, '', good, '', bad, '', good, good, ''].join(lineBreak));
    expect(outcomes(rows)).toEqual([
      [3, 'ok'],
      [6, 'not_an_object'],
      [8, 'ok'],
      [10, 'ok'],
    ]);
    expect(rows[1]?.raw.toString()).toBe(bad);
    expect(rejection(rows[1]).detail).toMatch(/double each quote/);
  }
});

test('a quote never closed in the last line, or far before the end, loses no row', async () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `${i + 1},${REST}`);
  const open = `9,"${REST}`;
  const { rows } = await read([HEADER, open, ...many, open].join('\n'));
  expect(outcomes(rows.filter(({ result }) => !result.ok))).toEqual([
    [2, 'not_an_object'],
    [5_003, 'not_an_object'],
  ]);
  expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: 5_002 }, (_, i) => i + 2));
});

test('a long line is rejected; one that cannot be a line at all ends the import and is named', async () => {
  const long = [`1,${'x'.repeat(70_000)},${REST.slice(6)}`, ','.repeat(300_000)];
  const { rows } = await read([HEADER, ...long, `2,${REST}`, '\n'.repeat(300_000), `3,${REST}`].join('\n'));
  expect(outcomes(rows)).toEqual([
    [2, 'too_large'],
    [3, 'too_large'],
    [4, 'ok'],
    [300_006, 'ok'],
  ]);
  await expect(read(`${HEADER}\n1,${REST}\n2,${'x'.repeat(1_100_000)}\n`)).rejects.toThrow(
    /line 3 is longer than 1048576 bytes; correct or remove it/,
  );
});

test('lines may end with CRLF, LF or, throughout, CR', async () => {
  const { rows } = await read(`${HEADER}\r\n1,${REST}\r\n2,${REST}\n\r\n3,${REST}`);
  expect(outcomes(rows)).toEqual([
    [2, 'ok'],
    [3, 'ok'],
    [5, 'ok'],
  ]);
  expect(rows.at(-1)?.end).toBe(Buffer.byteLength(`${HEADER}\r\n1,${REST}\r\n2,${REST}\n\r\n3,${REST}`));
  expect(outcomes((await read(`${HEADER}\r1,${REST}\r\r2,${REST}\r`)).rows)).toEqual([
    [2, 'ok'],
    [4, 'ok'],
  ]);
});

test('columns in any order and case, quoted, with others, after a BOM and empty lines', async () => {
  const { rows, cells } = await read(
    '\uFEFF\r\n"Destino";nota;ID_PACOTE ;origem;status_rastreamento;data_atualizacao\r\nAcre;x;1;Natal;POSTADO;2025-10-13T17:40:00Z\r\n',
  );
  expect(outcomes(rows)).toEqual([[3, 'ok']]);
  expect(cells[0]).toMatchObject({ id_pacote: '1', destino: 'Acre' });
});

test.each([
  [
    'a needed column is missing',
    'id_pacote,origem\n',
    'utf-8',
    /lacks destino, status_rastreamento, data_atua/,
  ],
  ['nothing at all', '', 'utf-8', /lacks id_pacote/],
  ['a column named twice', `${HEADER},origem\n`, 'utf-8', /names origem twice; rename/],
  ['UTF-16', Buffer.from(`\uFEFF${HEADER}`, 'utf16le'), 'utf-8', /UTF-16; save it as UTF-8/],
  ['a BOM of UTF-8 in Latin-1', `\uFEFF${HEADER}\n`, 'latin1', /leave out --encoding latin1/],
  ['a first line without end', 'x'.repeat(70_000), 'utf-8', /first line is longer than 65536 bytes/],
] as const)('%s is named', async (_title, bytes, encoding, message) => {
  await expect(read(Buffer.from(bytes), encoding)).rejects.toThrow(message);
});

test('what is no file is named', async () => {
  const options = { encoding: 'utf-8', validate: createValidator() } as const;
  const use = () => Promise.resolve();
  await expect(withEventFile({ file: path.join(dir, 'none.csv'), ...options }, use)).rejects.toThrow(
    /none\.csv.*check the path/,
  );
  await expect(withEventFile({ file: dir, ...options }, use)).rejects.toThrow(/not a regular file/);
});

test('files of one name are told apart by their content, the same file never', async () => {
  const [first, again, other] = [
    await read(`${HEADER}\n1,${REST}\n`),
    await read(`${HEADER}\n1,${REST}\n`),
    await read(`${HEADER}\n2,${REST}\n`),
  ];
  expect(first.source).toMatch(/^csv:events\.csv#[0-9a-f]{12}$/);
  expect(again.source).toBe(first.source);
  expect(other.source).not.toBe(first.source);
});
