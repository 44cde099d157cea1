import { once } from 'node:events';
import { TOPIC_EVENTS } from '@rastreio/contract';
import type { Log } from '@rastreio/runtime';
import type { Consumer, ConsumerStartBatchProcessEvent, EachBatchPayload } from 'kafkajs';
import type { Config } from './config';
import type { BatchInHand } from './finishBatch';
import type { ConsumerMetrics, InHand } from './metrics';
import type { Pipeline } from './pipeline';
import type { Positions, Removed, Start } from './positions';
import { receiveRecords, type ReceivedRecord } from './record';

export interface ReadParts {
  readonly pipeline: Pipeline<BatchInHand>;
  readonly config: Config;
  readonly metrics: ConsumerMetrics;
  readonly positions: Positions;
  /** Of the cluster that is read. */
  readonly cluster: () => string;
  /** Whether this member has a partition. What was fetched of another one before the group changed is left to its new owner. */
  readonly isAssigned: (partition: number) => boolean;
  /** Resolves when it is known where reading begins. */
  readonly ready: () => Promise<void>;
  /** Told how far a partition is read. */
  readonly reached: (partition: number, next: bigint) => void;
  /** Has a partition read from another offset. */
  readonly readFrom: (partition: number, offset: bigint) => void;
}

/** kafkajs's types leave out from where a batch was fetched. */
type Fetched = EachBatchPayload['batch'] & { readonly fetchedOffset: string };

/**
 * Puts a fetched batch into the pipeline, part by part, as fast as the pipeline takes it.
 *
 * @throws the signal's reason when it aborts while something is waited for; what the broker says where it is asked
 */
export async function readBatch(
  payload: EachBatchPayload,
  parts: ReadParts,
  signal: AbortSignal,
): Promise<void> {
  const { pipeline, positions, metrics } = parts;
  const { batch } = payload;
  const { topic, partition } = batch;
  const fetchedAtMs = performance.now();
  const end = batch.messages.at(-1);
  // What Kafka keeps for itself in front of the first message counts as come, too.
  let first = BigInt(batch.firstOffset() ?? 0);
  await unlessAborted(parts.ready(), signal);
  const missed = await positions.backTo(partition, BigInt((batch as Fetched).fetchedOffset));
  if (signal.aborted || !payload.isRunning() || payload.isStale()) return;
  if (missed !== undefined) return parts.readFrom(partition, missed);
  for (let from = 0; from < batch.messages.length;) {
    const room = await pipeline.room(partition, signal);
    if (!payload.isRunning() || payload.isStale()) return;
    const messages = batch.messages.slice(from, from + room);
    const last = messages.at(-1);
    if (last === undefined) return;
    from += messages.length;
    // Behind its last message a batch may have what no reader sees: the end of a transaction, messages of one that was given up.
    const next = BigInt(last === end ? batch.lastOffset() : last.offset) + 1n;
    const advanced = await positions.advance(partition, first, next);
    if (signal.aborted || !parts.isAssigned(partition)) return;
    const records = receiveRecords(messages, Date.now());
    metrics.unread(partition, Number(BigInt(batch.highWatermark) - next));
    pipeline.put(partition, toBatch(parts, { topic, partition, records, next, ...advanced, fetchedAtMs }));
    payload.resolveOffset(last.offset);
    parts.reached(partition, next);
    first = next;
  }
}

/** Takes note of a fetched batch in which there is nothing for a reader, which kafkajs passes over: the end of a transaction, say. */
export function readFiltered(
  { partition, batchSize, firstOffset, lastOffset, offsetLag }: ConsumerStartBatchProcessEvent['payload'],
  { metrics, positions, reached }: Pick<ReadParts, 'metrics' | 'positions' | 'reached'>,
): void {
  if (batchSize > 0) return;
  const next = BigInt(lastOffset) + 1n;
  metrics.unread(partition, Number(offsetLag));
  // None at all in a batch that compaction has emptied.
  const first = firstOffset as string | null;
  if (first !== null) positions.nothingIn(partition, BigInt(first), next);
  reached(partition, next);
}

/**
 * Has read again what the database lacks, and not again what is in hand: kafkajs begins at the group's position, which is before that. What was
 * fetched meanwhile already counts as stale.
 */
export function setStarts(member: Consumer, starts: ReadonlyMap<number, Start>, log: Log): void {
  for (const [partition, { back, on }] of starts) {
    const from = back ?? on;
    if (from === undefined) continue;
    member.seek({ topic: TOPIC_EVENTS, partition, offset: String(from) });
    if (back === undefined) continue;
    log.warn(
      { partition, offset: String(back) },
      'the database has less than this group has read (it was restored, or is another one); reading again from there',
    );
  }
}

/** Has noted what was removed before it could be read. */
export async function readRemoved(
  topic: string,
  missing: ReadonlyMap<number, Removed>,
  parts: ReadParts,
  signal: AbortSignal,
): Promise<void> {
  for (const [partition, removed] of missing) {
    await parts.pipeline.room(partition, signal);
    const fetchedAtMs = performance.now();
    const next = BigInt(removed[1]);
    parts.pipeline.put(
      partition,
      toBatch(parts, { topic, partition, records: [], next, removed, fetchedAtMs }),
    );
    parts.reached(partition, next);
  }
}

/** What has been read of a partition and is not written yet. */
export function inHandOf(pipeline: Pipeline<BatchInHand>, partition: number): InHand {
  const batches = pipeline.inHand(partition);
  return {
    messages: batches.reduce((sum, { records }) => sum + records.length, 0),
    oldestMs: batches.find(({ records }) => records.length > 0)?.records[0]?.receivedMs,
  };
}

/** Up to where a partition is in hand from an offset on, without a gap; that offset itself where nothing of it is. */
export function heldFrom(
  pipeline: Pick<Pipeline<BatchInHand>, 'inHand'>,
  partition: number,
  from: bigint,
): bigint {
  let held = from;
  for (const { records, position } of pipeline.inHand(partition)) {
    const [first] = records;
    const next = BigInt(position.next);
    if (first !== undefined && BigInt(first.offset) <= held && next > held) held = next;
  }
  return held;
}

interface Read {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly ReceivedRecord[];
  readonly after?: bigint | undefined;
  readonly next: bigint;
  readonly removed: Removed | null;
  readonly fetchedAtMs: number;
}

function toBatch(
  { cluster }: ReadParts,
  { topic, partition, records, after, next, removed, fetchedAtMs }: Read,
): BatchInHand {
  const position = { cluster: cluster(), after: after?.toString(), next: String(next), removed };
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return { topic, partition, records, position, bytes, fetchedAtMs };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    await Promise.race([promise, once(signal, 'abort', { signal: over.signal })]);
  } finally {
    over.abort();
  }
  signal.throwIfAborted();
}
