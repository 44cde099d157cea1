// Shows G1, G5 of docs/guarantees.md.
import { CONSUMER_GROUP, createDecoder, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { testClient } from '@rastreio/testing/letters';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { anyRecord } from '@rastreio/testing/records';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';
import { takeAnyTime } from '@rastreio/testing/topic';
import { until } from '@rastreio/testing/until';
import fc from 'fast-check';

const RECORDS = 20_000;
const AT_ONCE = 500;
const PARTITIONS = 6;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

let broker: OwnBroker;
let database: TestDatabase;
let consumer: ConsumerProcess;
beforeAll(async () => {
  const server = SERVERS.at(-1);
  if (server === undefined) throw new Error('no database was started');
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log: createLog('test', 'silent') });
  await takeAnyTime(testClient(broker.brokers), TOPIC_EVENTS);
  database = await freshDatabase(server);
  consumer = await startConsumerProcess({
    KAFKA_BROKERS: broker.brokers,
    DATABASE_URL: database.writerUrl,
    CONSUMER_GROUP_ID: `${CONSUMER_GROUP}_fuzz`,
  });
});
afterAll(async () => {
  await consumer.kill();
  await broker.remove();
  await database.drop();
});

const one = async <Row extends object>(sql: string) =>
  withClient(database.ownerUrl, async (c) => (await c.query<Row>(sql)).rows[0]);

test(`${RECORDS} records made up by seed ${SEED}: each is written or kept, and nothing stops (FUZZ_SEED repeats it)`, async () => {
  process.stderr.write(`fuzzing the consumer with FUZZ_SEED=${SEED}\n`);
  const records = fc.sample(anyRecord(Date.now()), { numRuns: RECORDS, seed: SEED });
  const decode = createDecoder();
  const [valid, distinct] = [[] as number[], new Set<string>()];
  records.forEach(({ value }, i) => {
    const result = decode(value);
    if (!result.ok) return;
    valid.push(i);
    const { id_pacote, data_atualizacao, status_rastreamento } = result.event;
    distinct.add(JSON.stringify([id_pacote, data_atualizacao, status_rastreamento]));
  });
  const producer = testClient(broker.brokers).producer();
  await producer.connect();
  for (let at = 0; at < RECORDS; at += AT_ONCE) {
    const messages = records
      .slice(at, at + AT_ONCE)
      .map((record, i) => ({ ...record, partition: (at + i) % PARTITIONS }));
    await producer.send({ topic: TOPIC_EVENTS, messages });
  }
  await producer.disconnect();

  const consumed = async () =>
    (await one<{ n: number }>('SELECT coalesce(sum(consumidos), 0)::int AS n FROM ingestao'))?.n ?? 0;
  await until('everything is consumed', async () => {
    consumer.assertRunning();
    return (await consumed()) >= RECORDS;
  });
  const rejected = RECORDS - valid.length;
  // All kinds occurred, or the records are not worth much.
  expect(Math.min(valid.length, rejected)).toBeGreaterThan(RECORDS / 10);
  expect(
    await one(`
      SELECT sum(consumidos)::int AS consumed, sum(inseridos)::int AS inserted, sum(duplicados)::int AS duplicate, sum(rejeitados)::int AS rejected,
             (SELECT count(*)::int FROM eventos_rejeitados) AS letters, (SELECT count(*)::int FROM eventos_rastreamento) AS events,
             (SELECT count(*)::int FROM eventos_rastreamento WHERE recebido_em NOT BETWEEN '2000-01-01' AND now() + interval '2 days') AS untrue
      FROM ingestao`),
  ).toEqual({
    consumed: RECORDS,
    inserted: distinct.size,
    duplicate: valid.length - distinct.size,
    rejected,
    letters: rejected,
    events: distinct.size,
    untrue: 0,
  });
  const untimed = await one<{ n: number }>('SELECT sum(sem_hora)::int AS n FROM ingestao');
  expect(untimed?.n).toBeGreaterThan(RECORDS / 5);
  // Counted after the offset is committed, a little later than in the database.
  await until('the metric agrees', async () => {
    const metrics = await (await fetch(`${consumer.url}/metrics`)).text();
    return metrics.includes(`rastreio_untimed_messages_total ${untimed?.n}\n`);
  });
  consumer.assertRunning();
});
