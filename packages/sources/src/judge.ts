import type { Rejection, TrackingEvent, Validator } from '@rastreio/contract';
import type { Problem } from './item';
import type { SourceProfile } from './profile';
import { isDetail } from './mapEvent';
import { Problems } from './problems';
import { readPayload, type ReadLimits } from './readPayload';

/** What a payload says, as far as the contract takes it. */
export interface Judged {
  readonly events: readonly TrackingEvent[];
  /** What became no event or was left out of one: by the profile or by the contract, each with its place. */
  readonly problems: readonly Problem[];
  /** How many problems there are besides: the first thousand are kept. */
  readonly problemsOmitted: number;
  /** As {@link Reading}. */
  readonly unknownStatuses: ReadonlyMap<string, number>;
}

/**
 * Reads a payload by a profile and checks its events by the contract. Never throws for what a payload says.
 */
export async function judgePayload(
  profile: SourceProfile,
  bytes: Uint8Array,
  validate: Validator,
  limits: ReadLimits = {},
): Promise<Judged> {
  const reading = await readPayload(profile, bytes, limits);
  const events: TrackingEvent[] = [];
  const problems = new Problems();
  problems.add(...reading.problems);
  for (const { where, event } of reading.events) {
    const { accepted, rejections } = judgeEvent(event, validate);
    if (accepted !== null) events.push(accepted);
    problems.add(...rejections.map(({ field, detail }) => ({ where, field, detail })));
  }
  return {
    events,
    problems: problems.kept,
    problemsOmitted: reading.problemsOmitted + problems.omitted,
    unknownStatuses: reading.unknownStatuses,
  };
}

/** An event as the contract takes it, and what it does not take; null where it takes nothing. */
export interface JudgedEvent {
  readonly accepted: TrackingEvent | null;
  readonly rejections: readonly Rejection[];
}

/** Checks an event by the contract. Where only details are refused, it is kept without them: the scan itself is what counts. */
export function judgeEvent(event: Readonly<Record<string, unknown>>, validate: Validator): JudgedEvent {
  const result = validate(event);
  if (result.ok) return { accepted: result.event, rejections: [] };
  const { rejections } = result;
  if (!rejections.every(({ field }) => isDetail(field))) return { accepted: null, rejections };
  const refused = new Set(rejections.map(({ field }) => field));
  // When a promise was said is nothing without it.
  if (refused.has('prazo')) refused.add('prazo_em');
  const again = validate(Object.fromEntries(Object.entries(event).filter(([name]) => !refused.has(name))));
  return again.ok
    ? { accepted: again.event, rejections }
    : { accepted: null, rejections: [...rejections, ...again.rejections] };
}

/** What could not be read of a payload, in one sentence; null: all of it was. */
export function problemOf(
  profile: SourceProfile,
  { events, problems, problemsOmitted }: Judged,
): string | null {
  const [first] = problems;
  if (first === undefined) return null;
  const more = problems.length + problemsOmitted - 1;
  const others = more > 0 ? ` (and ${more} more)` : '';
  return `profile ${profile.name} read ${events.length} events and not ${first.where}: ${first.detail}${others}`;
}
