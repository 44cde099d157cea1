import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type Log } from '@rastreio/runtime';

/** What a broker holds of a partition: its first offset, and the one that the next message gets. */
export interface Kept {
  readonly low: bigint;
  readonly high: bigint;
}

/** How far a group says that it has read a partition. */
export interface GroupPosition {
  readonly next: bigint;
  /** Where a person let it pass over messages on purpose up to `next`: the first of them. */
  readonly passedOverFrom: bigint | null;
}

type ByPartition<T> = ReadonlyMap<number, T>;

export interface PositionSources {
  /** What the broker holds now. */
  readonly kept: () => Promise<ByPartition<Kept>>;
  /** How far the group said that it had read, before this member joined it. */
  readonly before: () => ByPartition<GroupPosition>;
  /** How far the group says that it has read now, which is where kafkajs begins. */
  readonly committed: () => Promise<ByPartition<GroupPosition>>;
  /** How far the database says that messages of this cluster are written; null where it does not say. */
  readonly stored: (partitions: readonly number[]) => Promise<ByPartition<bigint | null>>;
  /** Up to where a partition is read and on its way to the database from an offset on, without a gap: that offset where nothing of it is. */
  readonly held: (partition: number, from: bigint) => bigint;
}

/** Offsets that were removed before anybody read them: from the first one up to the second one, without it. */
export type Removed = readonly [from: string, to: string];

/** What is to be done of a partition that a member has got; left out where nothing is. */
export interface Start {
  readonly removed?: Removed;
  /** Where reading must begin, which is before the group's position. */
  readonly back?: bigint;
  /** Where reading can begin, which is behind the group's position: what comes before is on its way to the database. */
  readonly on?: bigint;
}

/** What is known of a partition in front of a batch. */
interface Advanced {
  readonly removed: Removed | null;
  /** Up to where the database must have the partition; undefined where nothing is known of that. */
  readonly after: bigint | undefined;
}

/**
 * Knows where reading begins. The database has the last word: its position is committed with the rows, so where it is behind the group's
 * the rows between are missing (it was restored, or is another one) and are read again.
 *
 * Notices messages that Kafka removed before they were read (retention, deleted records). A jump of offsets alone is none: transactions
 * and compaction leave gaps where nothing is missing. What counts is that the broker keeps nothing any more of what should have come next.
 */
export interface Positions {
  /**
   * Sets where reading begins of all partitions that a member has after a change of the group, kept ones too: meanwhile another member may
   * have read them, and kafkajs begins at the group's position again. Ends when broker and database have answered, when the signal aborts,
   * or, with nothing, at the next call.
   *
   * @returns what is missing already and what must be read again, by partition
   */
  readonly assign: (partitions: readonly number[], signal: AbortSignal) => Promise<ByPartition<Start>>;
  /** Where the next message of a partition is; undefined where it is not known yet. */
  readonly next: (partition: number) => bigint | undefined;
  /**
   * Where a partition must be read from instead, where messages were passed over that come before what was fetched from `fetched` on: a
   * position that reading was set back to does not outlive a change of the group. Undefined where nothing was.
   */
  readonly backTo: (partition: number, fetched: bigint) => Promise<bigint | undefined>;
  /** Tells that from `first` up to `next` there is nothing for a reader: the end of a transaction, say. */
  readonly nothingIn: (partition: number, first: bigint, next: bigint) => void;
  /** Tells that a partition is read on from `first` up to `next`; answers with what is known of what is before that. */
  readonly advance: (partition: number, first: bigint, next: bigint) => Promise<Advanced>;
  /** Looks for what is missing while nothing comes: what a partition still lacks at the second look is on no way any more. */
  readonly look: () => Promise<ByPartition<Removed>>;
}

const RETRY = { firstDelayMs: 200, maxDelayMs: 5_000 };

/** {@link Positions} of one member of the group. */
export function createPositions(sources: PositionSources, log: Log): Positions {
  const next = new Map<number, bigint>();
  /** Up to where the database must have each partition: what it said, then what was given to it. */
  const written = new Map<number, bigint>();
  let suspects = new Map<number, bigint>();

  let turn = 0;
  /** Where reading was set back to since the last change of the group: a second time would find the same. */
  const setBack = new Map<number, bigint>();

  const begin = async (partitions: readonly number[], isLast: () => boolean): Promise<ByPartition<Start>> => {
    const before = sources.before();
    // In this order: what the group has committed is in the database, and what is there is in Kafka, while others go on writing.
    const committed = await sources.committed();
    const stored = await sources.stored(partitions);
    const kept = await sources.kept();
    const starts = new Map<number, Start>();
    if (!isLast()) return starts;
    for (const partition of partitions) {
      const { low = 0n, high = 0n } = kept.get(partition) ?? {};
      // A position behind the end is that of a topic that was removed and made again.
      const ofThisTopic = (offset: bigint | undefined) =>
        offset !== undefined && offset <= high ? offset : undefined;
      const inDatabase = ofThisTopic(stored.get(partition) ?? undefined);
      const group = committed.get(partition);
      const begins = max(ofThisTopic(group?.next) ?? 0n, low);
      const behind = inDatabase !== undefined && isBehind({ inDatabase, begins, low }, group);
      const known = max(inDatabase ?? next.get(partition) ?? 0n, before.get(partition)?.next ?? 0n);
      const inHand = ofThisTopic(sources.held(partition, begins)) ?? 0n;
      const on = !behind && inHand > begins ? inHand : undefined;
      const from = behind ? inDatabase : max(ofThisTopic(known) ?? 0n, on ?? 0n);
      next.set(partition, from);
      if (inDatabase === undefined) written.delete(partition);
      else written.set(partition, max(inDatabase, on ?? 0n));
      const back = max(from, low);
      const removed = note(partition, low);
      const start = {
        ...(removed === null ? {} : { removed }),
        ...(behind && back < begins ? { back } : {}),
        ...(on === undefined ? {} : { on }),
      };
      if (Object.keys(start).length > 0) starts.set(partition, start);
    }
    return starts;
  };
  const note = (partition: number, low: bigint): Removed | null => {
    const from = next.get(partition);
    if (from === undefined || low <= from) return null;
    next.set(partition, low);
    return [String(from), String(low)];
  };
  const missingBefore = async (partition: number, first: bigint, after: bigint): Promise<Removed | null> => {
    const from = next.get(partition);
    if (from === undefined || after <= from) return null;
    // Asked before anything is noted, so that a batch that is read again because the broker did not answer asks again.
    const low = first > from ? ((await sources.kept()).get(partition)?.low ?? 0n) : 0n;
    next.set(partition, after);
    const to = low < first ? low : first;
    return to > from ? [String(from), String(to)] : null;
  };
  return {
    next: (partition) => next.get(partition),
    async assign(partitions, signal) {
      const mine = ++turn;
      const isLast = () => mine === turn && !signal.aborted;
      setBack.clear();
      for (const known of [next, written])
        for (const partition of [...known.keys()])
          if (!partitions.includes(partition)) known.delete(partition);
      for (let attempt = 0; isLast(); attempt++) {
        try {
          return await begin(partitions, isLast);
        } catch (err) {
          log.warn({ err, attempt }, 'where reading begins is not known yet, asking again');
          await sleep(backoffMs(attempt, RETRY), undefined, { signal }).catch(() => undefined);
        }
      }
      return new Map();
    },
    async backTo(partition, fetched) {
      const from = next.get(partition);
      if (from === undefined || fetched <= from || setBack.get(partition) === from) return undefined;
      // Or it was written while the group changed.
      const inDatabase = (await sources.stored([partition])).get(partition) ?? 0n;
      const { low = 0n, high = 0n } = (await sources.kept()).get(partition) ?? {};
      if (inDatabase >= fetched && inDatabase <= high)
        next.set(partition, max(next.get(partition) ?? 0n, fetched));
      // What the broker removed cannot be read: that is a loss, which is noted with the batch.
      const to = max(next.get(partition) ?? from, low);
      if (fetched <= to) return undefined;
      setBack.set(partition, from);
      return to;
    },
    nothingIn(partition, first, after) {
      const from = next.get(partition);
      if (from !== undefined && first <= from && after > from) next.set(partition, after);
    },
    async advance(partition, first, after) {
      const removed = await missingBefore(partition, first, after);
      const given = written.get(partition);
      written.set(partition, given === undefined ? after : max(given, after));
      // A batch that is read again begins before what was given already.
      return { removed, after: given === undefined || given < first ? given : first };
    },
    async look() {
      const missing = new Map<number, Removed>();
      const seen = new Map<number, bigint>();
      for (const [partition, { low }] of await sources.kept()) {
        const from = next.get(partition);
        if (from === undefined || low <= from) continue;
        const removed = suspects.get(partition) === from ? note(partition, low) : null;
        if (removed === null) seen.set(partition, from);
        else missing.set(partition, removed);
      }
      suspects = seen;
      return missing;
    },
  };
}

/** Whether the database lacks what the group has read, other than what a person let it pass over. */
function isBehind(
  { inDatabase, begins, low }: Readonly<Record<'inDatabase' | 'begins' | 'low', bigint>>,
  group: GroupPosition | undefined,
): boolean {
  const from = group?.passedOverFrom ?? null;
  return inDatabase < begins && (from === null || max(inDatabase, low) < from);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
