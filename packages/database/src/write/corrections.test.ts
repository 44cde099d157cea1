// Shows G11 of docs/guarantees.md.
import fc from 'fast-check';
import { Client, type Pool } from 'pg';
import { again } from '@rastreio/testing/again';
import { contentsOf } from '@rastreio/testing/contents';
import { anyCorrectedHistory, keyOf, remainingReports } from '@rastreio/testing/corrections';
import { tableDifferences } from '@rastreio/testing/differences';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { CLEAR, WITHOUT_JIT } from '@rastreio/testing/statements';
import { withPoolClient } from '../connect/pool';
import type { BatchCounts, NumberedReceived } from './batch';
import { writeBatch } from './writeBatch';
import { createWriterPool } from './writerPool';

interface Bed {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly owner: Client;
}

describe.each(SERVERS)('on $name', (server) => {
  /** Gets all messages. */
  let corrected: Bed;
  /** Gets only the reports of the events that are left. */
  let spared: Bed;
  const bed = async (): Promise<Bed> => {
    const database = await freshDatabase(server);
    const owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(WITHOUT_JIT);
    return {
      ...{ database, owner },
      pool: createWriterPool({ databaseUrl: database.writerUrl, connections: 2, applicationName: 'test' }),
    };
  };
  beforeAll(async () => {
    corrected = await bed();
    spared = await bed();
  });
  afterAll(async () => {
    for (const { database, pool, owner } of [corrected, spared]) {
      await pool.end();
      await owner.end();
      await database.drop();
    }
  });
  const clear = async () => {
    for (const { owner } of [corrected, spared]) await owner.query(CLEAR);
  };
  const write = ({ pool }: Bed, events: readonly NumberedReceived[]): Promise<BatchCounts> =>
    withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 'test', partition: 0, events, rejected: [] }),
    );

  async function expectUndone(messages: readonly NumberedReceived[]): Promise<void> {
    expect(await tableDifferences(corrected.owner)).toEqual([]);
    await write(spared, remainingReports(messages));
    expect(await contentsOf(corrected.owner)).toEqual(await contentsOf(spared.owner));
    expect(await tableDifferences(spared.owner)).toEqual([]);
  }

  test('whatever is taken back leaves no trace in state and figures, in any order, repetition and split', async () => {
    await fc.assert(
      fc.asyncProperty(anyCorrectedHistory, async ({ messages, batches }) => {
        await clear();
        let inserted = 0;
        for (const batch of batches) {
          const counts = await write(corrected, batch);
          expect(counts.consumed).toBe(counts.inserted + counts.duplicate);
          inserted += counts.inserted;
          expect(await tableDifferences(corrected.owner)).toEqual([]);
        }
        expect(inserted).toBe(distinct(messages));
        await expectUndone(messages);
      }),
      { numRuns: 100 },
    );
  });

  test('two who write the same parcels at once end in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(anyCorrectedHistory, async ({ messages, batches }) => {
        await clear();
        const written = await Promise.allSettled(
          batches.map((batch) => again(() => write(corrected, batch))),
        );
        expect(written.filter(({ status }) => status === 'rejected')).toEqual([]);
        await expectUndone(messages);
      }),
      { numRuns: 30 },
    );
  });
});

/** How many messages count as inserted: events and corrections, each once. */
function distinct(messages: readonly NumberedReceived[]): number {
  return new Set(messages.map((message) => `${message.correcao ?? ''} ${keyOf(message)}`)).size;
}
