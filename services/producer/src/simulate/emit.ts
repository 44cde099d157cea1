import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher } from '@rastreio/kafka';
import type { Message } from './faults';

export interface EmitOptions {
  readonly messages: Iterable<Message>;
  readonly publisher: Publisher;
  /** Messages per second of wall time by intended send time; 0 is as fast as Kafka takes them. */
  readonly ratePerSecond: number;
  /** Hold each message until its due time (live) instead of sending it at the rate alone. */
  readonly live: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (tally: Tally, last: Message) => void;
}

/** Messages sent, by kind. */
export type Tally = Record<Message['kind'] | 'sent', number>;

const MAX_BATCH = 2_000;
/** Messages due within this time go out together. */
const TICK_MS = 100;

/**
 * Sends the messages in order, in batches. Intended send times do not move when Kafka is slow (open loop): what is overdue
 * follows at once.
 */
export async function emit({
  messages,
  publisher,
  ratePerSecond,
  live,
  signal,
  onProgress,
}: EmitOptions): Promise<Tally> {
  const tally: Tally = { event: 0, duplicate: 0, late: 0, malformed: 0, sent: 0 };
  const startMs = Date.now();
  let batch: Message[] = [];
  const flush = async () => {
    const last = batch.at(-1);
    if (last === undefined) return;
    await publisher.send(batch);
    for (const { kind } of batch) tally[kind]++;
    tally.sent += batch.length;
    batch = [];
    onProgress({ ...tally }, last);
  };
  let intended = 0;
  for (const message of messages) {
    const sendAt = Math.max(
      live ? message.dueMs : 0,
      ratePerSecond > 0 ? startMs + (intended * 1000) / ratePerSecond : 0,
    );
    if (batch.length >= MAX_BATCH) await flush();
    if (sendAt > Date.now() + TICK_MS) {
      await flush();
      await sleepUntil(sendAt, signal);
    }
    if (signal.aborted) break;
    batch.push(message);
    intended++;
  }
  await flush();
  return tally;
}

async function sleepUntil(atMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(atMs - Date.now(), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
