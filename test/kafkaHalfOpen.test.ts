// Shows G2 of docs/guarantees.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createKafka, createPublisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts, startShortLivedKafka, type RunningKafka } from '@rastreio/stack';
import { startProxy, type Proxy } from './chaos/proxy';
import { freshTopic } from '@rastreio/testing/topic';

const log = createLog('test', 'silent');

let dir: string;
let proxy: Proxy;
let broker: RunningKafka;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-half-open-'));
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  proxy = await startProxy(external);
  broker = await startShortLivedKafka({
    dir,
    ports: { internal, external, controller, advertised: proxy.port },
  });
});
afterAll(async () => {
  await broker.stop();
  await proxy.close();
  await rm(dir, { recursive: true, force: true });
});

test('producer and consumer leave connections that have died without a word', async () => {
  const kafka = createKafka({ brokers: broker.brokers, clientId: 'test', log, requestTimeoutMs: 2_000 });
  const topic = await freshTopic(kafka, 1);
  const publisher = await createPublisher(kafka, topic, log);
  const consumer = kafka.consumer({ groupId: 'half-open', maxWaitTimeInMs: 100 });
  const seen = new Set<string>();
  let wanted = '';
  let found: () => void = () => undefined;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      seen.add(String(message.value));
      if (seen.has(wanted)) found();
      return Promise.resolve();
    },
  });
  const sendAndSee = async (value: string) => {
    const arrived = new Promise<void>((resolve) => (found = resolve));
    wanted = value;
    await publisher.send([{ key: 'k', value }]);
    await arrived;
  };
  await sendAndSee('before');
  proxy.blackHole();
  proxy.heal();
  await sendAndSee('after');
  await consumer.disconnect();
  await publisher.close();
});
