import { setTimeout as sleep } from 'node:timers/promises';
import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { type Log } from '@rastreio/runtime';
import type { Admin, ITopicConfig } from 'kafkajs';
import { createKafka } from './client';

export interface TopicOptions {
  readonly brokers: string;
  readonly log: Log;
  /** Upper bound of parallel consumers. It cannot shrink later, and growing it moves keys to other partitions. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
}

const DEFAULT_PARTITIONS = 6;
const WEEK_MS = 7 * 24 * 3_600_000;

/** Makes the events topic and the dead-letter topic where they are missing, and waits until every partition has a leader. */
export async function ensureTopics({
  brokers,
  log,
  partitions,
  replicationFactor = 1,
}: TopicOptions): Promise<void> {
  const admin = createKafka({ brokers, clientId: 'rastreio-topics', log }).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const wanted: ITopicConfig[] = [
      topic(TOPIC_EVENTS, partitions ?? DEFAULT_PARTITIONS, replicationFactor, WEEK_MS),
      // Dead letters wait for a person: kept until they are deleted.
      topic(TOPIC_DEAD_LETTERS, 1, replicationFactor, -1),
    ];
    const missing = wanted.filter((t) => !existing.has(t.topic));
    if (missing.length > 0) {
      await admin.createTopics({ topics: missing, waitForLeaders: true });
      log.info({ topics: missing.map((t) => t.topic) }, 'topics created');
    }
    await waitForLeaders(admin);
  } finally {
    await admin.disconnect();
  }
}

function topic(
  name: string,
  numPartitions: number,
  replicationFactor: number,
  retentionMs: number,
): ITopicConfig {
  return {
    topic: name,
    numPartitions,
    replicationFactor,
    configEntries: [
      { name: 'retention.ms', value: String(retentionMs) },
      // kafkajs reads gzip only: the broker unpacks what a foreign producer compressed with snappy, lz4 or zstd.
      { name: 'compression.type', value: 'uncompressed' },
    ],
  };
}

async function waitForLeaders(admin: Admin): Promise<void> {
  for (;;) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [TOPIC_EVENTS, TOPIC_DEAD_LETTERS] });
    if (topics.every((t) => t.partitions.length > 0 && t.partitions.every((p) => p.leader >= 0))) return;
    await sleep(100);
  }
}
