import { z } from 'zod';
import { MAX_PLACE_LENGTH, MAX_STATUS_LENGTH } from './limits';
import { showValue, type Rejection, type RejectionReason } from './rejection';
import { cleanStatus, cleanText, codePoints, isStorable } from './text';
import { EARLIEST_EVENT, formatTimestamp, parseTimestamp } from './timestamp';

/** A tracking event after cleaning and validation: what the database stores. */
export interface TrackingEvent {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly status_rastreamento: string;
  /** UTC with six decimals, see {@link parseTimestamp}. */
  readonly data_atualizacao: string;
}

export interface EventRules {
  /** Milliseconds since the epoch: what "the future" is measured against. */
  readonly now: () => number;
  /** How far ahead of `now` a timestamp may lie, in milliseconds (clocks differ). */
  readonly maxFutureSkewMs: number;
  /** IANA zone for timestamps without offset; left out, they are rejected. */
  readonly naiveTimezone?: string | undefined;
}

export const DEFAULT_MAX_FUTURE_SKEW_MS = 24 * 3_600_000;

export const DEFAULT_RULES: EventRules = { now: Date.now, maxFutureSkewMs: DEFAULT_MAX_FUTURE_SKEW_MS };

/** What would be valid, by field: the second half of every rejection's detail. */
export const VALID_VALUES: Readonly<Record<keyof TrackingEvent, string>> = {
  id_pacote: `a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, as a number or as digits in text`,
  origem: `text of 1 to ${MAX_PLACE_LENGTH} characters`,
  destino: `text of 1 to ${MAX_PLACE_LENGTH} characters`,
  status_rastreamento: `text of 1 to ${MAX_STATUS_LENGTH} characters`,
  data_atualizacao:
    'an ISO 8601 instant with offset, such as 2026-11-23T08:15:00Z or 2026-11-23T08:15:00-03:00',
};

export type EventSchema = z.ZodType<TrackingEvent>;

/** The event contract with its cleaning rules, as a zod schema. Unknown keys are ignored. */
export function createEventSchema(rules: EventRules = DEFAULT_RULES): EventSchema {
  return z
    .object({
      id_pacote: z
        .union([z.int().min(1), z.string().regex(/^\s*\d{1,40}\s*$/)])
        .transform(toParcelId)
        .meta({ description: 'Parcel number.', examples: [1333] }),
      origem: place('Where the parcel was sent from.', 'Natal'),
      destino: place('Where the parcel goes.', 'Paraíba'),
      status_rastreamento: z
        .string()
        .meta({
          description:
            'Status in the carrier’s words, upper-cased on arrival; any text is taken, unknown ones are counted.',
          minLength: 1,
          maxLength: MAX_STATUS_LENGTH,
          examples: ['ENTREGUE'],
        })
        .transform((text, context) => toText(text, MAX_STATUS_LENGTH, cleanStatus, context)),
      data_atualizacao: z
        .string()
        .meta({
          description: 'When it happened: ISO 8601 with offset.',
          format: 'date-time',
          examples: ['2026-11-23T08:15:00Z'],
        })
        .transform((text, context) => toInstant(text, rules, context)),
    })
    .meta({ title: 'Evento de rastreamento', description: 'One tracking event, as a carrier reports it.' });
}

function place(description: string, example: string) {
  return z
    .string()
    .meta({ description, minLength: 1, maxLength: MAX_PLACE_LENGTH, examples: [example] })
    .transform((text, context) => toText(text, MAX_PLACE_LENGTH, cleanText, context));
}

type Context = z.core.$RefinementCtx;

function toParcelId(value: number | string, context: Context): number {
  const id = Number(value);
  return Number.isSafeInteger(id) && id >= 1 ? id : refuse(context, 'out_of_range', value);
}

function toText(text: string, maxLength: number, clean: (text: string) => string, context: Context): string {
  if (!isStorable(text)) return refuse(context, 'invalid_character', text);
  const cleaned = clean(text);
  if (cleaned === '') return refuse(context, 'empty', text);
  if (codePoints(cleaned) > maxLength) return refuse(context, 'too_long', text);
  return cleaned;
}

function toInstant(text: string, rules: EventRules, context: Context): string {
  const parsed = parseTimestamp(text.trim(), rules.naiveTimezone);
  if (!parsed.ok) return refuse(context, parsed.problem, text);
  if (parsed.utc < EARLIEST_EVENT) return refuse(context, 'out_of_range', text);
  if (parsed.utc > formatTimestamp(rules.now() + rules.maxFutureSkewMs))
    return refuse(context, 'future_timestamp', text);
  return parsed.utc;
}

function refuse(context: Context, reason: RejectionReason, input: unknown): never {
  context.issues.push({ code: 'custom', input, params: { reason } });
  return z.NEVER;
}

/** Turns zod's issues into rejections: reason code, field, and a sentence with the value and what would be valid. */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
): [Rejection, ...Rejection[]] {
  const rejections = issues.map((issue) => explainIssue(issue, input));
  const [first, ...rest] = rejections;
  if (first === undefined) throw new Error('explainIssues needs at least one issue');
  return [first, ...rest];
}

function explainIssue(issue: z.core.$ZodIssue, input: unknown): Rejection {
  const field = issue.path[0];
  if (typeof field !== 'string' || !(field in VALID_VALUES)) {
    return {
      reason: 'not_an_object',
      field: null,
      detail: `${showValue(input)} is not a JSON object; send one event as {"id_pacote": …}`,
    };
  }
  const value = (input as Record<string, unknown>)[field];
  const reason = reasonOf(issue, field, value);
  const valid = VALID_VALUES[field as keyof TrackingEvent];
  if (reason === 'missing_field') return { reason, field, detail: `${field} is missing; send ${valid}` };
  return {
    reason,
    field,
    detail: `${field} ${showValue(value)} ${CLAUSES[reason] ?? 'is not accepted'}; send ${valid}`,
  };
}

const CLAUSES: Partial<Record<RejectionReason, string>> = {
  wrong_type: 'has the wrong type',
  empty: 'is empty',
  too_long: 'is too long',
  invalid_character: 'holds U+0000 or half a surrogate pair',
  out_of_range: 'is out of range',
  invalid_timestamp: 'names no instant',
  naive_timestamp: 'has no offset, so it could be any of 24 hours',
  future_timestamp: 'lies in the future',
};

function reasonOf(issue: z.core.$ZodIssue, field: string, value: unknown): RejectionReason {
  if (issue.code === 'custom') return (issue.params as { reason: RejectionReason }).reason;
  if (value === undefined || value === null) return 'missing_field';
  return field === 'id_pacote' && Number.isInteger(value) ? 'out_of_range' : 'wrong_type';
}
