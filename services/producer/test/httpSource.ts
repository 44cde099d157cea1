import { createBatchingPublisher, createKafka, createPublisher, type Publisher } from '@rastreio/kafka';
import { KAFKA_BROKERS } from '@rastreio/testing/kafka';
import { log } from './source';

export * from './source';

/** A client of this run's broker. */
export const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log });

/** A publisher to a topic. */
export async function openPublisher(topic: string): Promise<Publisher> {
  return createBatchingPublisher(await createPublisher(kafka, topic, log));
}
