import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import type { Admin, ITopicConfig, KafkaJSProtocolError, PartitionMetadata } from 'kafkajs';
import { createKafka, type KafkaOptions } from './client';

export interface TopicOptions extends Pick<KafkaOptions, 'brokers' | 'security' | 'log'> {
  /** Upper bound of parallel consumers. It cannot shrink later, and growing it moves keys to other partitions. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
}

const DEFAULT_PARTITIONS = 6;
const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';
const WEEK_MS = 7 * 24 * 3_600_000;
/** Room for any dead letter, however far the events topic's own limit is raised: what a request may have at most (Kafka's default). */
const DEAD_LETTERS_MAX_MESSAGE_BYTES = 104_857_600;

/** The consumer reads every compression, but in JavaScript: the broker unpacks for it. */
const UNPACKED = { 'compression.type': 'uncompressed' };

/** The settings of our topics, by topic. */
export const WANTED_SETTINGS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  [TOPIC_EVENTS]: { 'retention.ms': WEEK_MS, ...UNPACKED },
  [TOPIC_DEAD_LETTERS]: {
    // Dead letters wait for a person: kept until they are deleted.
    'retention.ms': -1,
    'max.message.bytes': DEAD_LETTERS_MAX_MESSAGE_BYTES,
    ...UNPACKED,
  },
};

/** Makes the events topic and the dead-letter topic where they are missing, and waits until every partition has a leader. */
export async function ensureTopics({
  brokers,
  security = {},
  log,
  partitions,
  replicationFactor = 1,
}: TopicOptions): Promise<void> {
  const admin = createKafka({ brokers, security, clientId: 'rastreio-topics', log }).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const wanted: ITopicConfig[] = [
      topic(TOPIC_EVENTS, partitions ?? DEFAULT_PARTITIONS, replicationFactor),
      topic(TOPIC_DEAD_LETTERS, 1, replicationFactor),
    ];
    const missing = wanted.filter((t) => !existing.has(t.topic));
    if (missing.length > 0) {
      await createTopics(admin, missing);
      log.info({ topics: missing.map((t) => t.topic) }, 'topics created');
    }
    await waitForLeaders(admin, [TOPIC_EVENTS, TOPIC_DEAD_LETTERS]);
  } finally {
    await admin.disconnect();
  }
}

function topic(name: string, numPartitions: number, replicationFactor: number): ITopicConfig {
  const settings = Object.entries(WANTED_SETTINGS[name] ?? {});
  return {
    topic: name,
    numPartitions,
    replicationFactor,
    configEntries: settings.map(([setting, value]) => ({ name: setting, value: String(value) })),
  };
}

/**
 * Makes topics that are not there and waits until every partition has a leader. kafkajs's own wait fails where a busy broker does
 * not know the new topic at once.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  await waitForLeaders(
    admin,
    topics.map(({ topic: name }) => name),
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
