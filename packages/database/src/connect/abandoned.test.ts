// Shows G2 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { endAbandonedTransactions } from './abandoned';
import { createWriterPool } from '../write/writerPool';
import { sqlstate } from './sqlstate';

const SILENT_MS = 1_000;
const INSERT = `INSERT INTO pacotes (id_pacote, origem, destino, status_atual, data_status, ordem_status, data_inicio)
  VALUES (7, 'a', 'b', 'POSTADO', now(), 10, now())`;

describe.each(MATRIX)('$name', (server) => {
  let db: TestDatabase;
  let pool: Pool;
  let other: Pool;
  beforeAll(async () => {
    db = await freshDatabase(server);
    const open = (applicationName: string) =>
      createWriterPool({
        databaseUrl: db.writerUrl,
        connections: 3,
        applicationName,
        lockTimeoutMs: 200,
        // The server's own limits are over by the time at which we end it, and do not.
        queryTimeoutMs: SILENT_MS / 2,
      });
    [pool, other] = [open('writers'), open('others')];
  });
  afterAll(async () => {
    await pool.end();
    await other.end();
    await db.drop();
  });

  /** A client that has written a row and sent half of a COPY, and then goes silent. */
  async function silent(of: Pool): Promise<PoolClient> {
    const client = await of.connect();
    await client.query('BEGIN');
    await client.query(INSERT);
    const copy = client.query(copyFrom('COPY pg_temp.lote_eventos FROM STDIN'));
    copy.on('error', () => undefined);
    await new Promise((resolve) => copy.write('7\t2026-01-01T00:00:00Z\t', resolve));
    return client;
  }
  const write = async () => {
    await pool.query('BEGIN; ' + INSERT + '; ROLLBACK');
  };
  const end = async () => {
    const client = await pool.connect();
    try {
      return await endAbandonedTransactions(client, SILENT_MS);
    } finally {
      client.release();
    }
  };

  test('a transaction left in the middle of a COPY blocks others until it is ended', async () => {
    const abandoned = await silent(pool);
    const problem = () => write().catch((error: unknown) => sqlstate(error));
    expect(await problem()).toBe('55P03');
    // Not yet: its client may be alive.
    expect(await end()).toBe(0);
    await sleep(SILENT_MS);
    expect(await problem()).toBe('55P03');
    expect(await end()).toBe(1);
    await write();
    abandoned.release(true);
  });

  test('what another application left, and connections that are merely idle, stay', async () => {
    const foreign = await silent(other);
    const idle = await pool.connect();
    await idle.query('SELECT 1');
    await sleep(SILENT_MS + 100);
    expect(await end()).toBe(0);
    await idle.query('SELECT 1');
    idle.release();
    foreign.release(true);
  });
});
