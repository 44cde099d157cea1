import { eventMessage, type Validator } from '@rastreio/contract';
import { judgePayload, problemOf, type SourceProfile } from '@rastreio/sources';
import type { Letters } from '../letters';
import { keptPayload, letterOf, MAX_PAYLOAD_BYTES } from '../payloads';
import { whole } from './answerEvents';
import type { PublishParts } from './publish';

/** By what an answer is read. */
export interface PayloadReader {
  readonly profile: SourceProfile;
  readonly validate: Validator;
  /** Words for a status that were told already. */
  readonly toldWords: Set<string>;
}

const MESSAGES_PER_SEND = 1_000;
/** A carrier that writes names and times into its status has new words for ever: beyond so many they are told again. */
const MAX_TOLD_WORDS = 1_000;

/**
 * Publishes what a source profile reads of an answer. An answer of which something could not be read is kept as it came beside its events, as
 * the HTTP source does, unless it is a dead letter already.
 *
 * @returns how many events the answer has, and unreadable parts
 * @throws OperatorError for an answer that could not be kept; what the body's stream and the publisher throw
 */
export async function publishPayload(
  body: AsyncIterable<Buffer>,
  letters: Letters,
  { profile, validate, toldWords }: PayloadReader,
  { publisher, metrics, log }: Omit<PublishParts, 'decode'>,
): Promise<number> {
  const bytes = await whole(body, MAX_PAYLOAD_BYTES);
  if (bytes.length === 0) return 0;
  const judged = await judgePayload(profile, bytes, validate);
  const { events, problems, problemsOmitted, unknownStatuses } = judged;
  for (let at = 0; at < events.length; at += MESSAGES_PER_SEND) {
    const some = events.slice(at, at + MESSAGES_PER_SEND);
    await publisher.send(some.map(eventMessage));
    metrics.published(some.length, 0);
  }
  const problem = problemOf(profile, judged);
  const letter = letterOf(profile.name, bytes);
  if (problem !== null && letters.has(letter)) metrics.repeated(1);
  else if (problem !== null) {
    log.warn({ problem }, 'an answer could not be read whole; it is kept as a dead letter');
    await publisher.send([keptPayload(profile.name, problem, bytes)]);
    letters.add(letter);
    metrics.published(1, 1);
  }
  const unknown = [...unknownStatuses].filter(([word]) => !toldWords.has(word));
  if (toldWords.size + unknown.length > MAX_TOLD_WORDS) toldWords.clear();
  for (const [word] of unknown.slice(0, MAX_TOLD_WORDS)) toldWords.add(word);
  if (unknown.length > 0)
    log.warn(
      { unknownStatuses: Object.fromEntries(unknown) },
      'words for a status that neither profile nor catalogue knows; give them a meaning in the profile',
    );
  return events.length + problems.length + problemsOmitted;
}
