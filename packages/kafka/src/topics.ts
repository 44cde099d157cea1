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
import { createKafka, type KafkaOptions } from './client';
import { differencesOf, readSettings } from './topicState';
import { wantedTopics, type TopicChoices, type TopicDifference } from './wantedTopics';

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

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';
/** DescribeConfigs: where a value comes from that was set for the topic itself. */
const OF_THE_TOPIC = 1;

/**
 * Makes the events topic and the dead-letter topic where they are missing, waits until every partition has a leader, and says what of
 * topics that were there differs from what is wanted.
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
    const wanted = wantedTopics(choices, (await admin.describeCluster()).brokers.length);
    const missing = wanted.filter((t) => !existing.has(t.topic));
    if (missing.length > 0) {
      await createTopics(admin, missing);
      log.info({ topics: missing.map((t) => t.topic) }, 'topics created');
    }
    await waitForLeaders(
      admin,
      wanted.map((t) => t.topic),
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
      created: missing.map((t) => t.topic),
      altered,
      differences: found.filter((difference) => !altered.includes(difference)),
    };
  } finally {
    await admin.disconnect();
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
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false }).catch((error: unknown) => {
    throw refused(topics.map(({ topic }) => topic).join(', '), error);
  });
  await waitForLeaders(
    admin,
    topics.map(({ topic: name }) => name),
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

async function waitForLeaders(admin: Admin, names: string[]): Promise<void> {
  for (;;) {
    const { topics } = await admin.fetchTopicMetadata({ topics: names }).catch((error: unknown) => {
      if ((error as Partial<KafkaJSProtocolError>).type !== UNKNOWN_TOPIC) throw error;
      return { topics: [] };
    });
    const partitions = topics.map((t) => t.partitions);
    if (partitions.length === names.length && partitions.every(areLed)) return;
    await sleep(100);
  }
}

function areLed(partitions: readonly PartitionMetadata[]): boolean {
  return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
}
