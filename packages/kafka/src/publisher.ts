import type { Log } from '@rastreio/runtime';
import { RETRY } from './client';
import {
  Partitioners,
  type ICustomPartitioner,
  type IHeaders,
  type Kafka,
  type Message,
  type Producer,
  type RetryOptions,
} from 'kafkajs';

export interface OutgoingMessage {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: IHeaders;
}

/** Sends messages to one topic. What `send` resolved is acknowledged by all in-sync replicas, from their memory. */
export interface Publisher {
  /** @throws after the client's retries; the caller must then count the messages as not sent, and may send them again */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface PublisherOptions {
  /** Connect at the first send instead of now, so that a service can start while the broker is away. */
  readonly lazy?: boolean;
  /** How long a send goes on trying while the broker is away; RETRY where left out. */
  readonly retry?: RetryOptions;
}

/**
 * An idempotent producer with acks from all in-sync replicas; the key decides the partition as in Kafka's Java client.
 *
 * What kafkajs says of a send is not enough: where a broker dies in the middle of one, and another that has answered already becomes the
 * leader of its partitions, kafkajs takes that answer for theirs and never sends their messages. So each partition must be in the answer,
 * and messages of those that are not are sent again, with the sequence numbers that they had.
 */
export async function createPublisher(
  kafka: Kafka,
  topic: string,
  log: Log,
  { lazy = false, retry = RETRY }: PublisherOptions = {},
): Promise<Publisher> {
  let opening: Promise<Producer> | undefined;
  const places = new WeakMap<Message, number>();
  const open = async () => {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: rememberPlaces(places),
      retry,
    });
    await producer.connect();
    return producer;
  };
  const forget = async (failed: Promise<Producer>) => {
    if (opening === failed) opening = undefined;
    const producer = await failed.catch(() => undefined);
    await producer
      ?.disconnect()
      .catch((err: unknown) => log.warn({ err }, 'a failed producer did not disconnect'));
  };
  const current = () => (opening ??= open());
  if (!lazy) await current();
  const sendNow = async (messages: readonly OutgoingMessage[]) => {
    if (messages.length === 0) return;
    const used = current();
    try {
      const producer = await used;
      for (let left: Message[] = messages.map((m) => ({ ...m })); left.length > 0;) {
        const answers = await producer.send({ topic, acks: -1, messages: left });
        const answered = new Set<number | undefined>(answers.map(({ partition }) => partition));
        left = left.filter((message) => !answered.has(places.get(message)));
      }
    } catch (error) {
      // It may have lost count of its sequence numbers (a frozen broker answers OUT_OF_ORDER_SEQUENCE_NUMBER from then on).
      await forget(used);
      throw error;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    send(messages) {
      // One after the other: kafkajs takes sequence numbers back after a failure, so the next send would get those of one that the broker
      // may have after all, and be taken for its repetition.
      const sent = last.then(() => sendNow(messages));
      last = sent.catch(() => undefined);
      return sent;
    },
    async close() {
      if (opening !== undefined) await forget(opening);
      log.debug({ topic }, 'producer disconnected');
    },
  };
}

/** A message goes where it was to go first, however often it is sent: one without a key would come twice elsewhere. */
function rememberPlaces(places: WeakMap<Message, number>): ICustomPartitioner {
  return () => {
    const choose = partitionByKey();
    return (args) => {
      const place = places.get(args.message) ?? choose(args);
      places.set(args.message, place);
      return place;
    };
  };
}

const MAX_HASHED_KEY_BYTES = 256;

/**
 * Kafka's own choice of the partition, but of a long key only the beginning counts: kafkajs hashes with integers that grow with
 * each byte, so a key of 400 KB, which a dead letter may have, stops the process for a minute.
 */
const partitionByKey: ICustomPartitioner = () => {
  const choose = Partitioners.DefaultPartitioner();
  return (args) => {
    const { key } = args.message;
    if (key === null || key === undefined || key.length <= MAX_HASHED_KEY_BYTES) return choose(args);
    const beginning = Buffer.from(key.slice(0, MAX_HASHED_KEY_BYTES));
    return choose({ ...args, message: { ...args.message, key: beginning } });
  };
};
