import type { Log } from '@rastreio/runtime';
import { Partitioners, type IHeaders, type Kafka } from 'kafkajs';

export interface OutgoingMessage {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: IHeaders;
}

/** Sends messages to one topic. What `send` resolved is on the broker's disk(s). */
export interface Publisher {
  /** @throws after the client's retries; the caller must then count the messages as not sent */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
  isConnected(): boolean;
  close(): Promise<void>;
}

/** An idempotent producer with acks from all in-sync replicas; the key decides the partition as in Kafka's Java client. */
export async function createPublisher(kafka: Kafka, topic: string, log: Log): Promise<Publisher> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { retries: 30, initialRetryTime: 200, maxRetryTime: 10_000 },
  });
  let connected = false;
  producer.on(producer.events.CONNECT, () => (connected = true));
  producer.on(producer.events.DISCONNECT, () => (connected = false));
  await producer.connect();
  return {
    async send(messages) {
      if (messages.length === 0) return;
      await producer.send({ topic, acks: -1, messages: messages.map((m) => ({ ...m })) });
    },
    isConnected: () => connected,
    async close() {
      await producer.disconnect();
      log.debug({ topic }, 'producer disconnected');
    },
  };
}
