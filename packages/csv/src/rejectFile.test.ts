import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrackingEvent } from '@rastreio/contract';
import type { Encoding } from '@rastreio/rows';
import { CSV_COLUMNS } from './layout';
import { loadFile } from './loadFile';
import { defaultRejectFile } from './rejectFile';

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-rejects-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** Loads a file into memory: what is tested is the reject file, and the targets have tests of their own. */
async function load(file: string, encoding: Encoding = 'utf-8', rejectFile = defaultRejectFile(file)) {
  const events: TrackingEvent[] = [];
  let rejected = 0;
  await loadFile(
    { file, encoding, rejectFile },
    {
      rowsPerWrite: 100,
      refuse: () => null,
      knows: () => true,
      statusesOf: 'program',
      write(_source, more, bad) {
        events.push(...more);
        rejected += bad.length;
        return Promise.resolve();
      },
    },
  );
  return { events, rejected };
}

test.each([
  ['utf-8', ',', '\n', '\uFEFF'],
  ['utf-8', ';', '\r\n', ''],
  ['latin1', ';', '\r\n', ''],
  ['latin1', ',', '\n', ''],
] as const)(
  'in %s with %s: bad rows are kept with line, reason and bytes; corrected in place, the file can be imported',
  async (encoding, d, lineBreak, bom) => {
    const bytes = (text: string) => Buffer.from(text, encoding === 'latin1' ? 'latin1' : 'utf8');
    const file = path.join(dir, `round-${encoding}-${d === ',' ? 'comma' : 'semicolon'}.csv`);
    const header = ['nota', ...CSV_COLUMNS].join(d);
    const row = (id: string, when: string) =>
      ['ã', id, '"São\nPaulo, SP; ""1"""', 'Acre', 'POSTADO', when].join(d);
    const good = row('1', '2025-10-13T17:40:00Z');
    const bad = [row('dois', '2025-10-13T17:40:00Z'), row('3', 'ontem às 5')];
    const text = bom + [header, good, ...bad, ''].join(lineBreak);
    await writeFile(file, bytes(text));
    expect(await load(file, encoding)).toMatchObject({ events: [{ id_pacote: 1 }], rejected: 2 });

    const rejects = defaultRejectFile(file);
    const kept = await readFile(rejects);
    const lines = kept.toString(encoding === 'latin1' ? 'latin1' : 'utf8');
    expect(
      lines.startsWith(
        `${bom}linha${d}motivo${d}detalhe${d}${header}${lineBreak}4${d}wrong_type${d}"id_pacote `,
      ),
    ).toBe(true);
    for (const line of bad) expect(kept.includes(bytes(`"${d}${line}${lineBreak}`))).toBe(true);
    expect(lines).toContain('ontem às 5');

    // As it is, it is as wrong as before.
    const again = path.join(dir, 'again.csv');
    expect((await load(rejects, encoding, again)).rejected).toBe(2);
    const corrected = lines
      .replace(`${d}dois${d}`, `${d}2${d}`)
      .replace(`${d}ontem às 5${lineBreak}`, `${d}2025-10-13T17:41:00Z${lineBreak}`);
    await writeFile(rejects, bytes(corrected));
    const loaded = await load(rejects, encoding, again);
    expect(loaded.events.map((e) => [e.id_pacote, e.origem])).toEqual([
      [2, 'São Paulo, SP; "1"'],
      [3, 'São Paulo, SP; "1"'],
    ]);
    expect(await exists(again)).toBe(false);
  },
);

test('bytes that are not UTF-8 and broken quotes are kept as they are', async () => {
  const file = path.join(dir, 'bytes.csv');
  const bad = [
    Buffer.from('1,Para\xedba,Acre,POSTADO,2025-10-13T17:40:00Z', 'latin1'),
    Buffer.from('2,"Natal,Acre,POSTADO,2025-10-13T17:40:00Z'),
    Buffer.from('3,Natal, RN,Acre,POSTADO,2025-10-13T17:40:00Z'),
  ];
  await writeFile(
    file,
    Buffer.concat([CSV_COLUMNS.join(','), ...bad].flatMap((b) => [Buffer.from(b), Buffer.from('\n')])),
  );
  expect((await load(file)).rejected).toBe(3);
  const kept = await readFile(defaultRejectFile(file));
  for (const line of bad)
    expect(kept.includes(Buffer.concat([Buffer.from('",'), line, Buffer.from('\n')]))).toBe(true);
});

test('there is a reject file exactly after an import with bad rows, and none before it is complete', async () => {
  const file = path.join(dir, 'daily.csv');
  const rejects = defaultRejectFile(file);
  const write = (...ids: string[]) =>
    writeFile(
      file,
      [CSV_COLUMNS.join(','), ...ids.map((id) => `${id},Natal,Acre,POSTADO,2025-10-13T17:40:00Z`)].join('\n'),
    );
  await write('1');
  await load(file);
  expect(await exists(rejects)).toBe(false);
  await write('1', 'x', 'y');
  await load(file);
  await write('z', '1');
  await load(file);
  const text = await readFile(rejects, 'utf8');
  expect(text.split('\n').map((line) => line.split(',')[0])).toEqual(['linha', '2', '']);
  expect(await exists(`${rejects}.new`)).toBe(false);
  await write('1');
  await load(file);
  expect(await exists(rejects)).toBe(false);
  // What is no reject file is not ours to remove.
  await writeFile(rejects, 'a note');
  await load(file);
  expect(await readFile(rejects, 'utf8')).toBe('a note');
});

test('a reject file that cannot be written, or would replace the input, is named', async () => {
  const file = path.join(dir, 'input.csv');
  await writeFile(file, `${CSV_COLUMNS.join(',')}\nx\n`);
  await expect(load(file, 'utf-8', '/no/such/folder/r.csv')).rejects.toThrow(
    /folder\/r\.csv: the rejected rows cannot be written: .*name another file with --rejects/,
  );
  await expect(load(file, 'utf-8', file)).rejects.toMatchObject({ exitCode: 2 });
  expect(await readFile(file, 'utf8')).toMatch(/x\n$/);
});
