import { TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, createPublisher, type KafkaConnection } from '@rastreio/kafka';
import type { Log } from '@rastreio/runtime';
import { JSON_FORMAT } from '@rastreio/simulator';
import { NONE_REFUSED, type Target } from './target';

/** Publishes to the events topic. */
export async function kafkaTarget(connection: KafkaConnection, log: Log): Promise<Target> {
  const kafka = createKafka({ ...connection, clientId: 'rastreio-simulate', log });
  const publisher = await createPublisher(kafka, TOPIC_EVENTS, log);
  return {
    format: JSON_FORMAT,
    async send(batch) {
      await publisher.send(batch.map(({ message, text }) => ({ key: message.key, value: text })));
      return NONE_REFUSED;
    },
    close: () => publisher.close(),
  };
}
