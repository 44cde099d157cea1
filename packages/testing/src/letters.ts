import { createHash } from 'node:crypto';
import { TOPIC_DEAD_LETTERS } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { ConfigResourceTypes, type Kafka, type KafkaMessage } from 'kafkajs';

/** A client for tests, silent. */
export function testClient(brokers: string): Kafka {
  return createKafka({ brokers, clientId: 'poison-test', log: createLog('test', 'silent') });
}

/** What has come into the dead-letter topic so far. */
export interface Letters {
  /** By the header `caso`. */
  readonly byCase: Map<string, KafkaMessage>;
  /** Those without their value. */
  readonly omitted: KafkaMessage[];
  readonly stop: () => Promise<void>;
}

/** Follows the dead-letter topic. */
export async function followLetters(kafka: Kafka): Promise<Letters> {
  const reader = kafka.consumer({ groupId: 'letters' });
  const [byCase, omitted] = [new Map<string, KafkaMessage>(), [] as KafkaMessage[]];
  await reader.connect();
  await reader.subscribe({ topic: TOPIC_DEAD_LETTERS, fromBeginning: true });
  await reader.run({
    eachMessage: ({ message }) => {
      if (message.headers?.['rastreio.valor_omitido'] !== undefined) omitted.push(message);
      else byCase.set(String(message.headers?.caso), message);
      return Promise.resolve();
    },
  });
  return { byCase, omitted, stop: () => reader.disconnect() };
}

/** Sets max.message.bytes of a topic, and leaves compression as ensureTopics has it. */
export async function limitMessages(kafka: Kafka, topic: string, bytes: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [
    { name: 'max.message.bytes', value: String(bytes) },
    { name: 'compression.type', value: 'uncompressed' },
  ];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await admin.disconnect();
}

/** Of bytes, since jest compares them one by one, which takes minutes for 10 MB. */
export function digest(bytes: Buffer | string | null | undefined): string | null {
  if (bytes === null || bytes === undefined) return null;
  return `${Buffer.byteLength(bytes)} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;
}
