import { stringify } from 'lossless-json';
import { SentNumber, type WholeNumber } from './number';

/**
 * Why a message was rejected. Stable, machine-readable: stored in `eventos_rejeitados.motivo`,
 * in the dead-letter topic's headers, in metric labels and in the HTTP source's answers.
 */
export const REJECTION_REASONS = {
  tombstone: 'the message has no value',
  too_large: 'the message is larger than the limit',
  invalid_utf8: 'the bytes are not valid UTF-8',
  invalid_json: 'the text is not JSON',
  not_an_object: 'the JSON is not an object',
  envelope:
    'the event is inside what another tool put around it (Confluent, Kafka Connect, Debezium, CloudEvents, Base64, ...)',
  missing_field: 'a required field is absent or null',
  wrong_type: 'a field has the wrong type',
  empty: 'a text field is empty after trimming',
  too_long: 'a text field is longer than its column',
  invalid_character: 'a text field has U+0000 or a lone surrogate, which PostgreSQL cannot store',
  out_of_range: 'a number or date lies outside the accepted range',
  invalid_timestamp: 'the timestamp is in no form that is read, or names no single instant',
  naive_timestamp: 'the timestamp has no offset, so it is ambiguous',
  future_timestamp: 'the timestamp lies too far ahead of the clock',
  unreadable_payload: 'what a source sent could not be read by its profile, not all of it at least',
  database_rejected: 'the database refused this row with a data error (SQLSTATE class 22 or 23)',
} as const;

export type RejectionReason = keyof typeof REJECTION_REASONS;

export interface Rejection {
  readonly reason: RejectionReason;
  /** Field of the event at fault, null when the message as a whole is. */
  readonly field: string | null;
  /** One sentence that names the value and what would be valid. */
  readonly detail: string;
}

/** A rejection before its sentence is written; `why` goes on after the value and says more than the reason does. */
export interface Refusal {
  readonly reason: RejectionReason;
  readonly why?: string | undefined;
}

/** Why a number is no parcel's; null: it is no number at all. */
export function wrongNumber(number: WholeNumber | null): Refusal {
  if (number === null) return { reason: 'wrong_type' };
  if (number.ok || number.problem === 'range') return { reason: 'out_of_range' };
  return { reason: 'wrong_type', why: 'is not whole' };
}

const SHOWN_CHARACTERS = 80;

/** A value as shown in a rejection's detail: JSON, numbers as they were sent, cut to a readable length. */
export function showValue(value: unknown): string {
  const text = toText(value);
  return text.length > SHOWN_CHARACTERS
    ? `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`
    : text;
}

const AS_SENT = [
  {
    test: (value: unknown) => value instanceof SentNumber,
    stringify: (value: unknown) => (value as SentNumber).text,
  },
];

function toText(value: unknown): string {
  try {
    return stringify(value, undefined, undefined, AS_SENT) ?? String(value);
  } catch (error) {
    // JSON.parse reads any depth, to write it recurses: 64 KB of brackets overflow the stack.
    if (error instanceof RangeError)
      return `${Array.isArray(value) ? 'an array' : 'an object'} nested too deeply to show`;
    throw error;
  }
}
