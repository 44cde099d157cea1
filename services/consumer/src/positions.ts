import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type Log } from '@rastreio/runtime';

/** What a broker holds of a partition: its first offset, and the one that the next message gets. */
export interface Kept {
  readonly low: bigint;
  readonly high: bigint;
}

type ByPartition<T> = ReadonlyMap<number, T>;

export interface PositionSources {
  /** What the broker holds now. */
  readonly kept: () => Promise<ByPartition<Kept>>;
  /** How far the group says that it has read. */
  readonly committed: () => Promise<ByPartition<bigint>>;
  /** How far the database says that messages of this cluster are written. */
  readonly stored: () => Promise<ByPartition<bigint>>;
}

/** Offsets that were removed before anybody read them: from the first one up to the second one, without it. */
export type Removed = readonly [from: string, to: string];

/**
 * Notices messages that Kafka removed before they were read (retention, deleted records). A jump of offsets alone is none: transactions
 * and compaction leave gaps where nothing is missing. What counts is that the broker keeps nothing any more of what should have come next.
 */
export interface Positions {
  /**
   * Sets where reading begins of partitions that are new to this member, and forgets those it no longer has. Ends when broker and
   * database have answered, or when the signal aborts.
   *
   * @returns what is missing already, by partition
   */
  readonly assign: (partitions: readonly number[], signal: AbortSignal) => Promise<ByPartition<Removed>>;
  /** Tells that a partition is read on from `first` up to `next`; answers with what is missing before that. */
  readonly advance: (partition: number, first: bigint, next: bigint) => Promise<Removed | null>;
  /** Looks for what is missing while nothing comes: what a partition still lacks at the second look is on no way any more. */
  readonly look: () => Promise<ByPartition<Removed>>;
}

const RETRY = { firstDelayMs: 200, maxDelayMs: 5_000 };

/** {@link Positions} of one member of the group. */
export function createPositions(sources: PositionSources, log: Log): Positions {
  const next = new Map<number, bigint>();
  let suspects = new Map<number, bigint>();

  const begin = async (partitions: readonly number[]): Promise<ByPartition<Removed>> => {
    const [kept, committed, stored] = await Promise.all([
      sources.kept(),
      sources.committed(),
      sources.stored(),
    ]);
    const missing = new Map<number, Removed>();
    for (const partition of partitions) {
      const { low = 0n, high = 0n } = kept.get(partition) ?? {};
      const known = [committed.get(partition) ?? 0n, stored.get(partition) ?? 0n];
      // A position behind the end is that of a topic that was removed and made again.
      const from = known.filter((offset) => offset <= high).reduce((a, b) => (a > b ? a : b), 0n);
      next.set(partition, from);
      note(missing, partition, low);
    }
    return missing;
  };
  const note = (missing: Map<number, Removed>, partition: number, low: bigint) => {
    const from = next.get(partition);
    if (from === undefined || low <= from) return;
    missing.set(partition, [String(from), String(low)]);
    next.set(partition, low);
  };
  return {
    async assign(partitions, signal) {
      for (const partition of [...next.keys()]) if (!partitions.includes(partition)) next.delete(partition);
      const fresh = partitions.filter((partition) => !next.has(partition));
      if (fresh.length === 0) return new Map();
      for (let attempt = 0; !signal.aborted; attempt++) {
        try {
          return await begin(fresh);
        } catch (err) {
          log.warn({ err, attempt }, 'where reading begins is not known yet, asking again');
          await sleep(backoffMs(attempt, RETRY), undefined, { signal }).catch(() => undefined);
        }
      }
      return new Map();
    },
    async advance(partition, first, after) {
      const from = next.get(partition);
      if (from === undefined || after <= from) return null;
      // Asked before anything is noted, so that a batch that is read again because the broker did not answer asks again.
      const low = first > from ? ((await sources.kept()).get(partition)?.low ?? 0n) : 0n;
      next.set(partition, after);
      const to = low < first ? low : first;
      return to > from ? [String(from), String(to)] : null;
    },
    async look() {
      const missing = new Map<number, Removed>();
      const seen = new Map<number, bigint>();
      for (const [partition, { low }] of await sources.kept()) {
        const from = next.get(partition);
        if (from === undefined || low <= from) continue;
        if (suspects.get(partition) === from) note(missing, partition, low);
        else seen.set(partition, from);
      }
      suspects = seen;
      return missing;
    },
  };
}
