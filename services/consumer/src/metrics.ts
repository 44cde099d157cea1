import type { BatchCounts, RejectedMessage } from '@rastreio/database';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface BatchObservation {
  readonly partition: number;
  /** Messages that Kafka gave. */
  readonly received: number;
  /** What the database's transactions say became of them. */
  readonly counts: BatchCounts;
  readonly rejected: readonly RejectedMessage[];
  readonly unknownStatuses: number;
  /** Latest instant among the events, as the contract writes it; empty if there is none. */
  readonly newestEvent: string;
  /** Messages after this batch that the partition had when the batch was fetched. */
  readonly lagMessages: number;
  /** Epoch milliseconds at which Kafka got the batch's last message. */
  readonly receivedMs: number;
  readonly durationSeconds: number;
}

export interface ConsumerMetrics {
  readonly registry: Registry;
  readonly batchDone: (observation: BatchObservation) => void;
  readonly retried: () => void;
  /** Where the lag comes from: epoch milliseconds at which Kafka got a partition's oldest message in hand, if any is. */
  readonly lagFrom: (oldestInHandMs: (partition: number) => number | undefined) => void;
  /** Null while consumed = inserted + duplicate + rejected in every partition, else a sentence that says where it does not. */
  readonly imbalance: () => string | null;
}

interface PartitionState {
  received: number;
  accounted: number;
  lagMessages: number;
  receivedMs: number;
}

/** The consumer's Prometheus metrics. */
export function createMetrics(clock: () => number = Date.now): ConsumerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const partitions = new Map<number, PartitionState>();
  let oldestInHandMs: (partition: number) => number | undefined = () => undefined;
  const instruments = createInstruments(registry, (lag) => {
    for (const [partition, state] of partitions) {
      // Nothing in hand and nothing left behind at the last fetch: it is up to date.
      const since = oldestInHandMs(partition) ?? (state.lagMessages > 0 ? state.receivedMs : undefined);
      lag.set({ partition }, since === undefined ? 0 : Math.max(0, clock() - since) / 1000);
    }
  });
  return {
    registry,
    batchDone(observation) {
      const { partition, received, counts, lagMessages, receivedMs } = observation;
      const known = partitions.get(partition) ?? { received: 0, accounted: 0 };
      partitions.set(partition, {
        received: known.received + received,
        accounted: known.accounted + counts.inserted + counts.duplicate + counts.rejected,
        lagMessages,
        receivedMs,
      });
      instruments.count(observation);
    },
    retried: () => instruments.retries.inc(),
    lagFrom: (source) => void (oldestInHandMs = source),
    imbalance() {
      const broken = [...partitions].filter(([, { received, accounted }]) => received !== accounted);
      if (broken.length === 0) return null;
      const list = broken.map(
        ([partition, s]) => `partition ${partition}: consumed ${s.received}, accounted for ${s.accounted}`,
      );
      return `The accounting identity does not hold (${list.join('; ')}). Replay the topic into the tables and report this as a bug.`;
    },
  };
}

function createInstruments(registry: Registry, collectLag: (gauge: Gauge<'partition'>) => void) {
  const registers = [registry];
  const labelNames = ['partition'] as const;
  const consumed = new Counter({
    name: 'rastreio_consumed_messages_total',
    help: 'Messages that Kafka gave and whose batch was committed.',
    labelNames,
    registers,
  });
  const outcomes = new Counter({
    name: 'rastreio_message_outcomes_total',
    help: 'What became of them: inserted, duplicate or rejected. Their sum is the number consumed.',
    labelNames: [...labelNames, 'outcome'] as const,
    registers,
  });
  const reasons = new Counter({
    name: 'rastreio_rejected_messages_total',
    help: 'Rejected messages by reason code.',
    labelNames: ['reason'] as const,
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
  const lagMessages = new Gauge({
    name: 'rastreio_lag_messages',
    help: 'Messages behind the last written batch when it was fetched.',
    labelNames,
    registers,
  });
  new Gauge({
    name: 'rastreio_lag_seconds',
    help: 'How long the oldest message that is not written yet has been in Kafka; 0 when all are written.',
    labelNames,
    registers,
    collect() {
      collectLag(this);
    },
  });
  const newestMessage = new Gauge({
    name: 'rastreio_newest_message_timestamp_seconds',
    help: 'When Kafka got the newest message written, Unix time.',
    labelNames,
    registers,
  });
  const newestEvent = new Gauge({
    name: 'rastreio_newest_event_timestamp_seconds',
    help: 'Latest data_atualizacao written: how fresh the data are, Unix time.',
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: 'rastreio_batch_duration_seconds',
    help: 'From a fetched batch to its committed offset.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const newest = new Map<number, number>();
  const count = (o: BatchObservation) => {
    const { partition, counts } = o;
    consumed.inc({ partition }, o.received);
    for (const outcome of ['inserted', 'duplicate', 'rejected'] as const)
      outcomes.inc({ partition, outcome }, counts[outcome]);
    for (const { reason } of o.rejected) reasons.inc({ reason });
    unknown.inc(o.unknownStatuses);
    lagMessages.set({ partition }, o.lagMessages);
    newestMessage.set({ partition }, o.receivedMs / 1000);
    if (o.newestEvent !== '') {
      const seconds = Math.max(newest.get(partition) ?? 0, Date.parse(o.newestEvent) / 1000);
      newest.set(partition, seconds);
      newestEvent.set({ partition }, seconds);
    }
    duration.observe(o.durationSeconds);
  };
  return { retries, count };
}
