import {
  createValidator,
  HEADER_PROFILE,
  type EventRules,
  type Rejection,
  type TrackingEvent,
} from '@rastreio/contract';
import { judgePayload, type SourceProfile } from '@rastreio/sources';
import { FILE_LIMITS } from '../source/payloadFile';
import type { DeadLetter } from './letters';
import type { Repair } from './repair';

/** What is in a letter: its events, or why it is not sent again. */
type LetterRead =
  | { readonly ok: true; readonly events: readonly TrackingEvent[] }
  | { readonly ok: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

export type ReadLetter = (letter: Pick<DeadLetter, 'topico' | 'valor' | 'cabecalhos'>) => Promise<LetterRead>;

/** A letter that is one event, corrected. */
export function asEvent(repair: Repair): ReadLetter {
  return (letter) => {
    const result = repair(letter);
    return Promise.resolve(result.ok ? { ok: true, events: [result.event] } : result);
  };
}

/**
 * A letter that is the payload of a source. It is sent again when its profile reads all of it: what was sent when it came counts
 * nothing twice.
 */
export function byProfile(profile: SourceProfile, rules: EventRules): ReadLetter {
  const validate = createValidator(rules);
  return async ({ valor, cabecalhos }) => {
    const own = cabecalhos[HEADER_PROFILE] ?? profile.name;
    if (own !== profile.name)
      return refused({
        reason: 'unreadable_payload',
        field: null,
        detail: `the letter is a payload of ${own}; replay it with --profile ${own}`,
      });
    if (valor === null)
      return refused({ reason: 'tombstone', field: null, detail: 'the letter has no value; accept it' });
    const { events, problems } = await judgePayload(profile, valor, validate, FILE_LIMITS);
    const [first, ...rest] = problems.map(({ where, field, detail }): Rejection => ({
      reason: 'unreadable_payload',
      field,
      detail: `${where}: ${detail}`,
    }));
    if (first !== undefined) return { ok: false, rejections: [first, ...rest] };
    if (events.length > 0) return { ok: true, events };
    return refused({
      reason: 'unreadable_payload',
      field: null,
      detail: `the profile ${profile.name} finds no event in it; correct the profile, or accept the letter`,
    });
  };
}

function refused(rejection: Rejection): LetterRead {
  return { ok: false, rejections: [rejection] };
}
