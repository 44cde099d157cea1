import { CONSUMER_GROUP, TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { IHeaders } from 'kafkajs';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { digest, followLetters, limitMessages, testClient, type Letters } from '@rastreio/testing/letters';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { goodEvent } from '@rastreio/testing/poison';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';
import { createDeadLetterTopic } from './deadLetterTopic';

// A dead-letter topic as Kafka makes it by default, with less room than the events topic.
const SMALL_BYTES = 1_048_588;
const FLOOD = 20_000;
const log = createLog('test', 'silent');

let broker: OwnBroker;
let database: TestDatabase;
let consumer: ConsumerProcess;
let letters: Letters;

beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  broker = await startOwnBroker();
  database = await freshDatabase(server);
  await ensureTopics({ brokers: broker.brokers, log });
  await limitMessages(client(), TOPIC_EVENTS, 12 * SMALL_BYTES);
  await limitMessages(client(), TOPIC_DEAD_LETTERS, SMALL_BYTES);
  letters = await followLetters(client());
  consumer = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: CONSUMER_GROUP,
  });
});
afterAll(async () => {
  await consumer.kill();
  await letters.stop();
  await broker.remove();
  await database.drop();
});

const client = () => testClient(broker.brokers);
const query = <Row extends object>(sql: string) =>
  withClient(database.ownerUrl, async (c) => (await c.query<Row>(sql)).rows);

test('a flood of poison and messages that the dead-letter topic has no room for: the consumer goes on', async () => {
  const producer = client().producer();
  await producer.connect();
  const flood = Array.from({ length: FLOOD }, (_, i) => ({
    partition: 0,
    value: 'x'.repeat(150),
    headers: { caso: `flood ${i}` },
  }));
  await producer.send({ topic: TOPIC_EVENTS, messages: flood });
  const value = Buffer.alloc(2 * SMALL_BYTES, 'y');
  const large = { partition: 0, key: 'large', value, headers: { caso: 'no room' } };
  await producer.send({ topic: TOPIC_EVENTS, messages: [large] });
  const last = { partition: 0, value: goodEvent(9_001) };
  await producer.send({ topic: TOPIC_EVENTS, messages: [last] });
  await producer.disconnect();

  await until('the event behind the poison is written', async () => {
    const rows = await query('SELECT FROM pacotes WHERE id_pacote = 9001');
    return rows.length === 1;
  });
  await until('the flood is in the dead-letter topic', () => letters.byCase.size >= FLOOD);
  const rows = await query<{ valor: Buffer }>(
    `SELECT valor FROM eventos_rejeitados WHERE cabecalhos->>'caso' = 'no room'`,
  );
  expect(rows.map(({ valor }) => digest(valor))).toEqual([digest(value)]);
  await until('the letter without its value', () => letters.omitted.length > 0);
  const [omitted] = letters.omitted.splice(0);
  expect(omitted).toMatchObject({ key: null, value: null });
  expect(texts(omitted?.headers)).toMatchObject({
    'rastreio.motivo': 'too_large',
    '__connect.errors.topic': TOPIC_EVENTS,
    '__connect.errors.partition': '0',
  });
});

test('a dead-letter topic that is not there: a person is told what to do, with exit code 78', async () => {
  const retry = { retries: 1, initialRetryTime: 50 };
  const kafka = createKafka({ brokers: broker.brokers, clientId: 'test', log, retry });
  const topic = createDeadLetterTopic(await createPublisher(kafka, 'not-there', log, { retry }), log);
  await expect(topic.send([{ key: null, value: 'x' }])).rejects.toMatchObject({
    name: 'OperatorError',
    exitCode: 78,
    message: expect.stringContaining('npm run kafka:topics') as string,
  });
  await topic.close();
});

function texts(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
