import { randomBytes } from 'node:crypto';
import { createTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { ConfigResourceTypes, type Kafka } from 'kafkajs';

export interface TopicMessage {
  readonly key: string;
  readonly value: string;
}

/** Makes a topic of its own for a test and gives its name: what others publish does not disturb its counts. */
export async function freshTopic(kafka: Kafka, numPartitions: number): Promise<string> {
  const topic = `test-${randomBytes(6).toString('hex')}`;
  const admin = kafka.admin();
  await admin.connect();
  await createTopics(admin, [{ topic, numPartitions }], createLog('test', 'silent'));
  await admin.disconnect();
  return topic;
}

/** Reads a topic from its beginning until `count` messages are there, and a moment longer to notice one too many. */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  count: number,
  graceMs = 500,
): Promise<TopicMessage[]> {
  const messages: TopicMessage[] = [];
  const consumer = kafka.consumer({ groupId: `${topic}-reader-${process.hrtime.bigint()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let enough: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (enough = resolve));
  await consumer.run({
    eachMessage: ({ message }) => {
      messages.push({ key: message.key?.toString() ?? '', value: message.value?.toString() ?? '' });
      if (messages.length >= count) enough();
      return Promise.resolve();
    },
  });
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, 60_000).unref());
  if (count > 0) await Promise.race([all, timeout]);
  await new Promise((resolve) => setTimeout(resolve, graceMs));
  await consumer.disconnect();
  return messages;
}

/** Lets a topic take records whose producers say any time, as topics of older brokers do. */
export async function takeAnyTime(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const value = '9223372036854775807';
  const configEntries = ['before', 'after'].map((side) => ({
    name: `message.timestamp.${side}.max.ms`,
    value,
  }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await admin.disconnect();
}
