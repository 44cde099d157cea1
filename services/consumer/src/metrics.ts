import type { RejectedMessage, WrittenBatch } from '@rastreio/database';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface BatchObservation {
  readonly partition: number;
  /** Messages that Kafka gave. */
  readonly received: number;
  /** What the database's transactions say became of them. */
  readonly counts: WrittenBatch;
  readonly rejected: readonly RejectedMessage[];
  /** Messages whose own time in Kafka could not be true. */
  readonly untimed: number;
  /** Offsets before the batch that Kafka removed unread. */
  readonly removed: number;
  /** Latest instant among the events, as the contract writes it; empty if there is none. */
  readonly newestEvent: string;
  /** Epoch milliseconds at which Kafka got the batch's last message, where it has one. */
  readonly receivedMs: number | undefined;
  readonly durationSeconds: number;
}

export interface ConsumerMetrics {
  readonly registry: Registry;
  readonly batchDone: (observation: BatchObservation) => void;
  readonly retried: () => void;
  /** Told at each fetch: how many messages of the partition lie behind what has been read of it. */
  readonly unread: (partition: number, messages: number) => void;
  /** Told at each change of the group: of partitions that it does not have any more a member knows no lag. */
  readonly assigned: (partitions: ReadonlySet<number>) => void;
  /** Where the rest of the lag comes from: what has been read and is not written yet. */
  readonly lagFrom: (inHand: (partition: number) => InHand) => void;
  /** Told of partitions that stand still although there is something to read. */
  readonly stalled: (partitions: number) => void;
  /** Where the seconds come from for which partitions have stood still. */
  readonly stalledFrom: (source: () => ReadonlyMap<number, number>) => void;
  /** Null while consumed = inserted + duplicate + rejected in every partition, else a sentence that says where it does not. */
  readonly imbalance: () => string | null;
}

export interface InHand {
  readonly messages: number;
  /** Epoch milliseconds at which Kafka got the oldest of them, undefined where there are none. */
  readonly oldestMs: number | undefined;
}

interface PartitionState {
  received: number;
  accounted: number;
  unread: number;
  receivedMs: number | undefined;
}

const NOTHING: InHand = { messages: 0, oldestMs: undefined };

/** The consumer's Prometheus metrics. */
export function createMetrics(clock: () => number = Date.now): ConsumerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const partitions = new Map<number, PartitionState>();
  const stateOf = (partition: number): PartitionState => {
    const known = partitions.get(partition);
    if (known !== undefined) return known;
    const fresh = { received: 0, accounted: 0, unread: 0, receivedMs: undefined };
    partitions.set(partition, fresh);
    return fresh;
  };
  let inHand: (partition: number) => InHand = () => NOTHING;
  let stalledSeconds: () => ReadonlyMap<number, number> = () => new Map();
  const instruments = createInstruments(registry, {
    stalled(gauge) {
      gauge.reset();
      for (const [partition, seconds] of stalledSeconds()) gauge.set({ partition }, seconds);
    },
    seconds(gauge) {
      for (const [partition, { unread, receivedMs }] of partitions) {
        // What is not read yet came after what was written last.
        const since = inHand(partition).oldestMs ?? (unread > 0 ? receivedMs : undefined);
        gauge.set({ partition }, since === undefined ? 0 : Math.max(0, clock() - since) / 1000);
      }
    },
    messages(gauge) {
      for (const [partition, { unread }] of partitions)
        gauge.set({ partition }, inHand(partition).messages + unread);
    },
  });
  return {
    registry,
    batchDone(observation) {
      const { partition, received, counts, receivedMs } = observation;
      const state = stateOf(partition);
      state.received += received;
      state.accounted += counts.inserted + counts.duplicate + counts.rejected;
      state.receivedMs = receivedMs ?? state.receivedMs;
      instruments.count(observation);
    },
    assigned(assigned) {
      for (const [partition, state] of partitions) if (!assigned.has(partition)) state.unread = 0;
    },
    unread: (partition, messages) => void (stateOf(partition).unread = messages),
    retried: () => instruments.retries.inc(),
    lagFrom: (source) => void (inHand = source),
    stalled: (count) => instruments.stalls.inc(count),
    stalledFrom: (source) => void (stalledSeconds = source),
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

type Collect = (gauge: Gauge<'partition'>) => void;

function createInstruments(
  registry: Registry,
  lag: Readonly<Record<'seconds' | 'messages' | 'stalled', Collect>>,
) {
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
  const untimed = new Counter({
    name: 'rastreio_untimed_messages_total',
    help: 'Messages whose own time in Kafka could not be true (0, -1, seconds, microseconds): taken as received when they were read.',
    registers,
  });
  const removed = new Counter({
    name: 'rastreio_removed_messages_total',
    help: 'Messages that Kafka removed (retention) before they were read, at most: by offsets.',
    labelNames,
    registers,
  });
  new Gauge({
    name: 'rastreio_lag_messages',
    help: 'Messages that are not written yet, as of the last fetch.',
    labelNames,
    registers,
    collect() {
      lag.messages(this);
    },
  });
  new Gauge({
    name: 'rastreio_lag_seconds',
    help: 'How long the oldest message that is not written yet has been in Kafka; 0 when all are written.',
    labelNames,
    registers,
    collect() {
      lag.seconds(this);
    },
  });
  new Gauge({
    name: 'rastreio_stalled_seconds',
    help: 'How long the partition has stood still with messages before it while everything answered; 0 while it gets on.',
    labelNames,
    registers,
    collect() {
      lag.stalled(this);
    },
  });
  const stalls = new Counter({
    name: 'rastreio_stalls_total',
    help: 'Partitions that stood still for STALLED_AFTER_MS; each time the group is joined again.',
    registers,
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
    unknown.inc(o.counts.unknown);
    untimed.inc(o.untimed);
    removed.inc({ partition }, o.removed);
    if (o.receivedMs !== undefined) newestMessage.set({ partition }, o.receivedMs / 1000);
    if (o.newestEvent !== '') {
      const seconds = Math.max(newest.get(partition) ?? 0, Date.parse(o.newestEvent) / 1000);
      newest.set(partition, seconds);
      newestEvent.set({ partition }, seconds);
    }
    duration.observe(o.durationSeconds);
  };
  return { retries, stalls, count };
}
