// Shows G2, G4, G8 of docs/guarantees.md.
import type { Client, Pool, PoolClient } from 'pg';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import type { BatchCounts, PlainReceived } from './batch';
import { findTableDifferences } from '../maintain/derivedTables';
import { WRITER_GENERATION } from '../schema/generation';
import { assertSchema } from '../schema/state';
import { withPoolClient } from '../connect/pool';
import { createWriterPool } from './writerPool';
import { withClient } from '../connect/provision';
import { writeBatch } from './writeBatch';
import { writeEvents } from './writeEvents';

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase(server);
    pool = createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  const asOwner = <T>(run: (client: Client) => Promise<T>) => withClient(database.ownerUrl, run);
  const clear = () =>
    asOwner((client) => client.query('TRUNCATE pacotes, eventos_rastreamento, eventos_rejeitados, ingestao'));
  const write = (events: readonly PlainReceived[]): Promise<BatchCounts> =>
    withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
    );

  /** Writes `before`, then `theirs` by a writer that commits only when another one waits for it with `ours`. */
  async function overtake(
    before: readonly PlainReceived[],
    theirs: readonly PlainReceived[],
    ours: readonly PlainReceived[],
  ): Promise<BatchCounts> {
    await clear();
    await write(before);
    const [zombie, owner] = [await pool.connect(), await pool.connect()];
    try {
      await zombie.query('BEGIN');
      await writeEvents(zombie, theirs, { provenNew: true });
      const writing = writeBatch(owner, { topic: 'test', partition: 0, events: ours, rejected: [] });
      await until(async () => {
        const { rows } = await asOwner((c) =>
          c.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`,
          ),
        );
        return rows[0]?.n === 1;
      });
      await zombie.query('COMMIT');
      const counts = await writing;
      expect(await asOwner(findTableDifferences)).toEqual([]);
      return counts;
    } finally {
      zombie.release();
      owner.release();
    }
  }

  const posted = event(1, 'POSTADO', '2026-01-01T00:00:00.000000Z');
  const moved = event(1, 'EM TRÂNSITO', '2026-01-02T00:00:00.000000Z');
  const delivered = event(1, 'ENTREGUE', '2026-01-03T00:00:00.000000Z');

  test('a parcel that another writer makes meanwhile keeps what its events say of places', async () => {
    await clear();
    const event = (origem: string, hour: number): PlainReceived => ({
      ...{ id_pacote: 9, origem, destino: 'Paraíba', status_rastreamento: 'POSTADO', recebido_em: 0 },
      data_atualizacao: `2026-01-01T0${hour}:00:00.000000Z`,
    });
    const [zombie, owner] = [await pool.connect(), await pool.connect()];
    try {
      await zombie.query('BEGIN');
      await writeEvents(zombie, [event('Natal', 2)], { provenNew: true });
      await owner.query('BEGIN');
      const writing = writeEvents(owner, [event('Acre', 1)], { provenNew: false });
      await until(async () => {
        const { rows } = await asOwner((c) =>
          c.query(`SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`),
        );
        return rows.length === 1;
      });
      await zombie.query('COMMIT');
      await writing;
      await owner.query('COMMIT');
    } finally {
      zombie.release();
      owner.release();
    }
    const { rows } = await asOwner((client) =>
      client.query(
        `SELECT p.origem AS now, coalesce(e.detalhes->>'origem', p.origem) AS said
         FROM eventos_rastreamento e JOIN pacotes p USING (id_pacote) ORDER BY e.data_evento`,
      ),
    );
    expect(rows).toEqual([
      { now: 'Acre', said: 'Acre' },
      { now: 'Acre', said: 'Natal' },
    ]);
  });

  test('an event that a zombie stores between our look and our write counts once', async () => {
    expect(await overtake([], [posted], [posted])).toEqual({
      consumed: 1,
      inserted: 0,
      duplicate: 1,
      rejected: 0,
      unknown: 0,
    });
    expect(await asOwner(countRows)).toEqual({ events: 1, parcels: 1 });
  });

  test.each([
    ['a new parcel, in order', [], [posted], [moved]],
    ['a new parcel, the other way round', [], [delivered], [posted, moved]],
    ['a known parcel, in order', [posted], [moved], [delivered]],
    ['a known parcel, the other way round', [posted], [delivered], [moved]],
  ])(
    'two writers with different events of %s: each is counted after the other',
    async (_, before, theirs, ours) => {
      expect(await overtake(before, theirs, ours)).toMatchObject({ inserted: ours.length, duplicate: 0 });
      expect(await asOwner(countRows)).toEqual({
        events: before.length + theirs.length + ours.length,
        parcels: 1,
      });
    },
  );

  test('a process that was stopped in the middle of a COPY closes the connection and writes on another', async () => {
    await clear();
    const impatient = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
      queryTimeoutMs: 300,
    });
    const batch = {
      topic: 'test',
      partition: 0,
      events: [event(1, 'POSTADO', '2026-01-01T00:00:00.000000Z')],
      rejected: [],
    };
    try {
      const stopped = withPoolClient(impatient, (client) => {
        const query = client.query.bind(client) as (...args: unknown[]) => unknown;
        // As after SIGSTOP and SIGCONT: the time-out is due and the server's answer is there, at once.
        const slow = (...args: unknown[]) => {
          const result = query(...args);
          if (typeof args[0] !== 'string') block(400);
          return result;
        };
        return writeBatch(Object.assign(Object.create(client) as PoolClient, { query: slow }), batch);
      });
      await expect(stopped).rejects.toThrow('Query read timeout');
      expect(await withPoolClient(impatient, (client) => writeBatch(client, batch))).toMatchObject({
        inserted: 1,
      });
    } finally {
      await impatient.end();
    }
  });

  test('a migration that asks for newer writers shuts this one out, any other is taken as it comes', async () => {
    await clear();
    const first = event(1, 'POSTADO', '2026-01-01T00:00:00.000000Z');
    const second = event(1, 'ENTREGUE', '2026-01-02T00:00:00.000000Z');
    await write([first]);
    await asOwner((c) => c.query('ALTER TABLE pacotes ADD COLUMN nota text'));
    expect(await write([second])).toMatchObject({ inserted: 1 });
    await asOwner((c) => c.query('ALTER TABLE pacotes DROP COLUMN nota'));
    expect(await write([second])).toMatchObject({ duplicate: 1 });
    try {
      await asOwner((c) => c.query('SELECT exige_escritor($1)', [WRITER_GENERATION + 1]));
      await expect(write([event(2, 'POSTADO', '2026-01-01T00:00:00.000000Z')])).rejects.toMatchObject({
        name: 'OperatorError',
        exitCode: 78,
      });
      await expect(withClient(database.writerUrl, assertSchema)).rejects.toMatchObject({ exitCode: 78 });
    } finally {
      await asOwner((c) => c.query('SELECT exige_escritor($1)', [WRITER_GENERATION]));
    }
    expect(await write([event(2, 'POSTADO', '2026-01-01T00:00:00.000000Z')])).toMatchObject({ inserted: 1 });
  });

  test('a batch that fails leaves nothing behind', async () => {
    await clear();
    const wrong = event(5, 'X'.repeat(101), '2026-01-01T00:00:00.000000Z');
    await expect(write([event(4, 'POSTADO', '2026-01-01T00:00:00.000000Z'), wrong])).rejects.toMatchObject({
      code: '23514',
    });
    const { rows } = await asOwner((client) =>
      client.query(`SELECT (SELECT count(*) FROM pacotes) AS p, (SELECT count(*) FROM ingestao) AS i`),
    );
    expect(rows).toEqual([{ p: '0', i: '0' }]);
    expect(await write([event(4, 'POSTADO', '2026-01-01T00:00:00.000000Z')])).toMatchObject({ inserted: 1 });
  });
});

async function countRows(client: Client): Promise<unknown> {
  const { rows } = await client.query(
    'SELECT (SELECT count(*)::int FROM eventos_rastreamento) AS events, (SELECT count(*)::int FROM pacotes) AS parcels',
  );
  return rows[0];
}

function event(id_pacote: number, status_rastreamento: string, data_atualizacao: string): PlainReceived {
  return {
    id_pacote,
    origem: 'Natal',
    destino: 'Paraíba',
    status_rastreamento,
    data_atualizacao,
    recebido_em: Date.UTC(2026, 10, 1),
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Keeps the event loop from turning. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
