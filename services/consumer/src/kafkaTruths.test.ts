// Shows G1, G2, G5 of docs/guarantees.md.
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { testClient } from '@rastreio/testing/letters';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { goodEvent } from '@rastreio/testing/poison';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';
import type { Message } from 'kafkajs';

// What Kafka does by itself: transactions, retention, a cluster made anew beside a database that stays.
const log = createLog('test', 'silent');
const GROUP = `${CONSUMER_GROUP}_truths`;

let broker: OwnBroker;
let database: TestDatabase;
let consumer: ConsumerProcess;
beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
  consumer = await start();
});
afterAll(async () => {
  await consumer.kill();
  await broker.remove();
  await database.drop();
});

const start = () =>
  startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: GROUP,
    REMOVED_CHECK_MS: '500',
  });
const rows = async <Row extends object>(sql: string) =>
  withClient(database.ownerUrl, async (c) => (await c.query<Row>(sql)).rows);
const count = async (sql: string) =>
  (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]?.n;
const metrics = async (name: string) => {
  const text = await (await fetch(`${consumer.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => Number(line.split(' ').at(-1)));
};
const total = async (name: string) => (await metrics(name)).reduce((a, b) => a + b, 0);

async function send(
  messages: Message[],
  outcome: 'plain' | 'committed' | 'aborted' = 'plain',
): Promise<void> {
  const kafka = testClient(broker.brokers);
  const producer =
    outcome === 'plain'
      ? kafka.producer()
      : kafka.producer({
          transactionalId: `t-${process.hrtime.bigint()}`,
          idempotent: true,
          maxInFlightRequests: 1,
        });
  await producer.connect();
  if (outcome === 'plain') await producer.send({ topic: TOPIC_EVENTS, messages });
  else {
    const transaction = await producer.transaction();
    await transaction.send({ topic: TOPIC_EVENTS, messages });
    await (outcome === 'committed' ? transaction.commit() : transaction.abort());
  }
  await producer.disconnect();
}

async function removeUpTo(partition: number, offset: number): Promise<void> {
  const admin = testClient(broker.brokers).admin();
  await admin.connect();
  // kafkajs knows a topic only once it has asked for it.
  await admin.fetchTopicOffsets(TOPIC_EVENTS);
  await admin.deleteTopicRecords({
    topic: TOPIC_EVENTS,
    partitions: [{ partition, offset: String(offset) }],
  });
  await admin.disconnect();
}

test('all is written of a transaction, and of one that was given up nothing is missing: the lag is 0', async () => {
  await send([{ partition: 0, key: '1', value: goodEvent(1) }], 'committed');
  await send([{ partition: 0, key: '2', value: goodEvent(2) }], 'aborted');
  await send([{ partition: 1, key: '4', value: goodEvent(4) }], 'committed');
  await until('both are written', async () => (await count('pacotes')) === 2);
  await until('nothing is behind', async () => (await total('rastreio_lag_messages')) === 0);
  expect(await metrics('rastreio_lag_seconds')).toEqual((await metrics('rastreio_lag_seconds')).map(() => 0));
  expect(await count('mensagens_perdidas')).toBe(0);
});

test('what retention removed before it was read is counted, once, also where nothing comes after it', async () => {
  await consumer.kill();
  const ten = (partition: number) =>
    send(
      Array.from({ length: 10 }, (_, i) => ({ partition, key: 'k', value: goodEvent(100 * partition + i) })),
    );
  await ten(2);
  await ten(3);
  await removeUpTo(2, 7);
  await removeUpTo(3, 10);
  consumer = await start();
  await until('the losses are noted', async () => (await count('mensagens_perdidas')) === 2);
  await until('what was left is written', async () => (await count('pacotes')) === 5);
  const lost = 'SELECT particao, desde::int, ate::int FROM mensagens_perdidas ORDER BY particao';
  const both = [
    { particao: 2, desde: 0, ate: 7 },
    { particao: 3, desde: 0, ate: 10 },
  ];
  expect(await rows(lost)).toEqual(both);
  await until('the metric has them', async () => (await total('rastreio_removed_messages_total')) === 17);
  await consumer.kill();
  consumer = await start();
  await send([{ partition: 3, key: 'k', value: goodEvent(900) }]);
  await until('the next one is written', async () => (await count('pacotes')) === 6);
  expect(await rows(lost)).toEqual(both);
});

test('a cluster made anew uses the same offsets again: its letters are kept beside the old ones, and each once', async () => {
  const invalid = Array.from({ length: 5 }, () => ({ partition: 4, key: 'k', value: 'not JSON' }));
  await send(invalid);
  await until('five are kept', async () => (await count('eventos_rejeitados')) === 5);
  await consumer.kill();
  await broker.remove();
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
  consumer = await start();
  await send(invalid);
  await until('ten are kept', async () => (await count('eventos_rejeitados')) === 10);
  expect(await rows('SELECT vida, count(*)::int AS n FROM eventos_rejeitados GROUP BY 1 ORDER BY 1')).toEqual(
    [
      { vida: 1, n: 5 },
      { vida: 2, n: 5 },
    ],
  );
  // It counts them a moment after they are stored.
  await until('the metric has them', async () => (await total('rastreio_rejected_messages_total')) === 5);
  // The topic of the new cluster once more, by another group.
  const again = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: `${GROUP}_again`,
  });
  await until('all of it is read again', async () =>
    (await (await fetch(`${again.url}/metrics`)).text()).includes(
      'rastreio_rejected_messages_total{reason="invalid_json"} 5',
    ),
  );
  await again.kill();
  expect(await count('eventos_rejeitados')).toBe(10);
  expect(await count('mensagens_perdidas')).toBe(2);
});
