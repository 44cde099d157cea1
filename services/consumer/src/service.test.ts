// Shows G1, G5, G8 of docs/guarantees.md.
import { spawn, type ChildProcess } from 'node:child_process';
import { CONSUMER_GROUP, TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { withClient, WRITER_GENERATION } from '@rastreio/database';
import { createKafka, createPublisher, ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts } from '@rastreio/stack';
import type { KafkaMessage } from 'kafkajs';
import { CONSUMER_COMMAND } from '@rastreio/testing/consumerProcess';
import { KAFKA_BROKERS } from '@rastreio/testing/kafka';
import { freshDatabase, SERVERS, type TestDatabase } from '@rastreio/testing/servers';

// The whole service as a process, with a real broker and a real database.
const log = createLog('test', 'silent');
const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: 'service-test', log });
const server = SERVERS.at(-1);
const GROUP = `${CONSUMER_GROUP}_service_test`;

const good = (id: number) =>
  JSON.stringify({
    id_pacote: id,
    origem: 'Natal',
    destino: 'Paraíba',
    status_rastreamento: 'POSTADO',
    data_atualizacao: '2026-01-01T00:00:00Z',
  });
const POISON: readonly (readonly [string, Buffer | null])[] = [
  ['invalid_json', Buffer.from('{"id_pacote": ')],
  ['invalid_utf8', Buffer.from([0x7b, 0xff, 0x00, 0x7d])],
  ['tombstone', null],
  ['not_an_object', Buffer.from('[1,2]')],
  ['too_large', Buffer.alloc(100_000, 0x61)],
  ['naive_timestamp', Buffer.from(good(5).replace('00Z', '00'))],
];

interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

const started: Started[] = [];
let database: TestDatabase;
let child: ChildProcess;
let url: string;
let exited: Promise<number | null>;

beforeAll(async () => {
  if (server === undefined) throw new Error('no database was started');
  database = await freshDatabase(server);
  await ensureTopics({ brokers: KAFKA_BROKERS, log });
  const [port = 0] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  ({ child, exited } = start());
  await until(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200);
});
afterAll(async () => {
  for (const { child: one } of started) one.kill('SIGKILL');
  await exited;
  await database.drop();
});

const count = async (sql: string) =>
  withClient(database.ownerUrl, async (c) =>
    Number(Object.values((await c.query(sql)).rows[0] as object)[0]),
  );

test('poison goes to the table and the dead-letter topic with its original bytes; the good events around it are written', async () => {
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  const headers = { 'x-request': 'abc' };
  const messages = POISON.flatMap(([reason, value], i) => [
    { key: reason, value, headers },
    { key: reason, value: good(1000 + i) },
  ]);
  await publisher.send(messages);
  await publisher.close();
  await until(
    async () =>
      (await count(`SELECT count(*) FROM eventos_rejeitados WHERE cabecalhos->>'x-request' = 'abc'`)) >=
      POISON.length,
  );
  expect(await count('SELECT count(*) FROM pacotes WHERE id_pacote BETWEEN 1000 AND 1005')).toBe(
    POISON.length,
  );

  const letters = (await readAll(TOPIC_DEAD_LETTERS)).filter(
    (m) => String(m.headers?.['x-request']) === 'abc',
  );
  const byReason = new Map(letters.map((m) => [String(m.headers?.['rastreio.motivo']), m]));
  for (const [reason, value] of POISON) {
    const letter = byReason.get(reason);
    expect(letter?.value).toEqual(value);
    expect(String(letter?.key)).toBe(reason);
    expect(String(letter?.headers?.['__connect.errors.topic'])).toBe(TOPIC_EVENTS);
    expect(Number(letter?.headers?.['__connect.errors.offset'])).toBeGreaterThanOrEqual(0);
    const stored = await withClient(database.ownerUrl, (c) =>
      c.query<{ valor: Buffer | null }>('SELECT valor FROM eventos_rejeitados WHERE motivo = $1', [reason]),
    );
    expect(stored.rows.some((r) => (value === null ? r.valor === null : r.valor?.equals(value)))).toBe(true);
  }
});

test('metrics hold the accounting identity', async () => {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((total, m) => total + Number(m[1]), 0);
  const consumed = sum(/^rastreio_consumed_messages_total\{[^}]*\} (\d+)$/gm);
  expect(consumed).toBeGreaterThanOrEqual(2 * POISON.length);
  expect(sum(/^rastreio_message_outcomes_total\{[^}]*\} (\d+)$/gm)).toBe(consumed);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('a compatible migration is taken without a restart', async () => {
  await withClient(database.ownerUrl, (c) =>
    c.query(
      'BEGIN; ALTER TABLE pacotes ADD COLUMN nota text; ALTER TABLE eventos_rastreamento ADD COLUMN nota text; COMMIT',
    ),
  );
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  await publisher.send([{ key: '2000', value: good(2000) }]);
  await publisher.close();
  await until(async () => (await count('SELECT count(*) FROM pacotes WHERE id_pacote = 2000')) === 1);
  expect(child.exitCode).toBeNull();
});

test('SIGTERM finishes, commits, leaves the group at once and ends with 0', async () => {
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  const admin = kafka.admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([GROUP]);
  expect(groups[0]?.members).toEqual([]);
  const committed =
    (await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC_EVENTS] }))[0]?.partitions ?? [];
  const ends = await admin.fetchTopicOffsets(TOPIC_EVENTS);
  await admin.disconnect();
  expect(committed.some(({ offset }) => Number(offset) > 0)).toBe(true);
  for (const { partition, offset } of committed) {
    if (Number(offset) >= 0)
      expect(Number(offset)).toBeLessThanOrEqual(Number(ends.find((e) => e.partition === partition)?.high));
  }
});

test('a migration for newer writers ends it with 78: nothing is rejected, and the next version reads on from there', async () => {
  await withClient(database.ownerUrl, (c) => c.query('SELECT exige_escritor($1)', [WRITER_GENERATION]));
  const older = start();
  await until(async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200);
  await withClient(database.ownerUrl, (c) => c.query('SELECT exige_escritor($1)', [WRITER_GENERATION + 1]));
  const rejected = await count('SELECT count(*) FROM eventos_rejeitados');
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  await publisher.send([{ key: '3000', value: good(3000) }]);
  await publisher.close();
  expect(await older.exited).toBe(78);
  expect(await count('SELECT count(*) FROM eventos_rejeitados')).toBe(rejected);
  expect(await count('SELECT count(*) FROM pacotes WHERE id_pacote = 3000')).toBe(0);

  await withClient(database.ownerUrl, (c) => c.query('SELECT exige_escritor($1)', [WRITER_GENERATION]));
  const next = start();
  await until(async () => (await count('SELECT count(*) FROM pacotes WHERE id_pacote = 3000')) === 1);
  next.child.kill('SIGTERM');
  expect(await next.exited).toBe(0);
});

test('wrong settings end with 78', async () => {
  const wrong = spawn(process.execPath, CONSUMER_COMMAND, {
    env: { ...process.env, DATABASE_URL: 'mysql://x', METRICS_PORT: 'no' },
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => wrong.once('exit', resolve))).toBe(78);
});

/** The service as a process, with its metrics at `url`. */
function start(): Started {
  const one = spawn(process.execPath, CONSUMER_COMMAND, {
    env: {
      ...process.env,
      KAFKA_BROKERS,
      DATABASE_URL: database.writerUrl,
      METRICS_PORT: new URL(url).port,
      CONSUMER_GROUP_ID: GROUP,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const service = { child: one, exited: new Promise<number | null>((resolve) => one.once('exit', resolve)) };
  started.push(service);
  return service;
}

/** Every message of a topic with one partition, up to its end now. */
async function readAll(topic: string): Promise<KafkaMessage[]> {
  const admin = kafka.admin();
  await admin.connect();
  const [end] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const messages: KafkaMessage[] = [];
  await consumer.run({
    autoCommit: false,
    eachMessage: ({ message }) => Promise.resolve(void messages.push(message)),
  });
  await until(() => Promise.resolve(messages.length >= Number(end?.high)));
  await consumer.disconnect();
  return messages;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 40 s: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
