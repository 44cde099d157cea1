import { setTimeout as sleep } from 'node:timers/promises';
import { parcelKey, type TrackingEvent } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import type { Log } from '@rastreio/runtime';

/** Hands events to Kafka and says what became of them. */
export interface Intake {
  /**
   * - `stored`: Kafka has all of them.
   * - `full`: too many wait already, none was taken.
   * - `unknown`: Kafka did not answer in time; they may come to be stored yet.
   */
  readonly take: (events: readonly TrackingEvent[]) => Promise<'stored' | 'full' | 'unknown'>;
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
    async take(events) {
      if (pending + events.length > maxPendingEvents) return 'full';
      change(events.length);
      const sent = publisher
        .send(events.map((event) => ({ key: parcelKey(event), value: JSON.stringify(event) })))
        .then(
          () => 'stored' as const,
          (error: unknown) => {
            log.error({ err: error, events: events.length }, 'Kafka did not take the events');
            return 'unknown' as const;
          },
        )
        .finally(() => change(-events.length));
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
