import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Rejection } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { importFile } from './importFile';
import { CSV_COLUMNS } from './layout';
import type { Progress } from './loadFile';

const HEADER = CSV_COLUMNS.join(',');
const ROOT = path.resolve(__dirname, '../../..');
const FIXTURE = path.join(ROOT, 'fixtures/rastreamento.csv');
const sql = (file: string) => readFileSync(path.join(ROOT, 'sql/reference', file), 'utf8');
const DESAFIO1 = sql('desafio1.sql');
/** The original's streaming part: no id_evento. */
const STREAMING = DESAFIO1.replace('    id_evento SERIAL PRIMARY KEY,\n', '').replace(
  'CONSTRAINT uq_pacote_data_evento UNIQUE',
  'PRIMARY KEY',
);

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-csv-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await freshDatabase(server)));
  afterAll(() => database.drop());

  /** An address whose search path starts with a schema of its own. */
  async function schema(name: string, tables: string): Promise<string> {
    const url = new URL(database.adminUrl);
    url.searchParams.set('options', `-c search_path=${name}`);
    await withClient(database.adminUrl, (c) => c.query(`CREATE SCHEMA ${name}`));
    await withClient(url.toString(), (c) => c.query(tables));
    return url.toString();
  }

  test.each([
    ['Desafio 1, with id_evento', 'com_id', DESAFIO1],
    ['the original’s streaming part, without id_evento', 'sem_id', STREAMING],
  ])(
    'the fixture gives the original’s figures in %s, and again changes nothing',
    async (_title, name, tables) => {
      const url = await schema(name, tables);
      expect(await importFile({ databaseUrl: url, file: FIXTURE })).toEqual({
        schema: 'original',
        consumed: 88,
        inserted: 88,
        duplicate: 0,
        rejected: 0,
        blankRows: 0,
        unknownStatuses: [],
        statusesOf: expect.any(String) as string,
        warnings: [],
      });
      expect(await importFile({ databaseUrl: url, file: FIXTURE })).toMatchObject({
        inserted: 0,
        duplicate: 88,
      });
      const { rows } = await withClient(url, (c) =>
        c.query<{ status_rastreamento: string; total_pacotes: string }>(sql('status_atual.sql')),
      );
      expect(Object.fromEntries(rows.map((r) => [r.status_rastreamento, Number(r.total_pacotes)]))).toEqual({
        ENTREGUE: 15,
        'EM ROTA DE ENTREGA': 5,
        EXTRAVIADO: 5,
        CANCELADO: 2,
        'AGUARDANDO RETIRADA': 1,
        'EM TRÂNSITO': 1,
      });
      const mean = await withClient(url, (c) =>
        c.query<{ s: number }>(
          `SELECT extract(epoch FROM tempo_medio_de_entrega)::float8 AS s FROM (${sql('tempo_medio_de_entrega.sql').trim().replace(/;$/, '')}) AS r`,
        ),
      );
      expect(mean.rows[0]?.s).toBe(2 * 86_400 + 8 * 3600 + 42 * 60);
    },
  );

  test('bad rows are kept in the database by file and line, with their bytes; again changes nothing', async () => {
    const file = path.join(dir, 'odd.csv');
    const text =
      '\uFEFFdestino;extra;id_pacote;origem;status_rastreamento;data_atualizacao\r\n' +
      '"Para\níba";x;1;Natal;entregue;2025-10-13T17:40:00Z\r\n' +
      'Acre;x;two;Natal;POSTADO;2025-10-13T17:40:00Z\r\n' +
      'Acre;x;3;Natal;POSTADO;2025-10-13 17:40\r\n';
    const notUtf8 = Buffer.from('Para\xedba;x;4;Natal;POSTADO;2025-10-13T17:40:00Z', 'latin1');
    await writeFile(file, Buffer.concat([Buffer.from(text), notUtf8]));
    const lines: [number, string][] = [];
    const onRejected = (line: number, { reason }: Rejection) => void lines.push([line, reason]);
    const summary = await importFile({ databaseUrl: database.writerUrl, file, onRejected });
    expect(summary).toMatchObject({
      schema: 'rastreio',
      consumed: 4,
      inserted: 1,
      duplicate: 0,
      rejected: 3,
    });
    expect(lines).toEqual([
      [4, 'wrong_type'],
      [5, 'naive_timestamp'],
      [6, 'invalid_utf8'],
    ]);
    expect(await rows(`SELECT destino FROM pacotes WHERE id_pacote = 1`)).toEqual([{ destino: 'Para íba' }]);
    const kept = () => rows('SELECT * FROM eventos_rejeitados ORDER BY topico, deslocamento');
    const before = await kept();
    expect(before).toMatchObject([
      { deslocamento: '4', valor: Buffer.from('Acre;x;two;Natal;POSTADO;2025-10-13T17:40:00Z') },
      { deslocamento: '5' },
      { deslocamento: '6', valor: notUtf8 },
    ]);
    await importFile({ databaseUrl: database.writerUrl, file });
    expect(await kept()).toEqual(before);
    // Another day's file of that name: the same lines, other rows.
    await writeFile(file, text.replace('two', 'three'));
    await importFile({ databaseUrl: database.writerUrl, file });
    expect(await kept()).toHaveLength(5);
    expect(
      await importFile({ databaseUrl: database.writerUrl, file, naiveTimezone: 'America/Sao_Paulo' }),
    ).toMatchObject({ inserted: 1, duplicate: 1, rejected: 1 });
  });

  const rows = (query: string) =>
    withClient(database.ownerUrl, async (c) => (await c.query<Record<string, unknown>>(query)).rows);

  test('a row from before the horizon of retention is rejected alone, with its line', async () => {
    const other = await freshDatabase(server);
    try {
      await withClient(other.adminUrl, (c) =>
        c.query("UPDATE retencao SET horizonte = '2025-01-01Z', removidos_ate = '2025-01-01Z'"),
      );
      const file = path.join(dir, 'old.csv');
      const at = (id: number, when: string) => `${id},Natal,Acre,POSTADO,${when}`;
      const times = [
        '2025-01-01T00:00:00Z',
        '2025-10-13T17:40:00Z',
        '2024-12-31T23:59:59.999999Z',
        '2025-10-14Z',
      ];
      await writeFile(
        file,
        [HEADER, ...times.map((when, i) => at(i + 1, when.replace('14Z', '14T00:00Z')))].join('\n'),
      );
      const rejected: [number, Rejection][] = [];
      const rejectFile = `${file}.rejeitados.csv`;
      expect(
        await importFile({
          databaseUrl: other.writerUrl,
          file,
          rejectFile,
          onRejected: (line, rejection) => void rejected.push([line, rejection]),
        }),
      ).toMatchObject({ inserted: 3, rejected: 1 });
      expect(rejected).toMatchObject([[4, { reason: 'out_of_range', field: 'data_atualizacao' }]]);
      expect(rejected[0]?.[1].detail).toMatch(
        /is from before 2025-01-01T00:00:00\.000000Z.*leave the line out/,
      );
      expect(await readFile(rejectFile, 'utf8')).toContain('2024-12-31');
    } finally {
      await other.drop();
    }
  });

  test('progress ends with the whole file and every row', async () => {
    const seen: Progress[] = [];
    await importFile({
      databaseUrl: database.writerUrl,
      file: FIXTURE,
      onProgress: (p) => void seen.push(p),
    });
    const { size } = await stat(FIXTURE);
    expect(seen.at(-1)).toEqual({ bytes: size, size, rows: 88 });
  });

  test('an import whose database fails leaves an earlier reject file as it was', async () => {
    const file = path.join(dir, 'fails.csv');
    const rejectFile = `${file}.rejeitados.csv`;
    const rest = 'Natal,Acre,POSTADO,2025-10-13T17:40:00Z';
    await writeFile(file, `${HEADER}\nx,${rest}\n1,${rest}\n`);
    await writeFile(rejectFile, 'earlier');
    const refuse =
      "ALTER TABLE eventos_rastreamento ADD CONSTRAINT recusa CHECK (status_rastreamento <> 'POSTADO')";
    const databaseUrl = await schema('recusa', `${DESAFIO1}; ${refuse}`);
    await expect(importFile({ databaseUrl, file, rejectFile })).rejects.toThrow(/recusa/);
    expect(await readFile(rejectFile, 'utf8')).toBe('earlier');
    await expect(stat(`${rejectFile}.new`)).rejects.toThrow('ENOENT');
  });

  test('tables of another role are not said to be missing', async () => {
    await schema('alheio', DESAFIO1);
    await withClient(database.adminUrl, (c) => c.query('GRANT USAGE ON SCHEMA alheio TO rastreio_owner'));
    const url = new URL(database.ownerUrl);
    url.searchParams.set('options', '-c search_path=alheio');
    await expect(importFile({ databaseUrl: url.toString(), file: FIXTURE })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(
        /is there, and rastreio_owner may not write to it; .* role \w+, which owns it/,
      ) as string,
    });
  });

  test('a database without tables is named', async () => {
    const empty = await schema('vazio', 'SELECT 1');
    await expect(importFile({ databaseUrl: empty, file: FIXTURE })).rejects.toMatchObject({ exitCode: 78 });
  });
});
