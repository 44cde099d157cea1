import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import type { ITopicConfig } from 'kafkajs';

/** What a topic is to be; what is left out is decided here. */
export interface TopicChoices {
  /** Of the events topic: upper bound of parallel consumers. It cannot shrink later, and growing it moves keys to other partitions. */
  readonly partitions?: number | undefined;
  /** Copies of each partition. Left out: three, or as many as there are brokers. */
  readonly replicationFactor?: number | undefined;
  /** Copies that must have a message before it counts as sent. Left out: two of three or more, else what the brokers say. */
  readonly minInsyncReplicas?: number | undefined;
  /** How long events stay in Kafka: how far back they can be read again. */
  readonly retentionMs?: number | undefined;
  /** Largest dead letter. */
  readonly deadLetterBytes?: number | undefined;
}

const DEFAULT_PARTITIONS = 6;
/** One may be away for an upgrade while another fails. */
export const DEFAULT_REPLICATION = 3;
const WEEK_MS = 7 * 24 * 3_600_000;
/** Room for any dead letter, however far the events topic's own limit is raised: what a request may have at most (Kafka's default). */
const DEAD_LETTERS_MAX_MESSAGE_BYTES = 104_857_600;

/** The topics as they are made on a cluster of so many brokers. */
export function wantedTopics(choices: TopicChoices, brokers: number): ITopicConfig[] {
  const replicationFactor = choices.replicationFactor ?? Math.min(DEFAULT_REPLICATION, Math.max(1, brokers));
  // Two of three: what is acknowledged survives the loss of one broker, and one broker may be away without stopping us.
  const minInsync = choices.minInsyncReplicas ?? (replicationFactor >= 3 ? 2 : undefined);
  const topic = (name: string, numPartitions: number, settings: Readonly<Record<string, number>>) => ({
    topic: name,
    numPartitions,
    replicationFactor,
    configEntries: [
      ...Object.entries({
        ...settings,
        ...(minInsync !== undefined && { 'min.insync.replicas': minInsync }),
      }).map(([setting, value]) => ({ name: setting, value: String(value) })),
      // The consumer reads every compression, but in JavaScript: the broker unpacks for it.
      { name: 'compression.type', value: 'uncompressed' },
    ],
  });
  return [
    topic(TOPIC_EVENTS, choices.partitions ?? DEFAULT_PARTITIONS, {
      'retention.ms': choices.retentionMs ?? WEEK_MS,
    }),
    topic(TOPIC_DEAD_LETTERS, 1, {
      // Dead letters wait for a person: kept until they are deleted.
      'retention.ms': -1,
      'max.message.bytes': choices.deadLetterBytes ?? DEAD_LETTERS_MAX_MESSAGE_BYTES,
    }),
  ];
}

/** A topic as it is. */
export interface FoundTopic {
  readonly partitions: number;
  /** Of the partition that has the fewest. */
  readonly replicas: number;
  readonly settings: ReadonlyMap<string, string>;
}

export interface TopicDifference {
  readonly topic: string;
  readonly setting: string;
  readonly is: string;
  readonly wanted: string;
  /** Whether `--alter` changes it. */
  readonly alterable: boolean;
  readonly how: string;
}

/** What of a topic that is there differs from what it would be made as today. */
export function topicDifferences(wanted: ITopicConfig, found: FoundTopic): TopicDifference[] {
  const { topic, numPartitions = 1, replicationFactor = 1, configEntries = [] } = wanted;
  const differences: TopicDifference[] = [];
  const add = (
    setting: string,
    is: string | number,
    want: string | number,
    how: string,
    alterable = false,
  ) => {
    if (String(is) !== String(want))
      differences.push({ topic, setting, is: String(is), wanted: String(want), alterable, how });
  };
  add(
    'partitions',
    found.partitions,
    numPartitions,
    found.partitions > numPartitions
      ? 'a topic cannot shrink; set KAFKA_PARTITIONS to what it has'
      : 'growing moves keys: stop the sources, let the consumers read to the end, then kafka-topics.sh --alter --partitions',
  );
  add(
    'replication factor',
    found.replicas,
    replicationFactor,
    'move its partitions with kafka-reassign-partitions.sh, or set KAFKA_REPLICATION_FACTOR to what it has',
  );
  for (const { name, value } of configEntries)
    add(name, found.settings.get(name) ?? 'unknown', value, 'run the command with --alter', true);
  return differences;
}
