import { TOPIC_EVENTS } from '@rastreio/contract';
import { passedOverFrom } from '@rastreio/kafka';
import type { Admin, Kafka } from 'kafkajs';
import type { GroupPosition, Kept } from './positions';

/** What Kafka says of the events topic and of how far a group has read it. */
export interface KafkaPositions {
  readonly cluster: string;
  /** As it was when this was made: kafkajs overwrites it where what it points to is gone. */
  readonly before: ReadonlyMap<number, GroupPosition>;
  readonly committed: () => Promise<ReadonlyMap<number, GroupPosition>>;
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
      before: await committedBy(admin, groupId),
      committed: () => committedBy(admin, groupId),
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

async function committedBy(admin: Admin, groupId: string): Promise<ReadonlyMap<number, GroupPosition>> {
  const [topic] = await admin.fetchOffsets({ groupId, topics: [TOPIC_EVENTS] });
  const offsets = (topic?.partitions ?? []).map(
    ({ partition, offset, metadata }) =>
      [partition, { next: BigInt(offset), passedOverFrom: passedOverFrom(metadata) }] as const,
  );
  // Below 0: it has not committed any.
  return new Map(offsets.filter(([, { next }]) => next >= 0n));
}
