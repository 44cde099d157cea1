// Shows G10 of docs/guarantees.md.
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
import { startProxy, type Proxy } from './chaos/proxy';
import { startFetchProxy, type FetchProxy } from './support/fetchProxy';

// A consumer that stands still, and what only looks like it. One broker behind a proxy that can swallow the answers to fetches.
const log = createLog('test', 'silent');
const GROUP = `${CONSUMER_GROUP}_standstill`;
const STALLED_AFTER_MS = 2_000;

let dir: string;
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
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-standstill-'));
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  kafkaProxy = await startFetchProxy(external);
  broker = await startShortLivedKafka({
    dir,
    ports: { internal, external, controller, advertised: kafkaProxy.port },
  });
  await ensureTopics({ brokers: broker.brokers, partitions: 2, log });
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

function start(): Promise<ConsumerProcess> {
  const url = new URL(database.writerUrl);
  url.port = String(databaseProxy.port);
  return startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: url.href,
    CONSUMER_GROUP_ID: GROUP,
    STALLED_AFTER_MS: String(STALLED_AFTER_MS),
    // What is done to it on purpose is no news.
    LOG_LEVEL: 'silent',
  });
}

const written = (id: number) =>
  withClient(database.ownerUrl, async (c) => {
    const { rowCount } = await c.query('SELECT FROM pacotes WHERE id_pacote = $1', [id]);
    return rowCount === 1;
  });
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${consumer.url}/metrics`)).text();
  const values = text.split('\n').filter((line) => line.startsWith(name));
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};
const send = async (id: number, partition = 0) => {
  const producer = testClient(broker.brokers).producer();
  await producer.connect();
  await producer.send({ topic: TOPIC_EVENTS, messages: [{ partition, key: 'k', value: goodEvent(id) }] });
  await producer.disconnect();
};
/** Longer than a partition may stand still. */
const longEnough = () => sleep(1.5 * STALLED_AFTER_MS);

test('no alarm while nothing comes, while a transaction is open, and behind one that was given up', async () => {
  await send(1);
  await until('the first is written', () => written(1));
  const producer = testClient(broker.brokers).producer({
    transactionalId: 'long',
    idempotent: true,
    maxInFlightRequests: 1,
  });
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
