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
import { ConfigResourceTypes, type Admin } from 'kafkajs';
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

async function partitions(asked = admin) {
  const { topics } = await asked.fetchTopicMetadata({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
  return topics.flatMap((topic) => topic.partitions);
}

/** Asks one broker, and no other. */
async function askOne<T>(broker: string, ask: (asked: Admin) => Promise<T>): Promise<T> {
  const asked = createKafka({ brokers: broker, clientId: 'test', log }).admin();
  await asked.connect();
  return ask(asked).finally(() => asked.disconnect());
}

/** Settles when each of these brokers counts so many of the cluster. */
async function count(brokers: number, each = cluster.brokers.split(',')) {
  for (const one of each)
    await until(`the broker at ${one} counts ${brokers}`, async () => {
      const cluster = await askOne(one, (asked) => asked.describeCluster());
      return cluster.brokers.length === brokers;
    });
}

/**
 * Deletes our topics; settles when no broker knows them any more. Not while one stands still: asked for it, it would delete those that are
 * there when it goes on.
 */
async function deleteTopics() {
  await admin.deleteTopics({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
  for (const one of cluster.brokers.split(','))
    await until(`the broker at ${one} has forgotten the topics`, async () => {
      const names = await askOne(one, (asked) => asked.listTopics());
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
  await cluster.kill(3);
  await count(2, cluster.brokers.split(',').slice(0, 2));
  const making = ensureTopics({ brokers: cluster.brokers, log });
  await cluster.start(3);
  await making;
  for (const { replicas } of await partitions()) expect(replicas).toHaveLength(3);
  await deleteTopics();
});

test('a broker that takes connections and says nothing holds up nobody: whatever was asked of it is asked of the others', async () => {
  const [first = '', second = '', third = ''] = cluster.brokers.split(',');
  const brokers = [second, first, third].join();
  const topic = 'asked-about';
  const topics = [topic];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic }];
  const configEntries = [{ name: 'max.message.bytes', value: '2000000' }];
  const wishes: Record<string, (asked: Admin) => Promise<unknown>> = {
    alterConfigs: (a) =>
      a.alterConfigs({ validateOnly: false, resources: [{ ...resources[0]!, configEntries }] }),
    createTopics: (a) => createTopics(a, [{ topic: 'asked-of-another', replicationFactor: 2 }], log),
    describeCluster: (a) => a.describeCluster(),
    describeConfigs: (a) => a.describeConfigs({ includeSynonyms: false, resources }),
    describeGroups: (a) => a.describeGroups(['a-group']),
    fetchOffsets: (a) => a.fetchOffsets({ groupId: 'a-group', topics }),
    fetchTopicMetadata: (a) => a.fetchTopicMetadata({ topics }),
    fetchTopicOffsets: (a) => a.fetchTopicOffsets(topic),
    listTopics: (a) => a.listTopics(),
  };
  await createTopics(admin, [{ topic, numPartitions: 3, replicationFactor: 3 }], log);
  const connected = await Promise.all(
    Object.entries(wishes).map(async ([name, wish]) => {
      const asked = createKafka({ brokers, clientId: name, log, requestTimeoutMs: 6_000 }).admin();
      // To the first of the addresses, and to no other.
      await asked.connect();
      return { name, asked, wish };
    }),
  );
  process.kill(cluster.pid(2), 'SIGSTOP');
  const answered: string[] = [];
  try {
    await Promise.all(connected.map(({ name, asked, wish }) => wish(asked).then(() => answered.push(name))));
    expect(isStopped(cluster.pid(2))).toBe(true);
    expect(answered.sort()).toEqual(Object.keys(wishes));
    await count(2, [first, third]);
    // More addresses would be waited for.
    const { created } = await ensureTopics({ brokers: [second, first].join(), log });
    expect(created).toEqual([TOPIC_EVENTS, TOPIC_DEAD_LETTERS]);
    for (const { replicas } of await askOne(first, partitions)) expect(replicas).toHaveLength(2);
  } finally {
    process.kill(cluster.pid(2), 'SIGCONT');
    await Promise.all(connected.map(({ asked }) => asked.disconnect()));
  }
  await count(3);
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
    const { topics } = await askOne(one, (asked) =>
      asked.fetchTopicMetadata({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] }),
    );
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
