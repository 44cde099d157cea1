import type { Log } from '@rastreio/runtime';
import type { Pipeline } from '../pipeline';
import type { BatchInHand } from '../finishBatch';
import type { Ends } from './ends';
import { createStalls, type Sighting, type Stall } from './stalls';

export interface WatchParts {
  readonly afterMs: number;
  readonly ends: Ends;
  readonly pipeline: Pipeline<BatchInHand>;
  readonly assigned: () => ReadonlySet<number>;
  /** Where reading of a partition begins; undefined where it is not known yet. */
  readonly from: (partition: number) => bigint | undefined;
  /** Whether the offset of the partition's batch is being committed: after that nothing but Kafka is waited for. */
  readonly committing: (partition: number) => boolean;
  /** Why the database does not answer, null where it does. */
  readonly databaseMissing: () => string | null;
  readonly log: Log;
  /** How many partitions stand still. */
  readonly reported: (stalls: number) => void;
  readonly rejoin: () => Promise<void>;
  readonly end: (message: string) => void;
}

export interface Watch {
  /** Tells how far a partition is read, with what no reader sees. */
  readonly read: (partition: number, next: bigint) => void;
  /** Tells of each change of the group: another member may have read on meanwhile. */
  readonly joined: () => void;
  readonly seconds: () => ReadonlyMap<number, number>;
  readonly stop: () => Promise<void>;
}

const LOOKS = 12;
const MAX_INTERVAL_MS = 10_000;
const MAX_REJOINS = 1;
const READ = '"A consumer that stands still" in docs/operations.md';

/** How often it is looked. */
export function lookIntervalMs(afterMs: number): number {
  return Math.min(MAX_INTERVAL_MS, afterMs / LOOKS);
}

/**
 * Looks again and again whether a partition stands still although Kafka has messages for it, says so, and has the group joined again, then
 * the service ended. Waiting for the database or the dead-letter topic is no stall: a batch in hand waits for them, and the log and
 * /readyz say it.
 */
export function watchStalls(parts: WatchParts): Watch {
  const { afterMs, ends, pipeline, log } = parts;
  const intervalMs = lookIntervalMs(afterMs);
  const stalls = createStalls(afterMs, MAX_REJOINS);
  const reached = new Map<number, bigint>();
  let heads: ReadonlyMap<number, BatchInHand> = new Map();
  let lookedAt = performance.now();
  let looking = false;

  const look = async () => {
    const answers = await ends.ask();
    const now = performance.now();
    const before = heads;
    heads = new Map(
      [...parts.assigned()].flatMap((p) =>
        pipeline
          .inHand(p)
          .slice(0, 1)
          .map((head) => [p, head] as const),
      ),
    );
    // The batch of before, to which more may have come.
    const isBefore = (p: number, head: BatchInHand) => {
      const known = before.get(p);
      return known !== undefined && firstOf(known) === firstOf(head);
    };
    const waits = [...heads].some(([p, head]) => isBefore(p, head) && !parts.committing(p));
    // A process that was frozen looks late, and nobody was reading meanwhile.
    const elapsedMs = Math.min(now - lookedAt, 2 * intervalMs);
    lookedAt = now;
    const sightings = [...parts.assigned()].flatMap((partition): Sighting[] => {
      const from = parts.from(partition);
      if (from === undefined) return [];
      const head = heads.get(partition);
      const position = head === undefined ? reached.get(partition) : firstOf(head);
      return [{ partition, position, from, end: answers.get(partition) }];
    });
    const verdict = stalls.look(sightings, waits || parts.databaseMissing() !== null ? 0 : elapsedMs);
    if (verdict.then === 'go on') return;
    const next =
      verdict.then === 'rejoin' ? 'The consumer joins its group again' : 'Joining again has not helped';
    for (const stall of verdict.stalls)
      log.error(
        { partition: stall.partition, position: String(stall.position), end: String(stall.end) },
        `${describe(stall)}. ${next}; where it comes again, see ${READ}`,
      );
    parts.reported(verdict.stalls.length);
    if (verdict.then === 'rejoin') return parts.rejoin();
    parts.end(
      `${verdict.stalls.map(describe).join('; ')}. Joining the group again has not helped, so this process ends and is to be started again; no message was lost. ` +
        `If that does not help either, see ${READ}.`,
    );
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, intervalMs);
  return {
    read: (partition, next) => void reached.set(partition, next),
    joined: () => reached.clear(),
    seconds: stalls.seconds,
    async stop() {
      clearInterval(timer);
      await ends.close();
    },
  };
}

function firstOf({ records, position }: BatchInHand): bigint {
  return BigInt(records[0]?.offset ?? position.next);
}

function describe({ partition, position, end, seconds }: Stall): string {
  return `partition ${partition} stands still at offset ${position} although Kafka has messages up to ${end}: for ${seconds} s nothing came of it, while Kafka, database and dead-letter topic answered`;
}
