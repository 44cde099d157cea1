import { Client, Pool } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { CONNECTION_DEFAULTS } from '../connect/pool';
import { describeStatus } from './describeStatus';
import { lockRoom, readStatus } from './status';

test('six queries over twenty-six years of weekly chunks do not fit into the default, and it is said what to set', () => {
  const years = lockRoom(1_356, 64, 100);
  expect(years).toEqual({ chunks: 1_356, needed: 24_408, room: 6_400, setting: 64, wanted: 256 });
  expect(lockRoom(1_356, years.wanted, 100).room).toBeGreaterThanOrEqual(years.needed);
  expect(lockRoom(10, 64, 100)).toMatchObject({ wanted: 64 });
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    owner = new Client({ ...CONNECTION_DEFAULTS, connectionString: database.ownerUrl });
    await owner.connect();
    // Two years; making a chunk takes longer than anything else here.
    await owner.query(
      `INSERT INTO eventos_rastreamento (id_pacote, data_evento, status_rastreamento)
       SELECT 1, d, 'POSTADO' FROM generate_series(timestamptz '2024-01-01 00:00:00+00', '2025-12-31', '7 days') AS d`,
    );
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  test('the status counts chunks and locks', async () => {
    const status = await readStatus(owner);
    if (!server.timescaledb) return expect(status.locks).toBeNull();
    expect(status.locks?.chunks).toBeGreaterThanOrEqual(104);
    expect(describeStatus(status)).toMatch(
      /^Locks +\d+ chunks of events; a dashboard takes up to \d+ locks/m,
    );
    const few = { ...status, locks: lockRoom(1_356, 64, 100) };
    expect(describeStatus(few)).toContain('set max_locks_per_transaction = 256');
  });

  test('a query takes no more locks of a chunk than are counted, six at once included', async () => {
    const status = await readStatus(owner);
    const pool = new Pool({ ...CONNECTION_DEFAULTS, connectionString: database.readerUrl, max: 6 });
    const clients = await Promise.all(Array.from({ length: 6 }, () => pool.connect()));
    for (const client of clients) {
      await client.query('BEGIN');
      await client.query('SELECT * FROM status_em(now())');
    }
    const { rows } = await owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND relation IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '_timescaledb_internal')`,
    );
    for (const client of clients) await client.query('ROLLBACK');
    clients.forEach((client) => client.release());
    await pool.end();
    expect(rows[0]?.n ?? 0).toBeLessThanOrEqual(status.locks?.needed ?? 0);
    expect((rows[0]?.n ?? 0) > 0).toBe(server.timescaledb);
  });
});
