// Shows G2 of docs/guarantees.md.
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { goodEvent } from '@rastreio/testing/poison';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

const EVENTS = 3_000;
const GROUP = `${CONSUMER_GROUP}_back`;
const log = createLog('test', 'silent');

let broker: OwnBroker;
const databases: TestDatabase[] = [];
const consumers: ConsumerProcess[] = [];
beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  for (let i = 0; i < 2; i++) databases.push(await freshDatabase(server));
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
});
afterAll(async () => {
  for (const consumer of consumers) await consumer.kill();
  await broker.remove();
  for (const database of databases) await database.drop();
});

async function consume({ writerUrl }: TestDatabase): Promise<ConsumerProcess> {
  const consumer = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: writerUrl,
    CONSUMER_GROUP_ID: GROUP,
    BATCH_MAX_MESSAGES: '50',
  });
  consumers.push(consumer);
  return consumer;
}
const written = (database: TestDatabase) =>
  withClient(database.ownerUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM eventos_rastreamento');
    return rows[0]?.n;
  });

test('another consumer that joins does not make a database that is read up to date again miss anything', async () => {
  const [first, second] = databases;
  if (first === undefined || second === undefined) throw new Error('no databases');
  const publisher = await createPublisher(
    createKafka({ brokers: broker.brokers, clientId: 'test', log }),
    TOPIC_EVENTS,
    log,
  );
  const messages = Array.from({ length: EVENTS }, (_, i) => ({
    key: String(i + 1),
    value: goodEvent(i + 1),
  }));
  await publisher.send(messages);
  await publisher.close();
  const before = await consume(first);
  await until('the first database has all', async () => (await written(first)) === EVENTS);
  await before.kill();

  // An empty one in its place, whose first batches wait while the group changes.
  await withClient(second.ownerUrl, async (client) => {
    await client.query('BEGIN');
    await client.query('LOCK TABLE pacotes IN EXCLUSIVE MODE');
    await consume(second);
    await consume(second);
    await client.query('ROLLBACK');
  });
  await until('the second database has all', async () => (await written(second)) === EVENTS);
});
