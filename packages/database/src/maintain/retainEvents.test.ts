import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { runRastreio } from '@rastreio/testing/command';
import { anyBatches } from '@rastreio/testing/events';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import type { PlainReceived } from '../write/batch';
import { DERIVED_TABLES, findTableDifferences } from './derivedTables';
import { withPoolClient } from '../connect/pool';
import { despiteWriters } from '../connect/transaction';
import { createWriterPool } from '../write/writerPool';
import { rebuildTables } from './rebuildTables';
import { retainEvents, type Retained } from './retainEvents';
import { inSnapshot } from './verifyTables';
import { classifyDatabaseError, TooOldError } from '../connect/sqlstate';
import { readStatus } from '../schema/status';
import { writeBatch } from '../write/writeBatch';

const DAY = 86_400_000;
/** Around and between the days of `anyEvent`, in the middle of chunks and at their ends. */
const CUTOFFS = ['2026-01-01', '2026-01-04', '2026-02-03', '2026-02-06', '2026-03-05', '2026-03-09'];

interface Bed {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly owner: Client;
}

describe.each(SERVERS)('on $name', (server) => {
  let kept: Bed;
  let removed: Bed;
  const bed = async (): Promise<Bed> => {
    const database = await freshDatabase(server);
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    return {
      ...{ database, owner },
      pool: createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' }),
    };
  };
  beforeAll(async () => {
    kept = await bed();
    removed = await bed();
  });
  afterAll(async () => {
    for (const { database, pool, owner } of [kept, removed]) {
      await pool.end();
      await owner.end();
      await database.drop();
    }
  });
  const clear = async () => {
    for (const { owner } of [kept, removed])
      await owner.query('TRUNCATE pacotes, eventos_rastreamento, ingestao');
  };
  beforeEach(clear);

  // Of a deadlock with a removal the writer may be the one undone; the consumer tries again, too.
  const write = ({ pool }: Bed, events: readonly PlainReceived[]) =>
    despiteWriters(() =>
      withPoolClient(pool, (client) =>
        writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
      ),
    );
  const retain = ({ owner }: Bed, cutoff: string): Promise<Retained> =>
    retainEvents(owner, { olderThan: ageOf(cutoff) });
  // As db:verify: without a snapshot a query is planned before the one that it runs in, and misses a chunk that a writer makes meanwhile.
  const differences = ({ owner }: Bed) => inSnapshot(owner, 'READ ONLY', () => findTableDifferences(owner));
  const figures = ({ owner }: Bed) => readFigures(owner);

  test('figures stay what they are, whatever comes before and after, and so does what verify compares with', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBatches,
        anyBatches,
        anyBatches,
        fc.constantFrom(...CUTOFFS),
        fc.constantFrom(...CUTOFFS),
        async (first, second, third, ...cutoffs) => {
          await clear();
          let horizon = '';
          for (const [i, { batches }] of [first, second, third].entries()) {
            for (const batch of batches) {
              const events = batch.filter(({ data_atualizacao }) => data_atualizacao >= horizon);
              expect(await write(removed, events)).toEqual(await write(kept, events));
            }
            const cutoff = cutoffs[i];
            if (cutoff !== undefined) horizon = (await retain(removed, cutoff)).horizon ?? horizon;
            expect(await figures(removed)).toEqual(await figures(kept));
            expect(await differences(removed)).toEqual([]);
            expect(await statusAt(removed, horizon)).toEqual(await statusAt(kept, horizon));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('what was removed can be corrected as well', async () => {
    await write(removed, parcel(1, '2026-01-02', '2026-01-03', '2026-03-10'));
    await write(removed, parcel(2, '2026-01-02', '2026-01-03'));
    const before = await figures(removed);
    await retain(removed, '2026-02-01');
    for (const { name } of DERIVED_TABLES) await removed.owner.query(`DELETE FROM ${name}`);
    // Parcel 1 has an event left; of parcel 2 the row alone was left, and what it said is kept when it changes.
    await removed.owner.query(`UPDATE pacotes SET data_status = '2026-01-02' WHERE id_pacote = 1`);
    await removed.owner.query(
      `UPDATE pacotes SET status_atual = 'ENTREGUE', data_status = now() WHERE id_pacote = 2`,
    );
    await rebuildTables(removed.database.ownerUrl);
    expect(await differences(removed)).toEqual([]);
    expect(await figures(removed)).toEqual(before);
  });

  test('a final status stays what notes leave as it is when both are removed in one step, and when the parcel was quiet', async () => {
    const day = (id: number, ...statuses: readonly string[]) =>
      statuses.map((status, hour) => event(id, status, Date.UTC(2026, 0, 2, hour)));
    const notes = [1, 2, 3].map((id) => event(id, 'NOTA', Date.UTC(2026, 2, 11)));
    const events = [
      ...[...day(1, 'POSTADO', 'ENTREGUE', 'NOTA'), event(1, 'NOTA', Date.UTC(2026, 2, 10))],
      ...day(2, 'POSTADO', 'ENTREGUE', 'NOTA'),
      ...[...day(3, 'POSTADO', 'NOTA'), event(3, 'NOTA', Date.UTC(2026, 2, 10))],
    ];
    for (const one of [kept, removed]) await write(one, events);
    await retain(removed, '2026-02-01');
    for (const one of [kept, removed]) await write(one, notes);
    expect(await figures(removed)).toEqual(await figures(kept));
    expect(await differences(removed)).toEqual([]);
    const { rows } = await removed.owner.query<{ status_atual: string }>(
      'SELECT status_atual FROM pacotes ORDER BY id_pacote',
    );
    expect(rows.map(({ status_atual }) => status_atual)).toEqual(['ENTREGUE', 'ENTREGUE', 'NOTA']);
    const { horizon } = await retain(removed, '2026-02-01');
    expect(await statusAt(removed, horizon ?? '')).toEqual(await statusAt(kept, horizon ?? ''));
  });

  test('events from before the horizon are refused, as a fault of theirs; later ones of the same batch would do', async () => {
    await write(removed, parcel(1, '2026-01-02', '2026-01-03', '2026-03-10'));
    expect((await retain(removed, '2026-02-01')).horizon).toMatch(/^2026-0[12]-/);
    const again = write(removed, parcel(1, '2026-01-02', '2026-03-11'));
    await expect(again).rejects.toThrow(TooOldError);
    expect(classifyDatabaseError(await again.catch((error: unknown) => error))).toBe('data');
    expect(await write(removed, parcel(1, '2026-03-11'))).toMatchObject({ inserted: 1 });
    expect(await differences(removed)).toEqual([]);
    const status = await readStatus(removed.owner);
    expect(status.horizon).toMatch(/^2026-0[12]-/);
  });

  test('a step that meets the locks of others is tried again', async () => {
    await write(removed, parcel(40, '2026-02-03', '2026-03-12'));
    const other = new Client({ connectionString: removed.database.ownerUrl });
    await other.connect();
    await removed.owner.query(`SET lock_timeout = '100ms'`);
    try {
      await other.query('BEGIN; LOCK TABLE eventos_rastreamento IN SHARE MODE');
      let given = false;
      const letGo = setTimeout(() => {
        given = true;
        void other.query('COMMIT');
      }, 1_000);
      const { events } = await retain(removed, '2026-02-20');
      clearTimeout(letGo);
      expect({ given, events: events > 0 }).toEqual({ given: true, events: true });
      expect(await differences(removed)).toEqual([]);
    } finally {
      await removed.owner.query('RESET lock_timeout');
      await other.end();
    }
  });

  test('while writers go on, and cut off in the middle, nothing is lost or counted twice', async () => {
    for (let day = 1; day <= 28; day++)
      await write(removed, parcel(day, `2026-01-${String(day).padStart(2, '0')}`, '2026-02-20'));
    let writing = true;
    let day = 0;
    const writer = async () => {
      // Wakes parcels whose last event is being removed, and goes between what is left of others.
      for (; writing; day++) {
        await write(
          removed,
          parcel(1 + (day % 28), new Date(Date.UTC(2026, 2, 1) + (day * DAY) / 24).toISOString()),
        );
        await write(
          removed,
          parcel(1 + ((day * 5) % 28), new Date(Date.UTC(2026, 1, 25) - day).toISOString()),
        );
      }
    };
    const writers = [writer(), writer()];
    const cli = (env: Record<string, string>, ...args: string[]) =>
      runRastreio(['db', 'retain', ...args], {
        DATABASE_URL: removed.database.ownerUrl,
        ...env,
      });
    const age = ageOf('2026-01-30');
    try {
      const plan = await cli({}, '--older-than', age, '--dry-run');
      expect(plan).toMatchObject({ code: 0, result: { command: 'db:retain', dry_run: true } });
      expect(plan.result.events).toBeGreaterThan(20);
      const cut = await cli({ FAILPOINT: 'before_commit@2' }, '--older-than', age);
      // What it said, where it was not killed.
      expect(cut.code === null || cut.stderr).toBe(true);
      expect(await differences(removed)).toEqual([]);
      const done = await cli({}, '--older-than', age);
      expect(done).toMatchObject({ code: 0, result: { dry_run: false, horizon: plan.result.horizon } });
      expect((await cli({}, '--older-than', '3 hours')).code).toBe(2);
      expect((await cli({}, '--older-than', 'long ago')).code).toBe(2);
    } finally {
      writing = false;
      await Promise.all(writers);
    }
    expect(await differences(removed)).toEqual([]);
    expect((await retain(removed, '2026-01-30')).events).toBe(0);
  });
});

async function readFigures(client: Client): Promise<unknown> {
  const figures: unknown[] = [];
  for (const { name, keys, sums } of DERIVED_TABLES) {
    const { rows } = await client.query(
      `SELECT ${keys.join(', ')}, ${sums.map((s) => `sum(${s}) AS ${s}`).join(', ')} FROM ${name}
       GROUP BY ${keys.join(', ')} HAVING ${sums.map((s) => `sum(${s}) <> 0`).join(' OR ')} ORDER BY ${keys.join(', ')}`,
    );
    figures.push(rows);
  }
  const { rows } = await client.query(
    `SELECT id_pacote, origem, destino, status_atual, data_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa
     FROM pacotes ORDER BY 1`,
  );
  return [...figures, rows];
}

/** Parcels by status at the horizon and at instants after it in which events happen; before it, events are gone. */
async function statusAt({ owner }: Bed, horizon: string): Promise<unknown> {
  const { rows } = await owner.query(
    `SELECT t.em, s.status_rastreamento, s.total_pacotes
     FROM (
       SELECT DISTINCT em FROM eventos_rastreamento,
         LATERAL (VALUES (data_evento), (data_evento - interval '1 microsecond')) AS v (em) WHERE em >= $1::timestamptz
       UNION SELECT $1::timestamptz
     ) AS t, status_em(t.em) AS s ORDER BY 1, 2`,
    [horizon === '' ? '2026-01-01T00:00:00Z' : horizon],
  );
  return rows as unknown;
}

function parcel(id_pacote: number, ...instants: readonly string[]): PlainReceived[] {
  return instants.map((instant, i) =>
    event(id_pacote, i === 0 ? 'POSTADO' : 'EM TRÂNSITO', Date.parse(instant)),
  );
}

function event(id_pacote: number, status_rastreamento: string, ms: number): PlainReceived {
  return {
    ...{ id_pacote, origem: 'Natal', destino: 'Paraíba', status_rastreamento },
    data_atualizacao: new Date(ms).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
  };
}

function ageOf(cutoff: string): string {
  return `${Math.floor((Date.now() - Date.parse(cutoff)) / 1000)} seconds`;
}
