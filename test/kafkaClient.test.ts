// Shows G2, G7, G10 of docs/guarantees.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka, type RunningKafka } from '@rastreio/stack';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { testClient } from '@rastreio/testing/letters';
import { goodEvent } from '@rastreio/testing/poison';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';
import type { Message } from 'kafkajs';
import { startProxy, type Proxy } from './chaos/proxy';
import { startFetchProxy, type FetchProxy } from './support/fetchProxy';

// What the client of Kafka must not do, whichever it is (docs/decisions/0022-kafka-client.md): newer ones were seen to. Then a consumer that
// stands still, and what only looks like it. One broker behind a proxy that can keep the answers to fetches to itself.
const log = createLog('test', 'silent');
const GROUP = `${CONSUMER_GROUP}_client`;
const STALLED_AFTER_MS = 2_000;
const PARTITIONS = 2;
const FETCH_BYTES = 1_048_576;

let dir: string;
let startBroker: () => Promise<RunningKafka>;
let broker: RunningKafka;
let kafkaProxy: FetchProxy;
let databaseProxy: Proxy;
let database: TestDatabase;
let consumer: ConsumerProcess;
let databasePort: number;

beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  databasePort = Number(new URL(database.writerUrl).port);
  databaseProxy = await startProxy(databasePort);
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-client-'));
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  kafkaProxy = await startFetchProxy(external);
  const ports = { internal, external, controller, advertised: kafkaProxy.port };
  startBroker = () => startShortLivedKafka({ dir, ports });
  broker = await startBroker();
  await ensureTopics({ brokers: broker.brokers, partitions: PARTITIONS, log });
  consumer = await start();
});
afterAll(async () => {
  await consumer.kill();
  await broker.stop();
  await kafkaProxy.close();
  await databaseProxy.close();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

/** The consumer, by way of both proxies. */
function start(more: Readonly<Record<string, string>> = {}): Promise<ConsumerProcess> {
  const url = new URL(database.writerUrl);
  url.port = String(databaseProxy.port);
  return startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: url.href,
    CONSUMER_GROUP_ID: GROUP,
    FETCH_MAX_BYTES_PER_PARTITION: String(FETCH_BYTES),
    BATCH_MAX_BYTES: String(FETCH_BYTES),
    // After a broker's restart the group waits for those who were in it before, for as long as this.
    SESSION_TIMEOUT_MS: '10000',
    // What is done to it on purpose is no news.
    LOG_LEVEL: 'silent',
    ...more,
  });
}
const watchful = { STALLED_AFTER_MS: String(STALLED_AFTER_MS) };

const written = (id: number) =>
  withClient(database.ownerUrl, async (c) => {
    const { rowCount } = await c.query('SELECT FROM pacotes WHERE id_pacote = $1', [id]);
    return rowCount === 1;
  });
const metric = async (name: string, of = consumer): Promise<number> => {
  const text = await (await fetch(`${of.url}/metrics`)).text();
  const values = text.split('\n').filter((line) => line.startsWith(name));
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};
const consumed = (of: ConsumerProcess) => metric('rastreio_consumed_messages_total', of);
const sendAll = async (messages: readonly Message[]) => {
  const producer = testClient(broker.brokers).producer();
  await producer.connect();
  await producer.send({ topic: TOPIC_EVENTS, messages: [...messages] });
  await producer.disconnect();
};
const transactional = (transactionalId: string) =>
  testClient(broker.brokers).producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
const send = (id: number, partition = 0) => sendAll([{ partition, key: 'k', value: goodEvent(id) }]);
/** Longer than a partition may stand still. */
const longEnough = () => sleep(1.5 * STALLED_AFTER_MS);

// platformatic/kafka#223: partitions that came at a rebalance were read from offset 0 before their own offsets were known.
test('partitions that come from another member are read on where that one was', async () => {
  const other = await start();
  const both = (n: number) =>
    [0, 1].map((partition) => ({ partition, key: 'k', value: goodEvent(1000 + n) }));
  await sendAll(Array.from({ length: 30 }, (_, i) => both(i)).flat());
  await until(
    'each has read its own',
    async () => (await consumed(consumer)) + (await consumed(other)) === 60,
  );
  expect([await consumed(consumer), await consumed(other)]).toEqual([30, 30]);
  other.signal('SIGTERM');
  expect(await other.exited).toBe(0);
  await sendAll(both(30));
  await until('the one that stays reads both', async () => (await consumed(consumer)) >= 32);
  // What was in hand while the group changed may come twice. From offset 0 there would be thirty more.
  expect(await consumed(consumer)).toBeLessThan(60);
});

// Clients that fetch on while nobody takes what they have: swift-server/swift-kafka-client#131.
test('while the database takes nothing, no more is fetched than two batches in hand and what waits for room', async () => {
  const PADDING = 20_000;
  const padded = (id: number) => goodEvent(id).replace('{', `{${' '.repeat(PADDING)}`);
  const messages = Array.from({ length: 1_500 }, (_, i) => ({
    partition: i % 2,
    key: 'k',
    value: padded(2000 + i),
  }));
  const before = kafkaProxy.fetched();
  await withClient(database.ownerUrl, async (client) => {
    await client.query('BEGIN; LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
    for (let i = 0; i < messages.length; i += 60) await sendAll(messages.slice(i, i + 60));
    await until('there is work in hand', async () => (await metric('rastreio_lag_messages')) > 0);
    await longEnough();
    // Of each partition one fetch is being written, less than two wait for that, and one waits for room, each with a record that does not fit whole.
    expect(kafkaProxy.fetched() - before).toBeLessThan(PARTITIONS * 4 * (FETCH_BYTES + 2 * PADDING));
    await client.query('ROLLBACK');
  });
  const last = 2000 + messages.length - 1;
  await until('all is written', async () => (await written(last)) && written(last - 1));
  expect(kafkaProxy.fetched() - before).toBeGreaterThan(messages.length * PADDING);
});

// tulios/kafkajs#1456, confluentinc/librdkafka#3396: after a restart a partition is held and never fetched again.
test('after a restart of the broker every partition is read on', async () => {
  await broker.stop();
  broker = await startBroker();
  await send(3000, 0);
  await send(3001, 1);
  await until('both are written', async () => (await written(3000)) && written(3001));
});

// @platformatic/kafka 2.12.1: of several transactions that one producer gave up, in one answer, all but the last are handed over.
test('nothing is written of transactions that were given up, also where one answer has several of one producer', async () => {
  consumer.signal('SIGTERM');
  expect(await consumer.exited).toBe(0);
  const producer = transactional('several');
  await producer.connect();
  for (const id of [4000, 4001, 4002, 4003]) {
    const transaction = await producer.transaction();
    await transaction.send({
      topic: TOPIC_EVENTS,
      messages: [{ partition: 0, key: 'k', value: goodEvent(id) }],
    });
    await (id % 2 === 0 ? transaction.abort() : transaction.commit());
  }
  await producer.disconnect();
  consumer = await start(watchful);
  await until('what was committed is written', async () => (await written(4001)) && written(4003));
  expect([await written(4000), await written(4002)]).toEqual([false, false]);
});

test('no alarm while nothing comes, while a transaction is open, and behind one that was given up', async () => {
  await send(1);
  await until('the first is written', () => written(1));
  const producer = transactional('long');
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({
    topic: TOPIC_EVENTS,
    messages: [{ partition: 0, key: 'k', value: goodEvent(2) }],
  });
  await longEnough();
  // Kafka has one message more than the consumer may see.
  expect(await metric('rastreio_stalled_seconds')).toBe(0);
  await transaction.abort();
  await producer.disconnect();
  await longEnough();
  expect(await metric('rastreio_stalled_seconds')).toBe(0);
  expect(await metric('rastreio_stalls_total')).toBe(0);
});

test('no alarm while the database locks, while it is away, and after the process was frozen', async () => {
  await withClient(database.ownerUrl, async (client) => {
    await client.query('BEGIN; LOCK TABLE pacotes IN ACCESS EXCLUSIVE MODE');
    await send(10, 0);
    await send(11, 1);
    await longEnough();
    await client.query('ROLLBACK');
  });
  await until('both are written', async () => (await written(10)) && written(11));

  const { port } = databaseProxy;
  await databaseProxy.close();
  await send(12, 0);
  await send(13, 1);
  await longEnough();
  databaseProxy = await startProxy(databasePort, port);
  await until('both are written after it', async () => (await written(12)) && written(13));

  consumer.signal('SIGSTOP');
  await send(14);
  await longEnough();
  consumer.signal('SIGCONT');
  await until('it goes on', () => written(14));
  expect(await metric('rastreio_stalls_total')).toBe(0);
});

test('fetches that are never answered, although heartbeats are: it says so, joins again, and goes on', async () => {
  kafkaProxy.keepBack('open');
  await send(20, 0);
  await send(21, 1);
  await until('it joins again', async () => (await metric('rastreio_stalls_total')) > 0);
  await until('both are written', async () => (await written(20)) && written(21));
  consumer.assertRunning();
  await until('nothing stands still', async () => (await metric('rastreio_stalled_seconds')) === 0);
});

test('where joining again does not help it ends with 75, and the next one goes on where it was', async () => {
  kafkaProxy.keepBack('all');
  await send(30);
  expect(await consumer.exited).toBe(75);
  expect(await written(30)).toBe(false);
  kafkaProxy.heal();
  consumer = await start();
  await until('it is written', () => written(30));
});
