import type { TrackingEvent, Validator } from '@rastreio/contract';
import type { Problem } from './item';
import type { SourceProfile } from './profile';
import { readPayload } from './readPayload';

/** What a payload says, as far as the contract takes it. */
export interface Judged {
  readonly events: readonly TrackingEvent[];
  /** What became no event: by the profile or by the contract, each with its place. */
  readonly problems: readonly Problem[];
  /** As {@link Reading}. */
  readonly unknownStatuses: ReadonlyMap<string, number>;
}

/**
 * Reads a payload by a profile and checks its events by the contract. Never throws for what a payload says.
 *
 * @param now epoch milliseconds
 */
export async function judgePayload(
  profile: SourceProfile,
  bytes: Uint8Array,
  now: number,
  validate: Validator,
): Promise<Judged> {
  const reading = await readPayload(profile, bytes, now);
  const events: TrackingEvent[] = [];
  const problems = [...reading.problems];
  for (const { where, event } of reading.events) {
    const result = validate(event);
    if (result.ok) events.push(result.event);
    else problems.push(...result.rejections.map(({ field, detail }) => ({ where, field, detail })));
  }
  return { events, problems, unknownStatuses: reading.unknownStatuses };
}

/** What could not be read of a payload, in one sentence; null: all of it was. */
export function problemOf(profile: SourceProfile, { events, problems }: Judged): string | null {
  const [first] = problems;
  if (first === undefined) return null;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `profile ${profile.name} read ${events.length} events and not ${first.where}: ${first.detail}${others}`;
}
