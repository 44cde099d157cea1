// Shows G8 of docs/guarantees.md.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { WRITER_GENERATION } from './generation';
import { LOCKS } from '../connect/locks';
import { withClient } from '../connect/provision';
import { sqlDir } from './files';
import { migrate } from './migrate';
import { listObjects } from './objects';
import { assertSchema, readSchemaState } from './state';

const QUIET = { info: () => undefined, warn: () => undefined };
/** What the first migration makes of what is otherwise of sql/functions, for good. */
const OF_THE_BASE = [
  'function public.dia_local(timestamp with time zone)',
  'function public.exige_escritor(integer)',
  'function public.fuso()',
  'function public.inicio_do_dia(pg_catalog.date)',
];

test.each(SERVERS)(
  'the set owns every view, function and trigger but those of the first migration on $name',
  async (server) => {
    const database = await freshDatabase(server);
    try {
      await withClient(database.ownerUrl, async (client) => {
        const { rows } = await client.query<{ objetos: string[] }>('SELECT objetos FROM funcoes_aplicadas');
        const others = (await listObjects(client)).filter((name) => rows[0]?.objetos.includes(name) !== true);
        expect(others.filter((name) => !name.includes('ts_insert_blocker'))).toEqual(OF_THE_BASE);
      });
    } finally {
      await database.drop();
    }
  },
);

// Nothing of the rest differs from one server to the other.
describe.each(SERVERS.slice(0, 1))('on $name', (server) => {
  let database: TestDatabase;
  let owner: Client;
  /** A copy of the folder sql, as the next version would have it. */
  let next: string;
  beforeEach(async () => {
    database = await freshDatabase(server);
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    next = await mkdtemp(path.join(tmpdir(), 'rastreio-sql-'));
    await cp(sqlDir(), next, { recursive: true });
  });
  afterEach(async () => {
    await owner.end();
    await database.drop();
    await rm(next, { recursive: true });
  });

  const rewrite = async (file: string, change: (sql: string) => string) => {
    const before = await readFile(path.join(next, file), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    await writeFile(path.join(next, file), after);
  };
  const migrated = (sql?: string) => migrate({ databaseUrl: database.ownerUrl, log: QUIET, sql });
  const state = async (sql?: string) => (await readSchemaState(owner, sql)).functions;
  /** A statement of the set less: the view tamanho_total. */
  const withoutTotal = () =>
    rewrite('functions/16_tamanho.sql', (sql) =>
      sql
        .replace(/CREATE VIEW tamanho_total[^]*?;\n/, '')
        .replace(/COMMENT ON VIEW tamanho_total[^;]*;\n/, '')
        .replace(', tamanho_total', ''),
    );

  test('what the files lack disappears, also what others were made of, and the version before goes on', async () => {
    await withoutTotal();
    // pacotes_parados, and parados_por_status with it, read another source; and of frescor the columns change place.
    await rewrite('functions/07_status.sql', (sql) =>
      sql
        .replace(/CREATE VIEW limites_dos_status[^]*?;\n/, '')
        .replace(/COMMENT ON VIEW limites_dos_status[^]*?;\n/, '')
        .replace(', limites_dos_status TO', ' TO'),
    );
    await rewrite('functions/11_em_andamento.sql', (sql) =>
      sql.replace(
        'SELECT * FROM limites_dos_status',
        "SELECT * FROM permanencia_no_periodo('-infinity', '-infinity')",
      ),
    );
    await rewrite('functions/13_ingestao.sql', (sql) =>
      sql.replace('SELECT t.topico, r.recebido_ate,', 'SELECT r.recebido_ate, t.topico,'),
    );
    const before = await listObjects(owner);
    expect(await state(next)).toBe('differs');
    expect((await readSchemaState(owner, next)).pending).toEqual(['functions']);
    expect(await migrated(next)).toEqual(['functions']);
    const after = await listObjects(owner);
    expect(before.filter((name) => !after.includes(name))).toEqual([
      'view public.limites_dos_status',
      'view public.tamanho_total',
    ]);
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
    const { fields } = await owner.query('SELECT * FROM frescor');
    expect(fields.map(({ name }) => name)).toEqual(['recebido_ate', 'topico', 'segundos']);
    expect([await state(next), await migrated(next)]).toEqual(['current', []]);
    // A program of this version, whose set the database had.
    expect(await state()).toBe('newer');
    await assertSchema(owner);
    // And back.
    expect(await migrated()).toEqual(['functions']);
    expect(await listObjects(owner)).toEqual(before);
  });

  test('programs refuse a database that never had their set', async () => {
    await owner.query(`UPDATE funcoes_aplicadas SET sha256 = 'another'`);
    expect(await state()).toBe('differs');
    await expect(withClient(database.writerUrl, assertSchema)).rejects.toMatchObject({
      exitCode: 78,
      message: 'The database lacks functions; run "npm run db:migrate" and start again.',
    });
    expect(await migrated()).toEqual(['functions']);
    await withClient(database.writerUrl, assertSchema);
  });

  test('a view of somebody else is not dropped: it is named, and nothing is changed', async () => {
    await withoutTotal();
    await owner.query(`
      CREATE SCHEMA alheio;
      CREATE VIEW minha_visao AS SELECT origem FROM rotas_desde_ontem;
      CREATE VIEW alheio."Outra" AS SELECT * FROM minha_visao;
      CREATE TABLE alheio.conta (dias date[] DEFAULT ultimos_dias(3));
      CREATE VIEW de_tabelas AS SELECT count(*) AS total FROM pacotes`);
    const before = await listObjects(owner);
    await expect(migrated(next)).rejects.toThrow(
      'these of yours rest on them: default value for alheio.conta.dias, view alheio."Outra", view public.minha_visao. Keep',
    );
    expect([await listObjects(owner), await state()]).toEqual([before, 'current']);
    await owner.query(`DROP VIEW minha_visao CASCADE; DROP TABLE alheio.conta`);
    expect(await migrated(next)).toEqual(['functions']);
    expect((await owner.query('SELECT total FROM de_tabelas')).rows).toEqual([{ total: '0' }]);
  });

  test('rights that a role of somebody else had on a view or function, it has afterwards', async () => {
    await withoutTotal();
    const role = `alguem_${path.basename(next).replaceAll(/\W/g, '_')}`;
    await withClient(database.adminUrl, (admin) => admin.query(`CREATE ROLE "${role}"`));
    try {
      await owner.query(
        `GRANT SELECT ON torre, tamanho_total TO "${role}"; GRANT EXECUTE ON FUNCTION fatia_livre() TO "${role}" WITH GRANT OPTION`,
      );
      await migrated(next);
      const { rows } = await owner.query(
        `SELECT has_table_privilege($1, 'torre', 'SELECT') AS torre, has_table_privilege($1, 'frescor', 'SELECT') AS frescor,
                has_function_privilege($1, 'fatia_livre()', 'EXECUTE WITH GRANT OPTION') AS fatia`,
        [role],
      );
      expect(rows).toEqual([{ torre: true, frescor: false, fatia: true }]);
    } finally {
      await withClient(database.adminUrl, (admin) =>
        admin.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`),
      );
    }
  });

  test('a mistake in a file leaves all as it was, and is found by the name of the file', async () => {
    await rewrite('functions/12_torre.sql', (sql) =>
      sql.replaceAll('historico_das_rotas', 'historia_das_rotas').replace('VIEW historia', 'VIEW historico'),
    );
    const before = await listObjects(owner);
    await expect(migrated(next)).rejects.toThrow(/^sql\/functions\/12_torre\.sql: .*historia_das_rotas/);
    expect([await listObjects(owner), await state()]).toEqual([before, 'current']);
  });

  test('a migration and the functions for it are applied together, and shut older versions out', async () => {
    await writeFile(
      path.join(next, 'migrations', '0002_nota.sql'),
      `DROP VIEW tamanho_total; ALTER TABLE pacotes ADD COLUMN nota text; SELECT exige_escritor(${WRITER_GENERATION + 1});`,
    );
    await rewrite('functions/16_tamanho.sql', (sql) =>
      sql.replace(
        'SELECT pg_database_size',
        'SELECT (SELECT max(nota) FROM pacotes) AS nota, pg_database_size',
      ),
    );
    expect(await migrated(next)).toEqual(['0002_nota', 'functions']);
    await expect(assertSchema(owner)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('for writers of generation') as string,
    });
    await expect(migrated()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('The database has 0002_nota, which this checkout lacks') as string,
    });
    await owner.query(`DELETE FROM migracoes WHERE name = '0002_nota'`);
    await expect(migrated()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('for writers of generation') as string,
    });
    expect(await state()).toBe('newer');
  });

  test('whoever holds a table longer than it waits is waited for again; a comparison that runs is not disturbed', async () => {
    await withoutTotal();
    // Grafana's role may not hold one so long.
    const holder = new Client({ connectionString: database.writerUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN; SELECT FROM pacotes');
      const applied = migrated(next);
      // Longer than one try.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      expect(await state(next)).toBe('differs');
      await holder.query('COMMIT');
      expect(await applied).toEqual(['functions']);

      await owner.query('SELECT pg_advisory_lock_shared($1)', [LOCKS.comparing]);
      await expect(migrated()).rejects.toThrow('Another db:verify, db:rebuild or db:retain is at work');
      expect(await state(next)).toBe('current');
    } finally {
      await holder.end();
    }
  });
});
