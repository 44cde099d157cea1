import type { OutgoingMessage, Publisher } from './publisher';

export interface BatchingOptions {
  /** Keys and values in one request to the broker, whose limit for a batch is 1 MiB by default. */
  readonly maxBytes?: number;
}

interface Waiting {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const DEFAULT_MAX_BYTES = 500_000;
/** Kafka's own overhead for a record, roughly. */
const RECORD_OVERHEAD_BYTES = 40;

/**
 * Sends what many callers hand over in common requests (group commit): while one is under way, the others gather. An
 * idempotent producer has one request in flight, so without this each caller would wait for all those before it.
 *
 * A caller's promise settles when all its messages have; one failed request fails the callers in it, not the next ones.
 */
export function createBatchingPublisher(
  publisher: Publisher,
  { maxBytes = DEFAULT_MAX_BYTES }: BatchingOptions = {},
): Publisher {
  let queue: Waiting[] = [];
  let sending: Promise<void> | undefined;

  const drain = async () => {
    while (queue.length > 0) {
      const batch = takeBatch();
      const messages = batch.length === 1 ? (batch[0]?.messages ?? []) : batch.flatMap((w) => w.messages);
      try {
        await publisher.send(messages);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    sending = undefined;
  };
  const takeBatch = () => {
    let bytes = 0;
    let count = 0;
    for (const waiting of queue) {
      if (count > 0 && bytes + waiting.bytes > maxBytes) break;
      bytes += waiting.bytes;
      count++;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };
  const enqueue = (messages: readonly OutgoingMessage[], bytes: number) =>
    new Promise<void>((resolve, reject) => {
      queue.push({ messages, bytes, resolve, reject });
      sending ??= drain();
    });
  return {
    async send(messages) {
      await Promise.all(split(messages, maxBytes).map(({ part, bytes }) => enqueue(part, bytes)));
    },
    async close() {
      await sending;
      await publisher.close();
    },
  };
}

function split(messages: readonly OutgoingMessage[], maxBytes: number) {
  const parts: { part: OutgoingMessage[]; bytes: number }[] = [];
  let last: { part: OutgoingMessage[]; bytes: number } | undefined;
  for (const message of messages) {
    const bytes = sizeOf(message.key) + sizeOf(message.value) + RECORD_OVERHEAD_BYTES;
    if (last === undefined || last.bytes + bytes > maxBytes) parts.push((last = { part: [], bytes: 0 }));
    last.part.push(message);
    last.bytes += bytes;
  }
  return parts;
}

function sizeOf(data: string | Buffer | null): number {
  return data === null ? 0 : Buffer.byteLength(data);
}
