import type { BatchCounts, RejectedMessage } from '@rastreio/database';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface BatchObservation {
  readonly partition: number;
  readonly counts: BatchCounts;
  readonly rejected: readonly RejectedMessage[];
  readonly unknownStatuses: number;
  /** Messages after this batch that the partition had when the batch was fetched. */
  readonly lagMessages: number;
  /** Epoch seconds at which Kafka got the batch's last message. */
  readonly receivedAtSeconds: number;
  readonly durationSeconds: number;
}

export interface ConsumerMetrics {
  readonly registry: Registry;
  readonly batchDone: (observation: BatchObservation) => void;
  readonly retried: () => void;
}

/** The consumer's Prometheus metrics; the identity consumed = inserted + duplicate + rejected holds per partition. */
export function createMetrics(): ConsumerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const consumed = new Counter({
    name: 'rastreio_consumed_messages_total',
    help: 'Messages whose batch was committed.',
    labelNames: ['partition'],
    registers,
  });
  const outcomes = new Counter({
    name: 'rastreio_message_outcomes_total',
    help: 'What became of them: inserted, duplicate or rejected.',
    labelNames: ['partition', 'outcome'],
    registers,
  });
  const reasons = new Counter({
    name: 'rastreio_rejected_messages_total',
    help: 'Rejected messages by reason code.',
    labelNames: ['reason'],
    registers,
  });
  const unknown = new Counter({
    name: 'rastreio_unknown_status_events_total',
    help: 'Accepted events whose status the catalogue does not have.',
    registers,
  });
  const retries = new Counter({
    name: 'rastreio_database_retries_total',
    help: 'Waits for a database that was away.',
    registers,
  });
  const lag = new Gauge({
    name: 'rastreio_lag_messages',
    help: 'Messages still to be read when the last batch was fetched.',
    labelNames: ['partition'],
    registers,
  });
  const freshness = new Gauge({
    name: 'rastreio_newest_message_timestamp_seconds',
    help: 'When Kafka got the newest message written; the age of it is the lag in seconds while there is any lag.',
    labelNames: ['partition'],
    registers,
  });
  const duration = new Histogram({
    name: 'rastreio_batch_duration_seconds',
    help: 'From a fetched batch to its committed offsets.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  return {
    registry,
    batchDone({
      partition,
      counts,
      rejected,
      unknownStatuses,
      lagMessages,
      receivedAtSeconds,
      durationSeconds,
    }) {
      consumed.inc({ partition }, counts.consumed);
      for (const outcome of ['inserted', 'duplicate', 'rejected'] as const)
        outcomes.inc({ partition, outcome }, counts[outcome]);
      for (const { motivo } of rejected) reasons.inc({ reason: motivo });
      unknown.inc(unknownStatuses);
      lag.set({ partition }, lagMessages);
      freshness.set({ partition }, receivedAtSeconds);
      duration.observe(durationSeconds);
    },
    retried: () => retries.inc(),
  };
}
