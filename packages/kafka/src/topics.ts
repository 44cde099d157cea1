import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_EVENTS } from '@rastreio/contract';
import { EXIT, OperatorError } from '@rastreio/runtime';
import {
  ConfigResourceTypes,
  type Admin,
  type ITopicConfig,
  type KafkaJSProtocolError,
  type PartitionMetadata,
} from 'kafkajs';
import { isBrokerAway } from './away';
import { createKafka, type KafkaOptions } from './client';
import { differencesOf, readSettings } from './topicState';
import { DEFAULT_REPLICATION, wantedTopics, type TopicChoices, type TopicDifference } from './wantedTopics';

export interface TopicOptions extends TopicChoices, Pick<KafkaOptions, 'brokers' | 'security' | 'log'> {
  /** Whether settings of a topic that is there are changed to what it would be made with. */
  readonly alter?: boolean;
}

export interface TopicsReport {
  readonly created: string[];
  /** Where `alter` was asked for. */
  readonly altered: TopicDifference[];
  readonly differences: TopicDifference[];
}

type Brokers = Awaited<ReturnType<Admin['describeCluster']>>['brokers'];

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';
/** A broker of a cluster that is away must not hold up what the others can do. */
const ONE_BROKER_MS = 30_000;
const ONE_BROKER = {
  retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 1_000 },
  requestTimeoutMs: 10_000,
};
/** DescribeConfigs: where a value comes from that was set for the topic itself. */
const OF_THE_TOPIC = 1;

/**
 * Makes the events topic and the dead-letter topic where they are missing, once as many brokers answer as addresses were given (three of
 * more, and for half a minute at the most), waits until every partition has a leader and every broker
 * knows of what was made, and says what of topics that were there differs from what is wanted.
 *
 * @throws OperatorError (exit code 78) where the brokers do not make or change a topic as asked
 */
export async function ensureTopics({
  brokers,
  security = {},
  log,
  alter = false,
  ...choices
}: TopicOptions): Promise<TopicsReport> {
  const admin = createKafka({ brokers, security, clientId: 'rastreio-topics', log }).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const lacks = wantedTopics(choices, 1).some((t) => !existing.has(t.topic));
    const cluster = await brokersOf(admin, lacks ? brokers.split(',').length : 1, log);
    const wanted = wantedTopics(choices, cluster.length);
    const missing = wanted.filter((t) => !existing.has(t.topic)).map((t) => t.topic);
    if (missing.length > 0) {
      await createTopics(
        admin,
        wanted.filter((t) => missing.includes(t.topic)),
        log,
      );
      await Promise.all(
        cluster.map(({ host, port }) =>
          waitForBroker({ brokers: `${host}:${port}`, security, log }, missing),
        ),
      );
      log.info({ topics: missing }, 'topics created');
    }
    await untilLed(
      admin,
      wanted.map((t) => t.topic),
      log,
    );
    const there = wanted.filter((t) => existing.has(t.topic));
    const found = (await Promise.all(there.map((t) => differencesOf(admin, t, log))))
      .flat()
      // How many there are is right unless somebody says otherwise.
      .filter(
        ({ topic, setting }) =>
          setting !== 'partitions' || (topic === TOPIC_EVENTS && choices.partitions !== undefined),
      );
    const altered = alter ? found.filter(({ alterable }) => alterable) : [];
    for (const topic of new Set(altered.map((d) => d.topic)))
      await alterSettings(
        admin,
        topic,
        altered.filter((d) => d.topic === topic),
      );
    return {
      created: missing,
      altered,
      differences: found.filter((difference) => !altered.includes(difference)),
    };
  } finally {
    await admin.disconnect();
  }
}

/**
 * The brokers of the cluster. A topic has as many copies for good as there are brokers when it is made: one that is away for a moment,
 * as while it is restarted, is waited for.
 *
 * @param listed so many addresses of brokers were given
 */
async function brokersOf(admin: Admin, listed: number, log: KafkaOptions['log']): Promise<Brokers> {
  const started = performance.now();
  for (;;) {
    const { brokers } = await admin.describeCluster();
    if (brokers.length >= Math.min(listed, DEFAULT_REPLICATION)) return brokers;
    if (performance.now() - started > ONE_BROKER_MS) {
      log.warn(
        { brokers: brokers.length, listed },
        'fewer brokers answer than addresses were given: the topics get no more copies than that; see whether all run',
      );
      return brokers;
    }
    await sleep(200);
  }
}

async function alterSettings(
  admin: Admin,
  topic: string,
  changes: readonly TopicDifference[],
): Promise<void> {
  // kafkajs sets all settings of a topic at once: what is not named falls back to the brokers' own.
  const kept = (await readSettings(admin, topic)).filter(
    ({ configSource, isSensitive }) => (configSource as number) === OF_THE_TOPIC && !isSensitive,
  );
  const settings = new Map([
    ...kept.map(({ configName, configValue }) => [configName, configValue] as const),
    ...changes.map(({ setting, wanted }) => [setting, wanted] as const),
  ]);
  const configEntries = [...settings].map(([name, value]) => ({ name, value }));
  await admin
    .alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    })
    .catch((error: unknown) => {
      throw refused(topic, error);
    });
}

/**
 * Makes topics that are not there and waits until every partition has a leader. kafkajs's own wait fails where a busy broker does
 * not know the new topic at once.
 *
 * @throws OperatorError (exit code 78) where the brokers do not make one as asked
 */
export async function createTopics(
  admin: Admin,
  topics: ITopicConfig[],
  log: KafkaOptions['log'],
): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false }).catch((error: unknown) => {
    throw refused(topics.map(({ topic }) => topic).join(', '), error);
  });
  await untilLed(
    admin,
    topics.map(({ topic: name }) => name),
    log,
  );
}

/** What a broker says of a request that it understands and does not grant. */
const REFUSED = new Set([
  'INVALID_REPLICATION_FACTOR',
  'INVALID_PARTITIONS',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

function refused(topics: string, error: unknown): unknown {
  const all = (error as { errors?: unknown[] }).errors ?? [error];
  const said = all
    .map((one) => one as Partial<KafkaJSProtocolError>)
    .filter(({ type = '' }) => REFUSED.has(type));
  if (said.length === 0) return error;
  const reasons = [...new Set(said.map(({ type, message }) => `${type ?? ''}: ${message ?? ''}`))];
  return new OperatorError(
    `Kafka does not make ${topics} as asked (${reasons.join('; ')}); correct --partitions, --replication-factor, --min-insync-replicas, --retention or --dead-letter-bytes (docs/clusters.md#topics), or the rights of this user`,
    EXIT.config,
    { cause: error },
  );
}

/**
 * Waits until this one broker knows the topics. Each learns of them by itself, and one that does not yet tells whoever asks it first,
 * a new producer say, that there is no such topic. One that cannot be reached, or learns nothing, is told of and left: a broker that comes back
 * is up to date before it answers.
 */
async function waitForBroker(
  options: Pick<KafkaOptions, 'brokers' | 'security' | 'log'>,
  names: string[],
): Promise<void> {
  const admin = createKafka({ ...options, ...ONE_BROKER, clientId: 'rastreio-topics' }).admin();
  const away = (error?: unknown) => {
    options.log.warn(
      { broker: options.brokers, topics: names, err: error },
      'this broker of the cluster does not know the new topics yet: see whether it runs and is connected to its controllers',
    );
  };
  try {
    await admin.connect();
    // kafkajs asks the broker it was given until that one knows what it is asked about.
    if (!(await waitForLeaders(admin, names, ONE_BROKER_MS))) away();
  } catch (error) {
    if (!isBrokerAway(error)) throw error;
    away(error);
  } finally {
    await admin.disconnect();
  }
}

/** Waits as long as it takes until all have leaders, and says so. */
async function untilLed(admin: Admin, topics: string[], log: KafkaOptions['log']): Promise<void> {
  while (!(await waitForLeaders(admin, topics, ONE_BROKER_MS)))
    log.warn(
      { topics },
      'not every partition of these topics has a leader yet: see whether all brokers run and are connected to their controllers',
    );
}

/** Whether all have leaders before the time is over. */
async function waitForLeaders(admin: Admin, names: string[], withinMs: number): Promise<boolean> {
  const started = performance.now();
  do {
    const { topics } = await admin.fetchTopicMetadata({ topics: names }).catch((error: unknown) => {
      if ((error as Partial<KafkaJSProtocolError>).type !== UNKNOWN_TOPIC) throw error;
      return { topics: [] };
    });
    const partitions = topics.map((t) => t.partitions);
    if (partitions.length === names.length && partitions.every(areLed)) return true;
    await sleep(100);
  } while (performance.now() - started < withinMs);
  return false;
}

function areLed(partitions: readonly PartitionMetadata[]): boolean {
  return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
}
