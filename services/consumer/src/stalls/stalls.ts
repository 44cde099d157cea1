/** What is known of an assigned partition at one look. Offsets are Kafka's. */
export interface Sighting {
  readonly partition: number;
  /** The first message that is not done; undefined as long as nothing of the partition was read since it was assigned. */
  readonly position: bigint | undefined;
  /** Where reading begins, for as long as nothing was read. */
  readonly from: bigint;
  /** Where what a reader may see ends, by the broker: before the first open transaction. Undefined where it did not answer. */
  readonly end: bigint | undefined;
}

/** A partition that has messages and stands still. */
export interface Stall {
  readonly partition: number;
  readonly position: bigint;
  readonly end: bigint;
  readonly seconds: number;
}

interface Verdict {
  /** Those that have stood still for the whole time. */
  readonly stalls: readonly Stall[];
  /** Leave the group and join it again; or, where that has not helped one of them, end. */
  readonly then: 'go on' | 'rejoin' | 'end';
}

export interface Stalls {
  /**
   * Takes note of one look at all assigned partitions; those that are left out are forgotten.
   *
   * @param countedMs how much of the time since the look before counts: none of what was spent in a wait that has another cause
   */
  readonly look: (sightings: readonly Sighting[], countedMs: number) => Verdict;
  /** For how many seconds each partition has stood still with messages before it; 0 for one that does not. */
  readonly seconds: () => ReadonlyMap<number, number>;
}

interface Watched {
  /** The furthest position so far: reading something once more, as after a rebalance, is no progress. */
  readonly furthest: bigint | undefined;
  readonly stoodMs: number;
  /** How often the group was joined again for it since it last got further. */
  readonly rejoins: number;
}

const FRESH: Watched = { furthest: undefined, stoodMs: 0, rejoins: 0 };

/**
 * Decides whether the consumer stands still although there is something to read. Nothing but looks goes in: no clock, no Kafka.
 *
 * @param afterMs how long a partition may stand still
 * @param maxRejoins how often joining the group again is tried before the end
 */
export function createStalls(afterMs: number, maxRejoins: number): Stalls {
  let watched: ReadonlyMap<number, Watched> = new Map();
  return {
    look(sightings, countedMs) {
      const seen = new Map(
        sightings.map((sighting) => [
          sighting.partition,
          lookAt(watched.get(sighting.partition) ?? FRESH, sighting, countedMs),
        ]),
      );
      const stalls = sightings.flatMap(({ partition, position, from, end }): Stall[] => {
        const { stoodMs } = seen.get(partition) ?? FRESH;
        if (end === undefined || stoodMs < afterMs) return [];
        return [{ partition, position: position ?? from, end, seconds: Math.round(stoodMs / 1000) }];
      });
      const hopeless = stalls.some(({ partition }) => (seen.get(partition)?.rejoins ?? 0) >= maxRejoins);
      // Joining again is a new chance for all of them.
      watched = stalls.length === 0 ? seen : new Map([...seen].map(([p, w]) => [p, afterRejoin(w, afterMs)]));
      return { stalls, then: stalls.length === 0 ? 'go on' : hopeless ? 'end' : 'rejoin' };
    },
    seconds: () => new Map([...watched].map(([partition, { stoodMs }]) => [partition, stoodMs / 1000])),
  };
}

function lookAt(last: Watched, { position, from, end }: Sighting, countedMs: number): Watched {
  // The topic was made anew, or a leader was elected that lacks the newest messages: offsets begin again.
  const before = end !== undefined && last.furthest !== undefined && end < last.furthest ? FRESH : last;
  const { furthest } = before;
  if (position !== undefined && (furthest === undefined || position > furthest))
    return { ...FRESH, furthest: position };
  if (end === undefined) return before;
  if (end <= (position ?? from)) return { ...FRESH, furthest };
  return { ...before, stoodMs: before.stoodMs + countedMs };
}

function afterRejoin(before: Watched, afterMs: number): Watched {
  return { ...before, stoodMs: 0, rejoins: before.rejoins + (before.stoodMs >= afterMs ? 1 : 0) };
}
