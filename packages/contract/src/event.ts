import { z } from 'zod';
import { MAX_PLACE_LENGTH, MAX_STATUS_LENGTH } from './limits';
import { readWholeNumber } from './number';
import { wrongNumber, type Refusal, type RejectionReason } from './rejection';
import { cleanStatus, cleanText } from './clean';
import { codePoints, isStorable } from './text';
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

/** In text an exponent is what a spreadsheet leaves of a long number: of 913000101 it writes 9.13E+08. In JSON it loses nothing. */
const WITH_EXPONENT = /^\d+(?:[.,]\d+)?e/i;

export type EventSchema = z.ZodType<TrackingEvent>;

/** The event contract with its cleaning rules, as a zod schema. Unknown keys are ignored. */
export function createEventSchema(rules: EventRules = DEFAULT_RULES): EventSchema {
  return z
    .object({
      id_pacote: z
        .union([z.int().min(1), z.string().meta({ pattern: '^\\s*\\d+(\\.0+)?\\s*$' })])
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
  if (typeof value === 'number') return value;
  const text = cleanText(value);
  if (WITH_EXPONENT.test(text))
    return refuse(context, 'wrong_type', value, 'has an exponent, by which programs cut digits off');
  const number = readWholeNumber(text);
  if (number?.ok === true && number.value >= 1) return number.value;
  const { reason, why } = wrongNumber(number);
  return refuse(context, reason, value, why);
}

function toText(text: string, maxLength: number, clean: (text: string) => string, context: Context): string {
  if (!isStorable(text)) return refuse(context, 'invalid_character', text);
  const cleaned = clean(text);
  if (cleaned === '') return refuse(context, 'empty', text);
  if (codePoints(cleaned) > maxLength) return refuse(context, 'too_long', text);
  return cleaned;
}

function toInstant(text: string, rules: EventRules, context: Context): string {
  const parsed = parseTimestamp(text, rules.naiveTimezone);
  if (!parsed.ok) return refuse(context, parsed.problem, text, parsed.why);
  if (parsed.utc < EARLIEST_EVENT) return refuse(context, 'out_of_range', text);
  if (parsed.utc > formatTimestamp(rules.now() + rules.maxFutureSkewMs))
    return refuse(context, 'future_timestamp', text);
  return parsed.utc;
}

function refuse(context: Context, reason: RejectionReason, input: unknown, why?: string): never {
  context.issues.push({ code: 'custom', input, params: { reason, why } satisfies Refusal });
  return z.NEVER;
}
