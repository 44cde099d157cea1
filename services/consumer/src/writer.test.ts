// Shows G4 of docs/guarantees.md.
import { DatabaseError, type Pool } from 'pg';
import { createDecoder } from '@rastreio/contract';
import { createWriterPool, withClient, writeBatch } from '@rastreio/database';
import { createLog } from '@rastreio/runtime';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { assemble, type Assembled } from './assemble';
import { receiveRecord, type ReceivedRecord } from './record';
import { AbandonedError, createWriter, type Writer } from './writer';

const decode = createDecoder();
const FROM = { topic: 'eventos_rastreamento', partition: 0 };

describe.each(SERVERS)('on $name', (server) => {
  let database: TestDatabase;
  let pool: Pool;
  let writes: number;
  let retries: number;
  let write: Writer;
  beforeAll(async () => {
    database = await freshDatabase(server);
    // A rule that only this database has: the way to get a data error out of an event that the contract accepts.
    await withClient(database.adminUrl, (c) =>
      c.query(`ALTER TABLE pacotes ADD CONSTRAINT refused CHECK (origem <> 'REFUSED')`),
    );
  });
  beforeEach(() => {
    writes = retries = 0;
    pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
      lockTimeoutMs: 200,
    });
    write = createWriter({
      log: createLog('test', 'silent'),
      firstDelayMs: 20,
      maxDelayMs: 50,
      onRetry: () => retries++,
      write: async (batch) => {
        writes++;
        const client = await pool.connect();
        return writeBatch(client, batch).then(
          (counts) => (client.release(), counts),
          (error: Error) => {
            client.release(error);
            throw error;
          },
        );
      },
    });
  });
  afterEach(async () => {
    await pool.end();
    await withClient(database.ownerUrl, (c) =>
      c.query('TRUNCATE pacotes, eventos_rastreamento, eventos_rejeitados, ingestao'),
    );
  });
  afterAll(() => database.drop());

  const name = () => new URL(database.adminUrl).pathname.slice(1);
  const never = new AbortController().signal;
  const scalar = async (sql: string) =>
    withClient(database.ownerUrl, async (c) =>
      Number(Object.values((await c.query(sql)).rows[0] as object)[0]),
    );

  test('one refused row among 1,024 is dead-lettered alone, at a cost of at most 2 log2(n) more statements', async () => {
    const result = await write(await batchOf(1024, new Set([700])), never);
    expect(result.counts).toMatchObject({ consumed: 1024, inserted: 1023, duplicate: 0, rejected: 1 });
    expect(result.rejected).toMatchObject([{ offset: '700', reason: 'database_rejected' }]);
    expect(result.rejected[0]?.detail).toContain('23514');
    expect(writes - 1).toBeLessThanOrEqual(2 * Math.log2(1024) + 1);
    expect(await scalar('SELECT count(*) FROM eventos_rastreamento')).toBe(1023);
    expect(await scalar('SELECT count(*) FROM eventos_rejeitados')).toBe(1);
    expect(await scalar('SELECT sum(consumidos) FROM ingestao')).toBe(1024);
  });

  test('every refused row is found, and messages that did not decode are kept once', async () => {
    const messages = [...messagesOf(64, new Set([0, 31, 63])), message(64, Buffer.from('not JSON'))];
    const result = await write(await assemble({ ...FROM, records: messages }, decode), never);
    expect(result.counts).toMatchObject({ consumed: 65, inserted: 61, duplicate: 0, rejected: 4 });
    expect(result.rejected.map((r) => r.offset).sort()).toEqual(['0', '31', '63', '64']);
    expect(await scalar('SELECT count(*) FROM eventos_rejeitados')).toBe(4);
  });

  test('a letter that the database refuses is kept without its bytes, and those around it whole', async () => {
    await withClient(database.adminUrl, (c) =>
      c.query(`ALTER TABLE eventos_rejeitados ADD CONSTRAINT refused CHECK (valor <> 'REFUSED 3')`),
    );
    const messages = [
      ...messagesOf(4, new Set()),
      ...Array.from({ length: 6 }, (_, i) => message(4 + i, Buffer.from(`REFUSED ${i}`))),
    ];
    const result = await write(await assemble({ ...FROM, records: messages }, decode), never);
    expect(result.counts).toMatchObject({ consumed: 10, inserted: 4, duplicate: 0, rejected: 6 });
    expect(await scalar('SELECT count(*) FROM eventos_rejeitados')).toBe(6);
    expect(
      await scalar(
        `SELECT count(*) FROM eventos_rejeitados WHERE valor IS NULL AND deslocamento = 7 AND detalhe LIKE '%23514%'`,
      ),
    ).toBe(1);
    await withClient(database.adminUrl, (c) =>
      c.query('ALTER TABLE eventos_rejeitados DROP CONSTRAINT refused'),
    );
  });

  test('an event from before the horizon of db:retain is dead-lettered alone', async () => {
    await withClient(database.ownerUrl, (c) =>
      c.query(`UPDATE retencao SET horizonte = '2025-12-31T00:00:00Z'`),
    );
    const old = JSON.stringify({
      ...{ id_pacote: 1, origem: 'Natal', destino: 'Paraíba', status_rastreamento: 'POSTADO' },
      data_atualizacao: '2025-12-30T23:59:59.999999Z',
    });
    const messages = [...messagesOf(7, new Set()), message(7, Buffer.from(old))];
    const result = await write(await assemble({ ...FROM, records: messages }, decode), never);
    expect(result.counts).toMatchObject({ consumed: 8, inserted: 7, duplicate: 0, rejected: 1 });
    expect(result.rejected).toMatchObject([{ offset: '7', reason: 'database_rejected' }]);
    expect(result.rejected[0]?.detail).toContain('db:retain');
  });

  test('a lock that is held too long is waited for: nothing is rejected', async () => {
    const result = await withClient(database.adminUrl, async (blocker) => {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
      const writing = write(await batchOf(10), never);
      await until(() => retries >= 2);
      await blocker.query('COMMIT');
      return writing;
    });
    expect(result.counts).toMatchObject({ inserted: 10, rejected: 0 });
  });

  test('a backend that is killed in the middle is replaced, and the batch is written once', async () => {
    const result = await withClient(database.adminUrl, async (admin) => {
      await admin.query('BEGIN');
      await admin.query('LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
      const writing = write(await batchOf(10), never);
      await until(async () => {
        // A connection of its own: within a transaction the activity is read once.
        const { rowCount } = await withClient(database.adminUrl, (c) =>
          c.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test' AND datname = current_database() AND wait_event_type = 'Lock'`,
          ),
        );
        return rowCount !== 0;
      });
      await admin.query('COMMIT');
      return writing;
    });
    expect(result.counts).toEqual({ consumed: 10, inserted: 10, duplicate: 0, rejected: 0, unknown: 0 });
  });

  test('a read-only database is waited for', async () => {
    await withClient(database.adminUrl, (c) =>
      c.query(`ALTER ROLE rastreio_writer IN DATABASE ${name()} SET default_transaction_read_only = on`),
    );
    const writing = write(await batchOf(3), never);
    await until(() => retries >= 2);
    await withClient(database.adminUrl, (c) =>
      c.query(`ALTER ROLE rastreio_writer IN DATABASE ${name()} RESET default_transaction_read_only`),
    );
    expect((await writing).counts).toMatchObject({ inserted: 3 });
  });

  test('a missing permission stops with exit code 78 and rejects no row', async () => {
    await withClient(database.adminUrl, (c) =>
      c.query('REVOKE INSERT ON eventos_rastreamento FROM rastreio_writer'),
    );
    try {
      await expect(write(await batchOf(3), never)).rejects.toMatchObject({
        name: 'OperatorError',
        exitCode: 78,
      });
      expect(await scalar('SELECT count(*) FROM eventos_rejeitados')).toBe(0);
    } finally {
      await withClient(database.adminUrl, (c) =>
        c.query('GRANT INSERT ON eventos_rastreamento TO rastreio_writer'),
      );
    }
  });

  test('stopping while the database is away abandons the batch', async () => {
    const stop = new AbortController();
    await withClient(database.adminUrl, async (blocker) => {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
      const writing = write(await batchOf(3), stop.signal);
      void until(() => retries >= 1).then(() => stop.abort());
      await expect(writing).rejects.toBeInstanceOf(AbandonedError);
      await blocker.query('ROLLBACK');
    });
  });
});

test('who waited for a lock is not away for longer and longer: others would always be before it', async () => {
  const locked = Object.assign(new DatabaseError('canceling statement due to lock timeout', 0, 'error'), {
    code: '55P03',
  });
  const away = new Error('Connection terminated unexpectedly');
  const errors = [locked, locked, away, away, locked, locked, away];
  const waits: string[] = [];
  const note = ({ delayMs }: { delayMs: number }, text: string) =>
    waits.push(`${/locked|away/.exec(text)?.[0]} ${delayMs}`);
  const write = createWriter({
    log: { warn: note } as never,
    firstDelayMs: 2,
    maxDelayMs: 100,
    random: () => 1,
    write: () => {
      const error = errors.shift();
      return error === undefined
        ? Promise.resolve({ consumed: 1, inserted: 1, duplicate: 0, rejected: 0, unknown: 0 })
        : Promise.reject(error);
    },
  });
  await write(await batchOf(1), new AbortController().signal);
  expect(waits).toEqual(['locked 2', 'locked 2', 'away 2', 'away 4', 'locked 2', 'locked 2', 'away 8']);
});

test('where locks are held for too long less is written at once, each event once and in order, and more again later', async () => {
  const locked = Object.assign(new DatabaseError('canceling statement due to lock timeout', 0, 'error'), {
    code: '55P03',
  });
  let most = 3_000;
  const tried: number[] = [];
  const written: Assembled[] = [];
  const write = createWriter({
    log: createLog('test', 'silent'),
    firstDelayMs: 1,
    write: (batch) => {
      tried.push(batch.events.length);
      if (batch.events.length > most) return Promise.reject(locked);
      written.push(batch as Assembled);
      const consumed = batch.events.length + batch.rejected.length;
      return Promise.resolve({ consumed, inserted: consumed, duplicate: 0, rejected: 0, unknown: 0 });
    },
  });
  const position = { cluster: 'c', next: '10001', removed: null };
  const messages = [...messagesOf(10_000, new Set()), message(10_000, Buffer.from('not JSON'))];
  const batch = { ...(await assemble({ ...FROM, records: messages }, decode)), position };
  const { counts, rejected } = await write(batch, new AbortController().signal);
  expect(tried.slice(0, 3)).toEqual([10_000, 5_000, 2_500]);
  expect(counts.consumed).toBe(10_001);
  expect(rejected).toHaveLength(1);
  expect(written.flatMap(({ events }) => events)).toEqual(batch.events);
  expect(written.flatMap(({ records }) => records)).toEqual(batch.records);
  expect(written.map((part) => part.position)).toEqual([...written.slice(1).map(() => undefined), position]);
  most = Infinity;
  for (let i = 0; i < 10; i++) await write(batch, new AbortController().signal);
  expect(tried.at(-1)).toBe(10_000);
});

test('a large batch that was under way when less was to be written does not raise that again', async () => {
  const locked = Object.assign(new DatabaseError('canceling statement due to lock timeout', 0, 'error'), {
    code: '55P03',
  });
  const tried: number[] = [];
  let endLate: (error: Error) => void = () => undefined;
  const write = createWriter({
    log: createLog('test', 'silent'),
    firstDelayMs: 1,
    write: (batch) => {
      const { length } = batch.events;
      tried.push(length);
      if (length === 10_000) return new Promise((_resolve, reject) => (endLate = reject));
      if (length > 1_000) return Promise.reject(locked);
      return Promise.resolve({ consumed: length, inserted: length, duplicate: 0, rejected: 0, unknown: 0 });
    },
  });
  const signal = new AbortController().signal;
  const large = write(await batchOf(10_000), signal);
  await write(await batchOf(2_000), signal);
  endLate(locked);
  await large;
  expect(Math.max(...tried.slice(2))).toBeLessThan(2_000);
});

function batchOf(size: number, refused = new Set<number>()): Promise<Assembled> {
  return assemble({ ...FROM, records: messagesOf(size, refused) }, decode);
}

function messagesOf(size: number, refused: ReadonlySet<number>): ReceivedRecord[] {
  return Array.from({ length: size }, (_, i) =>
    message(
      i,
      Buffer.from(
        JSON.stringify({
          id_pacote: i + 1,
          origem: refused.has(i) ? 'REFUSED' : 'Natal',
          destino: 'Paraíba',
          status_rastreamento: 'POSTADO',
          data_atualizacao: '2026-01-01T00:00:00Z',
        }),
      ),
    ),
  );
}

function message(offset: number, value: Buffer): ReceivedRecord {
  const timestamp = '1767225600000';
  return receiveRecord(
    { key: null, value, timestamp, attributes: 0, offset: String(offset), headers: {} },
    Date.now(),
  );
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
