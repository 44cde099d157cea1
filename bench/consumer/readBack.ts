import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { TOPIC_EVENTS, type PlainEvent } from '@rastreio/contract';
import type { Kafka } from 'kafkajs';

/** The key of a stored event. */
export interface EventKey {
  readonly id_pacote: number;
  readonly data_evento: string;
  readonly status_rastreamento: string;
}

/** What is in the topic, and so must be in the database in the end. */
export interface Expected {
  readonly count: number;
  /** The newest event of each partition. */
  readonly newest: readonly EventKey[];
  /** The rows of table `eventos_rastreamento` in COPY's text format, in the order in which a consumer gets them. */
  readonly copyFile: string;
}

/** Reads the topic once, before anything is measured. */
export async function readBack(kafka: Kafka, count: number, copyFile: string): Promise<Expected> {
  const file = createWriteStream(copyFile);
  const newest = new Map<number, EventKey>();
  const consumer = kafka.consumer({ groupId: 'bench-read-back' });
  let read = 0;
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      let text = '';
      for (const { value, timestamp } of batch.messages) {
        const event = JSON.parse(String(value)) as PlainEvent;
        const { id_pacote, data_atualizacao: data_evento, status_rastreamento } = event;
        const received = new Date(Number(timestamp)).toISOString();
        text += `${id_pacote}\t${data_evento}\t${status_rastreamento}\t${received}\n`;
        newest.set(batch.partition, { id_pacote, data_evento, status_rastreamento });
      }
      read += batch.messages.length;
      if (!file.write(text)) await once(file, 'drain');
      if (read >= count) done();
    },
  });
  await all;
  await consumer.disconnect();
  await new Promise<void>((resolve) => file.end(resolve));
  if (read !== count)
    throw new Error(`the topic holds ${read} messages, and ${count} were sent; is another producer running?`);
  return { count, newest: [...newest.values()], copyFile };
}
