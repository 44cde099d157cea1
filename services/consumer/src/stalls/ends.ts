import { TOPIC_EVENTS } from '@rastreio/contract';
import type { Admin, Kafka } from 'kafkajs';
import { within } from './within';

/** Asks Kafka where the partitions of the events topic end for a reader: before the first transaction that is still open. */
export interface Ends {
  /** By partition; empty where Kafka does not answer in time. Never throws. */
  readonly ask: () => Promise<ReadonlyMap<number, bigint>>;
  readonly close: () => Promise<void>;
}

/**
 * {@link Ends} by connections of its own, which are made anew after a failure: what a stalled consumer waits for must not keep this waiting.
 *
 * @param timeoutMs how long an answer may take
 */
export function createEnds(kafka: Kafka, timeoutMs: number): Ends {
  let admin: Admin | undefined;
  const leave = async () => {
    const left = admin;
    admin = undefined;
    // It may be broken: nothing depends on its farewell.
    await within(
      timeoutMs,
      left?.disconnect().catch(() => undefined),
    );
  };
  const read = async (): Promise<ReadonlyMap<number, bigint>> => {
    if (admin === undefined) {
      admin = kafka.admin({ retry: { retries: 0 } });
      await admin.connect();
    }
    // kafkajs asks as a reader of committed messages does.
    const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  };
  return {
    async ask() {
      const answer = await within(
        timeoutMs,
        read().catch(() => undefined),
      );
      if (answer === undefined) await leave();
      return answer ?? new Map();
    },
    close: leave,
  };
}
