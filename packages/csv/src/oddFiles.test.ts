import { encodeText, DELIMITERS } from '@rastreio/rows';
import { CSV_COLUMNS } from './layout';
import { HEADER, outcomes, read, rejection, REST } from '../test/readRows';

test('rows of separators and white space only are passed over and counted, in every form', async () => {
  const blank = [',,,,', ' , ,\t,,', '"","","","",""', '\u00a0,,,,', ',,,,,,,,', '""'];
  for (const encoding of ['utf-8', 'latin1'] as const) {
    const lines = [HEADER, ...blank, `1,${REST}`, ...blank, ',,,POSTADO,'];
    const { rows, seen } = await read(encodeText(lines.join('\r\n'), encoding), encoding);
    expect(seen.blank).toBe(2 * blank.length);
    expect(outcomes(rows)).toEqual([
      [2 + blank.length, 'ok'],
      [3 + 2 * blank.length, 'wrong_type'],
    ]);
  }
});

test.each([
  ['sep=;', 'sep=;\r\n'],
  ['SEP=; in quotes', '"SEP=;"\n'],
  ['sep=; after a byte order mark and empty lines', '\uFEFF\n\nsep=;\n\n'],
  ['two byte order marks', '\uFEFF\uFEFF'],
  ['three, and sep=', '\uFEFF\uFEFF\uFEFFsep=;\n'],
])('a header after %s is read', async (_title, before) => {
  const { cells } = await read(`${before}${CSV_COLUMNS.join(';')}\n1;Natal;Acre;POSTADO;x\n`);
  expect(cells).toMatchObject([{ id_pacote: '1', destino: 'Acre' }]);
});

test('names of columns are cleaned as texts are: what cannot be seen is not there', async () => {
  const odd = [
    '\u00a0ID_Pacote\u200b',
    'Ｏrigem',
    '"destino "',
    'STATUS_RASTREAMENTO\u202c',
    '\ufeffdata_atualizacao\u2003',
  ];
  for (const delimiter of DELIMITERS) {
    const row = ['1', 'Natal', 'Acre', 'POSTADO', 'x'].join(delimiter);
    expect((await read(`${odd.join(delimiter)}\n${row}\n`)).cells).toMatchObject([
      { id_pacote: '1', origem: 'Natal', destino: 'Acre', status_rastreamento: 'POSTADO' },
    ]);
  }
  const latin1 = Buffer.from(
    `\xa0id_pacote,origem\xa0,destino,status_rastreamento,data_atualizacao\n1,${REST}\n`,
    'latin1',
  );
  expect((await read(latin1, 'latin1')).rows).toHaveLength(1);
});

test('lines that end with CR CR LF are read, quoted or not, and counted as lines', async () => {
  const quoted = (line: string) => line.replaceAll(/[^,]+/g, '"$&"');
  const lines = [HEADER, `1,${REST}`, '', `2,${REST}`, `x,${REST}`, '"', `3,${REST}`];
  for (const form of [quoted, (line: string) => line]) {
    const { rows } = await read(lines.map((line) => `${form(line)}\r\r\n`).join(''));
    expect(outcomes(rows)).toEqual([
      [2, 'ok'],
      [4, 'ok'],
      [5, 'wrong_type'],
      [6, 'not_an_object'],
      [7, 'ok'],
    ]);
  }
  const mixed = await read(`${HEADER}\r\n${quoted(`1,${REST}`)}\r\r\n${quoted(`2,${REST}`)}\r\n`);
  expect(outcomes(mixed.rows)).toEqual([
    [2, 'ok'],
    [3, 'ok'],
  ]);
});

test('a file in another code page is noticed, whichever way it was mistaken', async () => {
  const places = ['São Paulo', 'Água Fria', 'Paraíba', 'Öland', 'Conceição', 'Á'];
  const file_ = (names: string[]) =>
    [HEADER, ...names.map((name) => `1,${name},${REST.slice(6)}`)].join('\n');
  const utf8AsLatin1 = await read(file_(places), 'latin1');
  expect(utf8AsLatin1.seen).toMatchObject({ misread: places.length, replaced: 0 });
  // Read wrongly and saved by another program before: the text itself is what that made of it.
  const again = utf8AsLatin1.cells.map(({ origem = '' }) => origem);
  expect((await read(file_(again))).seen).toMatchObject({ misread: places.length });
  for (const encoding of ['utf-8', 'latin1'] as const)
    expect(
      (await read(encodeText(file_([...places, 'ÃO', '€ 5', 'Nº 1ª']), encoding), encoding)).seen,
    ).toMatchObject({
      misread: 0,
      replaced: 0,
    });
  expect((await read(file_(['S\uFFFDo Paulo', 'Acre']))).seen).toMatchObject({ replaced: 1 });
  const latin1AsUtf8 = await read(encodeText(file_(places), 'latin1'));
  expect(latin1AsUtf8.rows.map((row) => rejection(row).reason)).toEqual(places.map(() => 'invalid_utf8'));
});

test.each([
  [
    'tabs for commas, with a name too few',
    `${CSV_COLUMNS.slice(1).join('\t')}\n`,
    /lacks id_pacote; .* and is "origem\\tdestino/,
  ],
  ['UTF-16 without its mark', Buffer.from(HEADER, 'utf16le'), /UTF-16; save it as UTF-8/],
  ['UTF-16, the other order', Buffer.from(HEADER, 'utf16le').swap16(), /UTF-16; save it as UTF-8/],
])('%s: what is seen is said', async (_title, bytes, message) => {
  await expect(read(bytes)).rejects.toThrow(message);
});
