import { Recording } from '../state/recording';
import { applyChanges } from './apply';
import { createUpkeep } from './upkeep';
import type { RuleQuestion } from './query';
import type { Scratch } from './scratch';
import type { Timeline } from './timeline';

/** Events loaded at once take as long as one evaluation with what comes before it. */
const EVENTS_PER_UNIT = 300;

export interface ReplayOptions {
  /** Holds all that the timeline has given so far. */
  readonly scratch: Pick<Scratch, 'owner' | 'reader'>;
  readonly timeline: Timeline;
  readonly questions: readonly RuleQuestion[];
  /** Ascending. */
  readonly instants: readonly number[];
  /** How many events the database holds already, vacuumed and analyzed. */
  readonly writtenBefore?: number;
  /** False leaves events and parcels out. */
  readonly withEvents: boolean;
  readonly signal: AbortSignal;
  /** How much is done, from 0 to 1. */
  readonly onShare: (share: number) => void;
}

/** What one question gave. */
export interface Replayed {
  readonly recording: Recording;
  /** Messages of evaluations that were errors, and how often each came. */
  readonly errors: Map<string, number>;
}

/** One stretch of time: all that was written before it at once, then instant by instant; at each every question is asked. */
export async function replay({
  scratch: { owner, reader },
  timeline,
  questions,
  instants,
  writtenBefore = 0,
  withEvents,
  signal,
  onShare,
}: ReplayOptions): Promise<readonly Replayed[]> {
  const replayed = questions.map((): Replayed => ({ recording: new Recording(), errors: new Map() }));
  const upkeep = createUpkeep(owner, writtenBefore);
  let [done, total] = [0, instants.length];
  for (const [i, atMs] of instants.entries()) {
    signal.throwIfAborted();
    const changes = timeline.advance(atMs);
    const [from, to] = changes.events;
    if (i === 0 && withEvents) total += (to - from) / EVENTS_PER_UNIT;
    const onEvents =
      i > 0 ? undefined : (count: number) => onShare((done += count / EVENTS_PER_UNIT) / total);
    await applyChanges(owner, timeline, changes, atMs, {
      withEvents,
      ...(onEvents === undefined ? {} : { onEvents }),
    });
    await upkeep((withEvents ? to - from : 0) + changes.accounts.length);
    const asked = await Promise.all(questions.map((question) => question.ask(reader, atMs)));
    for (const [q, { evaluation, error }] of asked.entries()) {
      const { recording, errors } = replayed[q] as Replayed;
      recording.add(atMs, evaluation);
      if (error !== undefined) errors.set(error, (errors.get(error) ?? 0) + 1);
    }
    onShare(++done / total);
  }
  return replayed;
}
