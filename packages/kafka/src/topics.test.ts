import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { createLog } from '@rastreio/runtime';
import { startCluster, type Cluster } from '@rastreio/testing/cluster';
import { runRastreio } from '@rastreio/testing/command';
import { readTopic } from '@rastreio/testing/topic';
import { until } from '@rastreio/testing/until';
import type { Admin } from 'kafkajs';
import { createKafka } from './client';
import { createPublisher } from './publisher';
import { createTopics, ensureTopics } from './topics';

const log = createLog('test', 'silent');

let dir: string;
let cluster: Cluster;
let admin: Admin;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-cluster-'));
  cluster = await startCluster(dir, 3);
  admin = createKafka({ brokers: cluster.brokers, clientId: 'test', log }).admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await cluster.stop();
  await rm(dir, { recursive: true });
});

async function partitions() {
  const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
  return topics.flatMap((topic) => topic.partitions);
}

/** Deletes our topics; settles when no broker knows them any more. */
async function deleteTopics() {
  await admin.deleteTopics({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
  for (const one of cluster.brokers.split(','))
    await until(`the broker at ${one} has forgotten the topics`, async () => {
      const asked = createKafka({ brokers: one, clientId: 'test', log }).admin();
      await asked.connect();
      const names = await asked.listTopics();
      await asked.disconnect();
      return names.every((name) => name !== TOPIC_EVENTS && name !== TOPIC_DEAD_LETTERS);
    });
}

/** Whether a process is stopped by a signal (proc(5), field 3 of stat). */
function isStopped(pid: number): boolean {
  return / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
}

async function topics(...args: string[]) {
  return runRastreio(['topics', '--brokers', cluster.brokers, ...args]);
}

test('what the brokers do not grant is refused with what to correct, and nothing is made', async () => {
  const { code, stderr } = await topics('--replication-factor', '4');
  expect(stderr).toMatch(/Kafka does not make .*INVALID_REPLICATION_FACTOR.*correct .*--replication-factor/);
  expect(code).toBe(78);
});

test('a broker that is away while topics are made is waited for: they have as many copies for good as there are brokers then', async () => {
  const alive = async () => (await admin.describeCluster()).brokers.length;
  await cluster.kill(3);
  await until('the others count it out', async () => (await alive()) === 2);
  const making = ensureTopics({ brokers: cluster.brokers, log });
  await cluster.start(3);
  await making;
  for (const { replicas } of await partitions()) expect(replicas).toHaveLength(3);
  await deleteTopics();
}, 300_000);

test('a broker that takes connections and says nothing holds up nobody: the others are asked', async () => {
  const [first, second, third] = cluster.brokers.split(',');
  if (second === undefined) throw new Error('the cluster has three brokers');
  const connected = createKafka({
    brokers: second,
    clientId: 'test',
    log,
    requestTimeoutMs: 2_000,
  }).admin();
  await connected.connect();
  // Now it knows the others, and is connected to this one alone.
  await connected.listTopics();
  process.kill(cluster.pid(2), 'SIGSTOP');
  try {
    await createTopics(connected, [{ topic: 'asked-of-another', replicationFactor: 2 }], log);
    const { created } = await ensureTopics({ brokers: [second, first, third].join(), log });
    expect(created).toEqual([TOPIC_EVENTS, TOPIC_DEAD_LETTERS]);
    for (const { replicas } of await partitions()) expect(replicas).toHaveLength(2);
  } finally {
    process.kill(cluster.pid(2), 'SIGCONT');
    await connected.disconnect();
  }
  await until('it is one of three again', async () => (await admin.describeCluster()).brokers.length === 3);
  await deleteTopics();
});

test('topics are not said to be there before every broker knows them', async () => {
  const pid = cluster.pid(2);
  // By a process of its own: if this one is held up, the broker still goes on before the others count it out.
  spawn('sh', ['-c', `kill -STOP ${pid}; sleep 3; kill -CONT ${pid}`], { stdio: 'inherit' });
  await until('a broker stands still', () => isStopped(pid));
  // If that one could not (no memory to fork a sleep, say), a broker that never goes on would fail all that follows.
  setTimeout(() => process.kill(pid, 'SIGCONT'), 3_000);
  expect(await ensureTopics({ brokers: cluster.brokers, log })).toEqual({
    created: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS],
    altered: [],
    differences: [],
  });
  expect(isStopped(pid)).toBe(false);
  for (const one of cluster.brokers.split(',')) {
    const asked = createKafka({ brokers: one, clientId: 'test', log }).admin();
    await asked.connect();
    const { topics } = await asked.fetchTopicMetadata({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
    await asked.disconnect();
    expect(topics.map(({ name }) => name).sort()).toEqual([TOPIC_EVENTS, TOPIC_DEAD_LETTERS].sort());
  }
});

test('three brokers have three copies, two of which must have a message', async () => {
  for (const { replicas } of await partitions()) expect(replicas).toHaveLength(3);
  expect(await ensureTopics({ brokers: cluster.brokers, log })).toMatchObject({
    created: [],
    differences: [],
  });
});

test('what differs of topics that are there is told, changed with --alter, and what was set besides stays', async () => {
  const asked = ['--retention', '30d', '--partitions', '8', '--replication-factor', '2'];
  const told = await topics(...asked);
  expect(told.code).toBe(0);
  expect(told.result).toMatchObject({ created: [], altered: [] });
  expect(told.stderr).toContain(`${TOPIC_EVENTS} has partitions 6, not 8: growing moves keys`);
  expect(told.stderr).toContain(`${TOPIC_EVENTS} has replication factor 3, not 2: move its partitions`);
  expect(told.stderr).toContain(
    `${TOPIC_EVENTS} has retention.ms 604800000, not 2592000000: run the command`,
  );
  expect((await topics(...asked, '--alter')).stderr).toContain(
    'has retention.ms 604800000, not 2592000000: changed',
  );
  // The copies are what they were, and so is min.insync.replicas.
  expect((await topics('--retention', '30d')).result).toMatchObject({ differences: [] });
  expect((await topics('--min-insync-replicas', '1', '--alter')).stderr).toContain(
    'min.insync.replicas 2, not 1: changed',
  );
  expect((await topics('--alter')).result).toMatchObject({ differences: [] });
});

test('a broker that is killed while we write takes nothing with it that was acknowledged', async () => {
  const kafka = createKafka({ brokers: cluster.brokers, clientId: 'load', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  const sent: string[] = [];
  // confluentinc/librdkafka#3396: consumers that are stuck when another broker leads.
  const seen = new Set<string>();
  const reader = kafka.consumer({ groupId: 'all-along', maxWaitTimeInMs: 100 });
  await reader.connect();
  await reader.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  await reader.run({ eachMessage: ({ message }) => Promise.resolve(void seen.add(String(message.value))) });
  const write = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const values = Array.from({ length: 50 }, (_, k) => `${sent.length + k}`);
      await publisher.send(values.map((value) => ({ key: value, value })));
      sent.push(...values);
    }
  };
  await write(20);
  const [first] = await partitions();
  if (first === undefined) throw new Error('the topic has partitions');
  await Promise.all([cluster.kill(first.leader), write(40)]);
  await write(20);
  // It has another leader, and is written to without the dead one.
  const [now] = await partitions();
  expect(now?.leader).not.toBe(first.leader);
  await cluster.start(first.leader);
  await write(20);
  await publisher.close();
  await until('who has read all along has all', () => sent.every((value) => seen.has(value)));
  await reader.disconnect();
  const values = new Set((await readTopic(kafka, TOPIC_EVENTS, sent.length)).map(({ value }) => value));
  // kafkajs may send again what was still under way at the others: the database knows an event by its content.
  expect(sent.filter((value) => !values.has(value))).toEqual([]);
});
