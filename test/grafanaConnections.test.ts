import { asRole, ROLES, withClient } from '@rastreio/database';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { Client, type ClientBase } from 'pg';
import { RULE_GROUPS, SOURCES } from './support/dashboardFiles';

const DENIED = '42501';
const TOO_MUCH_ON_DISK = '53400';
const IDLE_IN_TRANSACTION = '25P03';
const TRANSACTION_TIMEOUT = '25P04';
const TRANSACTION_TIMEOUT_SINCE = 170_000;

const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (e: Error & { code?: string }) => e.code ?? e.message,
  );

test('alert rules ask the database by a data source, a role and connections that no dashboard has', () => {
  const userOf = (uid: string) => SOURCES.find((source) => source.uid === uid)?.user;
  const queries = RULE_GROUPS.flatMap(({ rules }) => rules).flatMap(({ data }) => data);
  const asked = new Set(queries.map(({ datasourceUid }) => datasourceUid));
  expect([...asked].sort()).toEqual(['__expr__', 'rastreio-alertas', 'rastreio-prometheus']);
  expect(userOf('rastreio-alertas')).toBe('$GRAFANA_ALERTS_USER');
  expect(userOf('rastreio-timescaledb')).toBe('$GRAFANA_READER_USER');
});

test('Grafana keeps no connection longer than a minute', () => {
  const lifetimes = SOURCES.filter(({ type }) => type === 'grafana-postgresql-datasource').map(
    ({ jsonData }) => jsonData.connMaxLifetime,
  );
  expect(lifetimes).toEqual([60, 60, 60]);
});

// What Grafana does: one connection, given to one query after the other, whoever sends them.
describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let urls: Readonly<Record<'reader' | 'alerts', string>>;
  beforeAll(async () => {
    database = await freshDatabase(server);
    const { password } = new URL(database.readerUrl);
    urls = { reader: database.readerUrl, alerts: asRole(database.readerUrl, ROLES.alerts, password) };
  });
  afterAll(() => database.drop());

  const ROLE_NAMES = ['reader', 'alerts'] as const;

  /** What ended a connection, while queries keep coming or none does. */
  async function ended(url: string, left: string, keepAsking: boolean): Promise<string | undefined> {
    const client = new Client({ connectionString: url });
    let code: string | undefined;
    const gone = new Promise<void>((resolve) => {
      client.on('error', (e: Error & { code?: string }) => (code ??= e.code));
      client.on('end', resolve);
    });
    await client.connect();
    await client.query(left).catch(() => undefined);
    let open = true;
    void gone.then(() => (open = false));
    while (keepAsking && open) {
      await codeOf(client.query('SELECT now()'));
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await gone;
    return code;
  }

  test.each(ROLE_NAMES)(
    'a transaction that somebody leaves open as %s ends with its connection',
    async (role) => {
      const left = [
        'BEGIN; SELECT 1/0',
        'BEGIN; SELECT now()',
        'BEGIN; LOCK TABLE pacotes IN ACCESS SHARE MODE',
      ];
      expect(await Promise.all(left.map((sql) => ended(urls[role], sql, false)))).toEqual(
        left.map(() => IDLE_IN_TRANSACTION),
      );
    },
  );

  test('also while refreshes of a dashboard keep it from being idle, where the server can', async () => {
    const version = await withClient(database.adminUrl, serverVersion);
    // An older server ends it as soon as nobody asks for five seconds. So does any where the transaction has failed, since only its
    // statements are timed then; at the latest Grafana gives the connection back.
    const busy = version >= TRANSACTION_TIMEOUT_SINCE;
    expect(await ended(urls.reader, 'BEGIN; SELECT now()', busy)).toBe(
      busy ? TRANSACTION_TIMEOUT : IDLE_IN_TRANSACTION,
    );
  });

  test('both read the same, and neither ends queries of the other', async () => {
    const reading = (url: string) =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `SELECT oid::regclass::text AS name FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') AND has_table_privilege(oid, 'SELECT') ORDER BY 1`,
        );
        return rows.map(({ name }) => name);
      });
    const readable = await reading(urls.reader);
    expect(readable.length).toBeGreaterThan(50);
    expect(await reading(urls.alerts)).toEqual(readable);
    await withClient(urls.alerts, async (alerts) => {
      const { rows } = await alerts.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const end = (client: ClientBase) =>
        codeOf(client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]));
      expect(await withClient(urls.reader, end)).toBe(DENIED);
      expect(await withClient(database.writerUrl, end)).toBe(DENIED);
    });
  });

  test.each(ROLE_NAMES)('%s fills neither the log nor the disk', async (role) => {
    await withClient(urls[role], async (client) => {
      await client.query('SET default_transaction_read_only = off');
      for (const sql of [
        `SELECT pg_logical_emit_message(false, 'a', repeat('x', 1000))`,
        `SELECT pg_logical_emit_message(true, 'a', 'x'::bytea)`,
        `SELECT lo_creat(-1)`,
      ])
        expect([sql, await codeOf(client.query(sql))]).toEqual([sql, DENIED]);
      const big = `SELECT count(*) FROM (SELECT repeat('x', 1000) || g AS t FROM generate_series(1, 400000) AS g ORDER BY t OFFSET 1) AS s`;
      expect(await codeOf(client.query(big))).toBe(TOO_MUCH_ON_DISK);
      // Only a superuser changes that one.
      expect(await codeOf(client.query('SET temp_file_limit = -1'))).toBe(DENIED);
    });
  });
});

async function serverVersion(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  return rows[0]?.version ?? 0;
}
