import { createWriterPool, provision, withClient, withPoolClient, writeBatch } from '@rastreio/database';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { Client } from 'pg';
import type { Value } from '../services/preview/web/variables/types';
import { tokens } from '../packages/grafana/src/lint/sql';
import { DASHBOARDS } from './support/dashboardFiles';
import { filledIn, sqlTargets } from './support/dashboardSql';

// Whoever opens a dashboard chooses its variables, by a link as well, and can send SQL of their own (docs/security.md).
const HOUR_MS = 3_600_000;
const LIVE = 'rastreio-timescaledb';
const DENIED = '42501';
const END_OF_TIME = '57014';

/** Values that end the quotes in which a careless query would have put them. */
const HOSTILE = [
  `'; DROP TABLE pacotes; --`,
  `') ; DELETE FROM pacotes; --`,
  `$v$)); UPDATE pacotes SET origem = 'x'; --`,
  `$v$ || (SELECT valor FROM eventos_rejeitados LIMIT 1) || $v$`,
  `\\'; DROP TABLE pacotes; --`,
  `"; DROP TABLE pacotes; --`,
  `$$; DROP TABLE pacotes; $$`,
  `'||pg_sleep(60)||'`,
  `1 OR 1=1`,
  `1); SELECT pg_read_file('PG_VERSION'); --`,
  `*/ DROP TABLE pacotes; /*`,
  `\${__from}'; DROP TABLE pacotes; --`,
  `\u0027; DROP TABLE pacotes; --\n`,
];
const BENIGN = 'Natal';

/** A query's pieces without what its texts say. */
const shapeOf = (sql: string) =>
  tokens(sql).map(({ kind, text }) => (kind === 'text' ? "'…'" : `${kind} ${text}`));

const variables = DASHBOARDS.flatMap((dashboard) =>
  dashboard.templating.list.map((variable) => ({ dashboard, variable })),
);

test.each(variables.map((each) => [`${each.dashboard.uid}/${each.variable.name}`, each] as const))(
  'no value of %s is read as SQL',
  (_name, { dashboard, variable: { name } }) => {
    let used = 0;
    for (const { sql } of sqlTargets(dashboard)) {
      const filled = (value: Value) =>
        filledIn(sql, LIVE, { toMs: 0, rangeMs: HOUR_MS, values: new Map([[name, value]]) });
      if (filled('a') === filled('b')) continue;
      used++;
      for (const bad of HOSTILE) {
        expect([sql, bad, shapeOf(filled(bad))]).toEqual([sql, bad, shapeOf(filled(BENIGN))]);
        expect([sql, bad, shapeOf(filled([bad, bad]))]).toEqual([
          sql,
          bad,
          shapeOf(filled([BENIGN, BENIGN])),
        ]);
      }
    }
    expect([name, used > 0]).toEqual([name, true]);
  },
);

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  let reader: Client;
  let before: unknown;
  beforeAll(async () => {
    database = await freshDatabase(server);
    reader = new Client({ connectionString: database.readerUrl });
    await reader.connect();
    const pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
    });
    const event = {
      id_pacote: 1,
      origem: 'Natal',
      destino: 'Paraíba',
      status_rastreamento: 'POSTADO',
      data_atualizacao: '2026-01-01T00:00:00.000000Z',
      recebido_em: 0,
    };
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 't', partition: 0, events: [event], rejected: [] }),
    );
    await pool.end();
    // What a viewer leaves in a connection that Grafana keeps.
    await reader.query('SET default_transaction_read_only = off');
    before = await fingerprint(database.adminUrl);
  });
  afterAll(async () => {
    await reader.end();
    await database.drop();
  });
  const attempt = async (sql: string): Promise<string> => {
    const outcome = await reader.query(sql).then(
      () => 'done',
      (e: { code?: string; message: string }) =>
        e.message === 'tuple concurrently updated' ? 'again' : (e.code ?? 'lost'),
    );
    await reader.query('ROLLBACK');
    // Roles belong to the server, where other tests make their databases meanwhile.
    return outcome === 'again' ? attempt(sql) : outcome;
  };
  const outcomes = async (statements: readonly string[]) => {
    const found: string[] = [];
    for (const sql of statements) found.push(`${await attempt(sql)}: ${sql}`);
    return found;
  };
  const allDenied = (statements: readonly string[]) => statements.map((sql) => `${DENIED}: ${sql}`);
  afterEach(async () => {
    expect(await fingerprint(database.adminUrl)).toEqual(before);
  });

  test('hostile values of variables are looked for and not found', async () => {
    for (const { dashboard, variable } of variables)
      for (const { sql } of sqlTargets(dashboard))
        for (const bad of HOSTILE) {
          const values = new Map<string, Value>([[variable.name, [bad]]]);
          const text = filledIn(sql, LIVE, { toMs: 0, rangeMs: HOUR_MS, values });
          // The list of the control tower and the level of lanes say which ones there are.
          const ends = /^(lista|nivel)$/.test(variable.name) ? /^(done|22023)$/ : /^done$/;
          if (text.includes('DROP'))
            expect([bad, await attempt(text)]).toEqual([bad, expect.stringMatching(ends)]);
        }
  });

  test('files, programs, other roles, other servers and the server itself are out of reach', async () => {
    const statements = [
      `COPY pacotes FROM '/etc/passwd'`,
      `COPY pacotes FROM PROGRAM 'id'`,
      `COPY (SELECT 1) TO PROGRAM 'cat > /tmp/x'`,
      `COPY (SELECT 1) TO '/tmp/x'`,
      `SELECT pg_read_binary_file('PG_VERSION')`,
      `SELECT pg_stat_file('PG_VERSION')`,
      `SELECT lo_export(1, '/tmp/x')`,
      'SELECT * FROM pg_hba_file_rules',
      'SELECT * FROM pg_file_settings',
      'SELECT * FROM pg_statistic',
      'SELECT valor FROM eventos_rejeitados',
      'SELECT chave, cabecalhos FROM eventos_rejeitados',
      'SELECT e FROM eventos_rejeitados e',
      'SELECT row_to_json(e) FROM eventos_rejeitados e',
      `SELECT query_to_xml('SELECT valor FROM eventos_rejeitados', true, true, '')`,
      'SET session_replication_role = replica',
      'SET event_triggers = off',
      `SET log_statement = 'none'`,
      'SET temp_file_limit = -1',
      `LOAD 'auto_explain'`,
      `ALTER SYSTEM SET work_mem = '1GB'`,
      'CHECKPOINT',
      'SELECT pg_switch_wal()',
      'SELECT pg_promote()',
      'SELECT pg_stat_reset()',
      `SELECT pg_create_physical_replication_slot('x')`,
      `SELECT pg_replication_origin_create('x')`,
      'CREATE ROLE x',
      'CREATE DATABASE x',
      'CREATE PUBLICATION x',
      `CREATE SUBSCRIPTION x CONNECTION 'host=127.0.0.1' PUBLICATION x`,
      'DROP ROLE grafana_alerts',
      `ALTER ROLE grafana_alerts PASSWORD 'x'`,
      'ALTER ROLE grafana_alerts SET statement_timeout = 0',
      'REVOKE grafana_reader FROM grafana_alerts',
      'GRANT grafana_reader TO rastreio_writer',
      'DROP OWNED BY grafana_alerts',
      'DROP OWNED BY CURRENT_USER',
      `COMMENT ON TABLE pacotes IS 'x'`,
    ];
    expect(await outcomes(statements)).toEqual(allDenied(statements));
    // The text of what others ask is not shown, nor what the values of a rejected message look like.
    const { rows } = await reader.query<{ n: string }>(`
      SELECT (SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user AND query NOT IN ('', '<insufficient privilege>'))
           + (SELECT count(*) FROM pg_stats WHERE tablename = 'eventos_rejeitados' AND attname IN ('valor', 'chave', 'cabecalhos')) AS n`);
    expect(rows).toEqual([{ n: '0' }]);
  });

  test('rights that are not there cannot be given or taken; PostgreSQL only warns', async () => {
    for (const sql of [
      'GRANT SELECT ON pacotes TO PUBLIC',
      'REVOKE SELECT ON pacotes FROM grafana_reader',
      'VACUUM FULL pacotes',
      'ANALYZE',
    ])
      expect([sql, await attempt(sql)]).toEqual([sql, 'done']);
  });

  test('functions of TimescaleDB that change something are the owner’s', async () => {
    if (!server.timescaledb) return;
    const [{ chunk } = { chunk: '' }] = await withClient(database.adminUrl, async (client) => {
      const { rows } = await client.query<{ chunk: string }>(
        `SELECT format('%I.%I', schema_name, table_name) AS chunk FROM _timescaledb_catalog.chunk LIMIT 1`,
      );
      return rows;
    });
    expect(chunk).toMatch(/chunk$/);
    const f = '_timescaledb_functions';
    const statements = [
      // Of 2.19.3: this one asks nobody whether they may.
      `SELECT ${f}.drop_chunk('${chunk}')`,
      `SELECT ${f}.freeze_chunk('${chunk}')`,
      `SELECT ${f}.remove_dropped_chunk_metadata(1)`,
      `SELECT ${f}.attach_osm_table_chunk('eventos_rastreamento', 'pacotes')`,
      `SELECT ${f}.stop_background_workers()`,
      `CALL ${f}.repair_relation_acls()`,
      `CALL ${f}.cagg_migrate_update_watermark(1)`,
      `SELECT drop_chunks('eventos_rastreamento', older_than => now())`,
      `SELECT set_chunk_time_interval('eventos_rastreamento', interval '1 day')`,
      `SELECT attach_tablespace('pg_default', 'eventos_rastreamento')`,
      `SELECT add_dimension('eventos_rastreamento', 'id_pacote', 2)`,
      'SELECT timescaledb_pre_restore()',
      `SELECT compress_chunk('${chunk}')`,
      `SELECT move_chunk('${chunk}', 'pg_default', 'pg_default')`,
      `CALL merge_chunks('${chunk}', '${chunk}')`,
      `SELECT add_job('now', '1h')`,
      'SELECT delete_job(job_id) FROM timescaledb_information.jobs',
      `SELECT add_retention_policy('eventos_rastreamento', interval '1 day')`,
    ];
    expect(await outcomes(statements)).toEqual(allDenied(statements));
    // The owner still maintains the table, and nobody else has a function that changes something.
    await withClient(database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ ok: boolean }>(
        `SELECT has_function_privilege('${f}.drop_chunk(regclass)', 'EXECUTE') AS ok`,
      );
      expect(rows).toEqual([{ ok: true }]);
    });
    await withClient(database.writerUrl, async (client) => {
      await expect(client.query(statements[0] ?? '')).rejects.toMatchObject({ code: DENIED });
    });
  });

  // What PostgreSQL lets every role do to itself; docs/security.md says what bounds it.
  test('a viewer may raise the limits of a connection, which end with it, and those of the role, which end with the next start', async () => {
    for (const sql of [
      'SET statement_timeout = 0',
      `SET work_mem = '1GB'`,
      'SET idle_in_transaction_session_timeout = 0',
    ])
      expect([sql, await attempt(sql)]).toEqual([sql, 'done']);
    await reader.query('RESET ALL; SET default_transaction_read_only = off');
    const name = new URL(database.adminUrl).pathname.slice(1);
    // In this database only: other tests use the role beside this one.
    await reader.query(`ALTER ROLE grafana_reader IN DATABASE ${name} SET statement_timeout = 0`);
    const limitOf = () =>
      withClient(database.readerUrl, async (client) => {
        const { rows } = await client.query<{ t: string }>(
          `SELECT current_setting('statement_timeout') AS t`,
        );
        return rows[0]?.t;
      });
    expect(await limitOf()).toBe('0');
    const password = (url: string) => new URL(url).password;
    await withClient(server.adminUrl, async (client) => {
      // Two at once would alter the same roles: see freshDatabase.
      await client.query('SELECT pg_advisory_lock(42)');
      await provision({
        adminUrl: server.adminUrl,
        database: name,
        timescaledb: server.timescaledb,
        ownerPassword: password(database.ownerUrl),
        writerPassword: password(database.writerUrl),
        readerPassword: password(database.readerUrl),
      });
    });
    expect(await limitOf()).toBe('15s');
  });

  test('a query that never ends is ended, and connections are left for those who write', async () => {
    await reader.query('RESET ALL');
    const { rows } = await reader.query<Record<string, string | number>>(
      `SELECT rolconnlimit AS connections, current_setting('statement_timeout') AS timeout,
              current_setting('temp_file_limit') AS files FROM pg_roles WHERE rolname = current_user`,
    );
    expect(rows).toEqual([{ connections: 40, timeout: '15s', files: '256MB' }]);
    // The same with a shorter limit, so that nobody waits here.
    await reader.query('SET default_transaction_read_only = off; SET statement_timeout = 200');
    for (const sql of [
      'SELECT pg_sleep(60)',
      'SELECT count(*) FROM generate_series(1, 1e12)',
      'DO $$ BEGIN LOOP BEGIN PERFORM 1; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$',
    ])
      expect([sql, await attempt(sql)]).toEqual([sql, END_OF_TIME]);
    await reader.query('SET statement_timeout = 0');
  });
});

/** All data, and all that says who may do what. */
async function fingerprint(adminUrl: string): Promise<unknown> {
  return withClient(adminUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'p')
       AND (relnamespace IN ('public'::regnamespace, 'conferencia'::regnamespace) OR relname ~ '_chunk$') ORDER BY 1`,
    );
    const data: unknown[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT count(*) AS n, md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) AS md5 FROM ${name} AS t`,
      );
      data.push([name, rows[0]]);
    }
    const { rows } = await client.query<Record<string, unknown>>(`
      SELECT (SELECT md5(string_agg(concat_ws(' ', oid, relname, relowner, relacl), ',' ORDER BY oid)) FROM pg_class WHERE relpersistence <> 't') AS relations,
             (SELECT md5(string_agg(concat_ws(' ', oid, proname, proacl, prosrc), ',' ORDER BY oid)) FROM pg_proc) AS functions,
             (SELECT count(*) FROM pg_largeobject_metadata) AS objects, (SELECT count(*) FROM pg_default_acl) AS defaults,
             (SELECT datacl::text FROM pg_database WHERE datname = current_database()) AS database,
             (SELECT string_agg(rolname || rolsuper || rolcreaterole, ',' ORDER BY rolname) FROM pg_authid WHERE rolname ~ '^(rastreio|grafana)') AS roles`);
    return { data, rows };
  });
}
