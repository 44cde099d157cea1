import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import type { Log } from '@rastreio/runtime';

/** Hands messages to Kafka, one for each event, and says what became of them. */
export interface Intake {
  /**
   * - `stored`: Kafka has all of them.
   * - `full`: too many wait already, none was taken.
   * - `unknown`: Kafka did not answer in time; they may come to be stored yet.
   */
  readonly take: (messages: readonly OutgoingMessage[]) => Promise<'stored' | 'full' | 'unknown'>;
  readonly pending: () => number;
}

export interface IntakeOptions {
  readonly publisher: Publisher;
  readonly maxPendingEvents: number;
  readonly ackTimeoutMs: number;
  readonly log: Log;
  readonly onPending?: (events: number) => void;
}

/** An intake that holds at most `maxPendingEvents` events. */
export function createIntake({
  publisher,
  maxPendingEvents,
  ackTimeoutMs,
  log,
  onPending,
}: IntakeOptions): Intake {
  let pending = 0;
  const change = (by: number) => {
    pending += by;
    onPending?.(pending);
  };
  return {
    pending: () => pending,
    async take(messages) {
      if (pending + messages.length > maxPendingEvents) return 'full';
      change(messages.length);
      const sent = publisher
        .send(messages)
        .then(
          () => 'stored' as const,
          (error: unknown) => {
            log.error({ err: error, events: messages.length }, 'Kafka did not take the events');
            return 'unknown' as const;
          },
        )
        .finally(() => change(-messages.length));
      const timer = new AbortController();
      const late = sleep(ackTimeoutMs, 'unknown' as const, { signal: timer.signal }).catch(
        () => 'unknown' as const,
      );
      const result = await Promise.race([sent, late]);
      timer.abort();
      return result;
    },
  };
}
