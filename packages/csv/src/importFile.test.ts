import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { freshDatabase, SERVERS, type TestDatabase } from '../../../test/support/servers';
import { importFile } from './importFile';

const ROOT = path.resolve(__dirname, '../../..');
const FIXTURE = path.join(ROOT, 'fixtures/rastreamento.csv');
const sql = (file: string) => readFileSync(path.join(ROOT, 'sql/reference', file), 'utf8');
const DESAFIO1 = sql('desafio1.sql');
/** The seed's streaming part: no id_evento. */
const STREAMING = DESAFIO1.replace('    id_evento SERIAL PRIMARY KEY,\n', '').replace(
  'CONSTRAINT uq_pacote_data_evento UNIQUE',
  'PRIMARY KEY',
);

let dir: string;
beforeAll(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-csv-'))));
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.each(SERVERS)('on $name', (server) => {
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
    ['the seed’s streaming part, without id_evento', 'sem_id', STREAMING],
  ])(
    'the fixture gives the seed’s figures in %s, and again changes nothing',
    async (_title, name, tables) => {
      const url = await schema(name, tables);
      expect(await importFile({ databaseUrl: url, file: FIXTURE })).toEqual({
        schema: 'seed',
        consumed: 88,
        inserted: 88,
        duplicate: 0,
        rejected: 0,
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

  test('semicolons, BOM, quoted newlines, other columns and order; bad rows are kept with their line', async () => {
    const file = path.join(dir, 'odd.csv');
    await writeFile(
      file,
      '\uFEFFdestino;extra;id_pacote;origem;status_rastreamento;data_atualizacao\r\n' +
        '"Para\níba";x;1;Natal;entregue;2025-10-13T17:40:00Z\r\n' +
        'Acre;x;two;Natal;POSTADO;2025-10-13T17:40:00Z\r\n' +
        'Acre;x;3;Natal;POSTADO;2025-10-13 17:40\r\n',
    );
    const lines: [number, string][] = [];
    const summary = await importFile({
      databaseUrl: database.writerUrl,
      file,
      onRejected: (line, { reason }) => lines.push([line, reason]),
    });
    expect(summary).toEqual({ schema: 'rastreio', consumed: 3, inserted: 1, duplicate: 0, rejected: 2 });
    expect(lines).toEqual([
      [4, 'wrong_type'],
      [5, 'naive_timestamp'],
    ]);
    const { rows } = await withClient(database.ownerUrl, (c) =>
      c.query(
        `SELECT destino, (SELECT convert_from(valor, 'UTF8') FROM eventos_rejeitados WHERE deslocamento = 4) AS raw FROM pacotes WHERE id_pacote = 1`,
      ),
    );
    expect(rows).toEqual([{ destino: 'Para íba', raw: 'Acre;x;two;Natal;POSTADO;2025-10-13T17:40:00Z' }]);
    expect(
      await importFile({ databaseUrl: database.writerUrl, file, naiveTimezone: 'America/Sao_Paulo' }),
    ).toMatchObject({ inserted: 1, duplicate: 1, rejected: 1 });
  });

  test('a file without a needed column, a missing file and a database without tables are named', async () => {
    const file = path.join(dir, 'short.csv');
    await writeFile(file, 'id_pacote,origem\n1,Natal\n');
    await expect(importFile({ databaseUrl: database.writerUrl, file })).rejects.toThrow(
      /lacks destino, status_rastreamento, data_atualizacao/,
    );
    await expect(
      importFile({ databaseUrl: database.writerUrl, file: path.join(dir, 'none.csv') }),
    ).rejects.toThrow(/none\.csv.*check the path/);
    const empty = await schema('vazio', 'SELECT 1');
    await expect(importFile({ databaseUrl: empty, file: FIXTURE })).rejects.toMatchObject({ exitCode: 78 });
  });
});
