// An import that is undone leaves everything as it was.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { runRastreio } from '@rastreio/testing/command';
import { contentsOf } from '@rastreio/testing/contents';
import { tableDifferences } from '@rastreio/testing/differences';
import { freshDatabase, MATRIX, SERVERS, type TestDatabase } from '@rastreio/testing/servers';

const HEADER = 'id_pacote,origem,destino,status_rastreamento,data_atualizacao';
/** Of 20 parcels; the second half of them is in both files, with other events and other places. */
const BEFORE = Array.from({ length: 40 }, (_, i) => {
  const [id, status] = [1 + (i % 20), i < 20 ? 'POSTADO' : 'EM TRÂNSITO'];
  return `${id},Natal,Acre,${status},2026-08-0${i < 20 ? 1 : 3}T10:00:${String(i).padStart(2, '0')}Z`;
});
const MISTAKEN = Array.from({ length: 1_200 }, (_, i) => {
  const id = 11 + (i % 400);
  const status = ['POSTADO', 'ENTREGUE', 'Foto tirada'][Math.floor(i / 400)];
  return `${id},Belém,Recife,${status},2026-07-${String(10 + Math.floor(i / 400) * 9)}T10:00:00Z`;
});

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-undo-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function fileOf(name: string, rows: readonly string[]): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, [HEADER, ...rows, ''].join('\n'));
  return file;
}

/** Parcels, events and figures, of which the plain definitions find none wrong. */
const figuresOf = (db: TestDatabase) =>
  withClient(db.ownerUrl, async (client) => {
    expect(await tableDifferences(client)).toEqual([]);
    return contentsOf(client);
  });

test.each(MATRIX)(
  'on $name all is as before, whether it is undone after the import, again, or before it',
  async (server) => {
    const db = await freshDatabase(server);
    const run = (file: string, ...more: string[]) =>
      runRastreio(['import', file, ...more, '--database-url', db.writerUrl]);
    try {
      await run(await fileOf('before.csv', BEFORE));
      const before = await figuresOf(db);
      const file = await fileOf('mistaken.csv', [...MISTAKEN, 'x,Natal,Acre,POSTADO,2026-07-01T00:00:00Z']);
      expect((await run(file)).result).toMatchObject({ inserted: 1_200, rejected: 1, undo: false });
      expect(await figuresOf(db)).not.toEqual(before);
      const undone = await run(file, '--undo');
      expect([undone.code, undone.result]).toEqual([
        0,
        expect.objectContaining({
          consumed: 1_201,
          inserted: 1_200,
          rejected: 1,
          undo: true,
          reject_file: null,
        }),
      ]);
      expect(undone.stderr).toContain('1 rows say no event');
      expect(await figuresOf(db)).toEqual(before);
      expect((await run(file, '--undo')).result).toMatchObject({ inserted: 0, duplicate: 1_200 });
      // What is taken back stays so.
      await run(file);
      expect(await figuresOf(db)).toEqual(before);
      const late = await fileOf('late.csv', ['5,Natal,Acre,ENTREGUE,2026-08-09T10:00:00Z']);
      await run(late, '--undo');
      await run(late);
      expect(await figuresOf(db)).toEqual(before);
    } finally {
      await db.drop();
    }
  },
);

test('--rejects is refused', async () => {
  const file = await fileOf('none.csv', []);
  const db = await freshDatabase(SERVERS[0]!);
  try {
    const rejects = await runRastreio([
      'import',
      file,
      '--undo',
      '--rejects',
      'x.csv',
      '--database-url',
      db.writerUrl,
    ]);
    expect([rejects.code, rejects.stderr]).toEqual([2, expect.stringContaining('leave out --rejects')]);
  } finally {
    await db.drop();
  }
});
