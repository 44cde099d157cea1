// Shows G2 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { goodEvent } from '@rastreio/testing/poison';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

const EVENTS = 6_000;
const BATCH = 200;
/** A consumer writes two at a time. Ten more of them wait. */
const BEGUN = 2 * BATCH;
const log = createLog('test', 'silent');

let broker: OwnBroker;
let database: TestDatabase;
const consumers: ConsumerProcess[] = [];
beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
});
afterAll(async () => {
  for (const consumer of consumers) await consumer.kill();
  await broker.remove();
  await database.drop();
});

async function consume(): Promise<void> {
  consumers.push(
    await startConsumerProcess({
      KAFKA_BROKERS: broker.brokers,
      DATABASE_URL: database.writerUrl,
      CONSUMER_GROUP_ID: `${CONSUMER_GROUP}_change`,
      BATCH_MAX_MESSAGES: String(BATCH),
    }),
  );
}

test('a consumer that joins lets all be written, and what was on its way is not read again but where a batch was begun', async () => {
  const publisher = await createPublisher(
    createKafka({ brokers: broker.brokers, clientId: 'test', log }),
    TOPIC_EVENTS,
    log,
  );
  await publisher.send(
    Array.from({ length: EVENTS }, (_, i) => ({ key: String(i + 1), value: goodEvent(i + 1) })),
  );
  await publisher.close();

  await withClient(database.ownerUrl, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE pacotes IN EXCLUSIVE MODE');
    await consume();
    // What is in hand fills up. Where a busy machine has not come so far there is less to be read again.
    await sleep(4_000);
    await consume();
    await client.query('ROLLBACK');
  });
  await withClient(database.ownerUrl, async (client) => {
    const counts = async () => {
      const { rows } = await client.query<{ inserted: number; twice: number }>(
        'SELECT coalesce(sum(inseridos), 0)::int AS inserted, coalesce(sum(duplicados), 0)::int AS twice FROM ingestao',
      );
      return rows[0] ?? { inserted: 0, twice: 0 };
    };
    await until('the database has all', async () => (await counts()).inserted === EVENTS);
    // A batch that was begun is finished, also where its partition has gone to the other one. On a busy machine the group may change more than
    // once. With all that is on its way it would be 1,600 and more.
    expect((await counts()).twice).toBeLessThanOrEqual(3 * BEGUN);
  });
});
