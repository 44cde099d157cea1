import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { TOPIC_EVENTS, type PlainEvent } from '@rastreio/contract';
import type { Kafka } from 'kafkajs';

/** The key of a stored event. */
export interface EventKey {
  readonly id_pacote: number;
  readonly data_evento: string;
  readonly status_rastreamento: string;
  /** The parcel's tracking number where events name it by that alone: `id_pacote` is then not the number that it has in the database. */
  readonly codigo?: string;
}

/** What is in the topic, and so must be in the database in the end. */
export interface Expected {
  readonly count: number;
  /** The newest event of each partition. */
  readonly newest: readonly EventKey[];
  /** The rows of table `eventos_rastreamento` in COPY's text format, in the order in which a consumer gets them. */
  readonly copyFile: string;
}

/** A message of the topic. */
interface SentEvent {
  readonly event: PlainEvent;
  /** As Kafka has it, milliseconds. */
  readonly timestamp: string;
}

/** Reads the topic once, before anything is measured. */
export async function readBack(kafka: Kafka, count: number, copyFile: string): Promise<Expected> {
  const file = createWriteStream(copyFile);
  const newest = new Map<number, EventKey>();
  await readTopic(kafka, count, 'bench-read-back', async (messages, partition) => {
    let text = '';
    for (const { event, timestamp } of messages) {
      const { id_pacote, data_atualizacao: data_evento, status_rastreamento } = event;
      const received = new Date(Number(timestamp)).toISOString();
      text += `${id_pacote}\t${data_evento}\t${status_rastreamento}\t${received}\n`;
      newest.set(partition, { id_pacote, data_evento, status_rastreamento });
    }
    if (!file.write(text)) await once(file, 'drain');
  });
  await new Promise<void>((resolve) => file.end(resolve));
  return { count, newest: [...newest.values()], copyFile };
}

/** Reads all messages of the topic, partition by partition in order. @throws Error when there are not as many as were sent */
export async function readTopic(
  kafka: Kafka,
  count: number,
  groupId: string,
  use: (messages: readonly SentEvent[], partition: number) => Promise<void>,
): Promise<void> {
  const consumer = kafka.consumer({ groupId });
  let read = 0;
  let done: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const all = new Promise<void>((resolve, reject) => ([done, fail] = [resolve, reject]));
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC_EVENTS, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const messages = batch.messages.map(({ value, timestamp }) => ({
        event: JSON.parse(String(value)) as PlainEvent,
        timestamp,
      }));
      await use(messages, batch.partition).catch(fail);
      read += messages.length;
      if (read >= count) done();
    },
  });
  await all;
  await consumer.disconnect();
  if (read !== count)
    throw new Error(`the topic holds ${read} messages, and ${count} were sent; is another producer running?`);
}
