import { TOPIC_EVENTS } from '@rastreio/contract';
import type { Admin, Kafka } from 'kafkajs';
import type { Kept } from './positions';

/** What Kafka says of the events topic and of how far a group has read it. */
export interface KafkaPositions {
  readonly cluster: string;
  /** As it was when this was made: kafkajs overwrites it where what it points to is gone. */
  readonly committed: ReadonlyMap<number, bigint>;
  readonly kept: () => Promise<ReadonlyMap<number, Kept>>;
  readonly close: () => Promise<void>;
}

/** Asks Kafka, before a group is joined. @throws what kafkajs throws where no broker answers */
export async function askKafka(kafka: Kafka, groupId: string): Promise<KafkaPositions> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { clusterId } = await admin.describeCluster();
    return {
      cluster: clusterId,
      committed: await committedBy(admin, groupId),
      async kept() {
        const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
        return new Map(
          offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
        );
      },
      close: () => admin.disconnect(),
    };
  } catch (error) {
    await admin.disconnect().catch(() => undefined);
    throw error;
  }
}

async function committedBy(admin: Admin, groupId: string): Promise<ReadonlyMap<number, bigint>> {
  const [topic] = await admin.fetchOffsets({ groupId, topics: [TOPIC_EVENTS] });
  const offsets = (topic?.partitions ?? []).map(
    ({ partition, offset }) => [partition, BigInt(offset)] as const,
  );
  // Below 0: it has not committed any.
  return new Map(offsets.filter(([, offset]) => offset >= 0n));
}
