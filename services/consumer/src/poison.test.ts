// Shows G5 of docs/guarantees.md.
import { CONSUMER_GROUP, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient } from '@rastreio/database';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { IHeaders } from 'kafkajs';
import { startConsumerProcess, type ConsumerProcess } from '@rastreio/testing/consumerProcess';
import { sendWithJava } from '@rastreio/testing/javaProducer';
import { digest, followLetters, limitMessages, testClient, type Letters } from '@rastreio/testing/letters';
import { startOwnBroker, type OwnBroker } from '@rastreio/testing/ownBroker';
import { goodEvent, POISON } from '@rastreio/testing/poison';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';
import { until } from '@rastreio/testing/until';

// Poison of every kind with good events between, through the real consumer, once for each database.
const log = createLog('test', 'silent');
const FIRST_GOOD = 10_000;
const MAX_MESSAGE_BYTES = 12 * 1024 * 1024;

let broker: OwnBroker;
let letters: Letters;

beforeAll(async () => {
  broker = await startOwnBroker();
  await ensureTopics({ brokers: broker.brokers, log });
  await limitMessages(client(), TOPIC_EVENTS, MAX_MESSAGE_BYTES);
  const producer = client().producer();
  await producer.connect();
  for (const [i, { name, value, key = 'k', headers }] of POISON.entries()) {
    const partition = i % 6;
    const poison = { partition, key, value, headers: { ...headers, caso: name } };
    const good = { partition, key: 'g', value: goodEvent(FIRST_GOOD + i) };
    await producer.send({ topic: TOPIC_EVENTS, messages: [poison, good] });
  }
  await producer.disconnect();
  // kafkajs cannot write a header without a value; other clients do.
  await sendWithJava(TOPIC_EVENTS, 'none', ['caso:null header,empty:NULL\tnot JSON'], {
    brokers: broker.brokers,
    reader: ['parse.headers=true', 'null.marker=NULL'],
  });
  letters = await followLetters(client());
});
afterAll(async () => {
  await letters.stop();
  await broker.remove();
});

const client = () => testClient(broker.brokers);

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let consumer: ConsumerProcess;
  const group = `${CONSUMER_GROUP}_${server.timescaledb ? 'timescale' : 'plain'}`;

  beforeAll(async () => {
    database = await freshDatabase(server);
    letters.byCase.clear();
    consumer = await startConsumerProcess({
      KAFKA_BROKERS: broker.brokers,
      DATABASE_URL: database.writerUrl,
      CONSUMER_GROUP_ID: group,
    });
    const total = 2 * POISON.length + 1;
    const consumed = 'SELECT coalesce(sum(consumidos), 0)::int AS n FROM ingestao';
    await until('everything is consumed', async () => {
      consumer.assertRunning();
      return (await query<{ n: number }>(consumed))[0]?.n === total;
    });
    await until('the topic has the dead letters', () => letters.byCase.size > POISON.length);
  });
  afterAll(async () => {
    await consumer.kill();
    await database.drop();
  });

  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    withClient(database.ownerUrl, async (c) => (await c.query<Row>(sql, parameters)).rows);

  test.each(POISON)('$name: $reason, field $field, original bytes', async ({ name, value, ...poison }) => {
    const { reason, field, key = Buffer.from('k'), headers = {} } = poison;
    const rows = await query<{ chave: Buffer | null; valor: Buffer | null }>(
      `SELECT chave, valor, motivo, campo, length(detalhe) > 10 AS explained FROM eventos_rejeitados WHERE cabecalhos->>'caso' = $1`,
      [name],
    );
    const original = { key: digest(key), value: digest(value) };
    expect(
      rows.map(({ chave, valor, ...row }) => ({ key: digest(chave), value: digest(valor), ...row })),
    ).toEqual([{ ...original, motivo: reason, campo: field, explained: true }]);
    const letter = letters.byCase.get(name);
    expect({ key: digest(letter?.key), value: digest(letter?.value) }).toEqual(original);
    expect(letter?.headers?.['rastreio.motivo']?.toString()).toBe(reason);
    expect(letter?.headers?.['rastreio.campo']?.toString()).toBe(field ?? undefined);
    const theirs = valuesOf(headers).filter(([header]) => header !== 'rastreio.motivo');
    // Not arrayContaining, which compares each of two thousand headers with each.
    const kept = new Set(valuesOf(letter?.headers).map((header) => JSON.stringify(header)));
    expect(theirs.filter((header) => !kept.has(JSON.stringify(header)))).toEqual([]);
  });

  test('a header without a value becomes an empty one in the topic and does not stop the partition', async () => {
    expect(letters.byCase.get('null header')?.headers).toMatchObject({ empty: Buffer.alloc(0) });
    const rows = await query(
      `SELECT motivo FROM eventos_rejeitados WHERE cabecalhos->>'caso' = 'null header'`,
    );
    expect(rows).toEqual([{ motivo: 'invalid_json' }]);
  });

  test('the good events between them are written; unknown statuses are accepted and counted', async () => {
    const [row] = await query(
      `SELECT count(*)::int AS parcels, count(*) FILTER (WHERE status_atual = 'NO LIMBO')::int AS unknown FROM pacotes`,
    );
    const unknown = POISON.filter((_, i) => (FIRST_GOOD + i) % 3 === 0).length;
    expect(row).toEqual({ parcels: POISON.length, unknown });
    const metrics = await (await fetch(`${consumer.url}/metrics`)).text();
    expect(metrics).toContain(`rastreio_unknown_status_events_total ${unknown}\n`);
    for (const reason of new Set(POISON.map((p) => p.reason))) {
      const count = POISON.filter((p) => p.reason === reason).length + (reason === 'invalid_json' ? 1 : 0);
      expect(metrics).toContain(`rastreio_rejected_messages_total{reason="${reason}"} ${count}\n`);
    }
  });

  test('every offset is committed', async () => {
    const admin = client().admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(TOPIC_EVENTS);
    const committed = async () =>
      (await admin.fetchOffsets({ groupId: group, topics: [TOPIC_EVENTS] }))[0]?.partitions;
    await until('the offsets are committed', async () => {
      const offsets = new Map((await committed())?.map((p) => [p.partition, p.offset]));
      return ends.every(({ partition, high }) => high === '0' || offsets.get(partition) === high);
    });
    await admin.disconnect();
  });
});

/** The values of each header, without what kafkajs finds beside them (see deadLetters.ts). */
function valuesOf(headers: IHeaders = {}): [string, (string | null)[]][] {
  return Object.entries(headers).map(([name, value]) => [
    name,
    [value].flat().flatMap((one) => (typeof one === 'string' || Buffer.isBuffer(one) ? [digest(one)] : [])),
  ]);
}
