import { z } from 'zod';
import { checkPromise, detailFields, isAbsent, VALID_DETAILS, type EventDetails } from './details';
import { MAX_PLACE_LENGTH, MAX_STATUS_LENGTH } from './limits';
import { DEFAULT_RULES, type EventRules } from './rules';
import { readWholeNumber } from './number';
import { wrongNumber } from './rejection';
import { cleanStatus, cleanText } from './clean';
import { refuse, toInstant, toText, type Context } from './refuse';

/** The original's event: five fields, all there. */
export interface PlainEvent {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly status_rastreamento: string;
  /** UTC with six decimals, see {@link parseTimestamp}. */
  readonly data_atualizacao: string;
}

/**
 * A tracking event after cleaning and validation: what the database stores. Without `id_pacote` its parcel is the one that
 * `transportadora` and `codigo` name, which are there then. A place is left out where the carrier does not say it, which only events
 * with a `codigo` may do.
 */
export type TrackingEvent = Pick<PlainEvent, 'status_rastreamento' | 'data_atualizacao'> &
  Partial<Omit<PlainEvent, 'status_rastreamento' | 'data_atualizacao'>> &
  EventDetails;

/** Every field of an event. */
export type EventField = keyof TrackingEvent;

/** What would be valid, by field: the second half of every rejection's detail. The original's five come first. */
export const VALID_VALUES: Readonly<Record<EventField, string>> = {
  id_pacote: `a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, as a number or as digits in text`,
  origem: `text of 1 to ${MAX_PLACE_LENGTH} characters`,
  destino: `text of 1 to ${MAX_PLACE_LENGTH} characters`,
  status_rastreamento: `text of 1 to ${MAX_STATUS_LENGTH} characters`,
  data_atualizacao:
    'an ISO 8601 instant with offset, such as 2026-11-23T08:15:00Z or 2026-11-23T08:15:00-03:00',
  ...VALID_DETAILS,
};

/** The original's five fields. */
export const PLAIN_FIELDS = [
  'id_pacote',
  'origem',
  'destino',
  'status_rastreamento',
  'data_atualizacao',
] as const satisfies readonly EventField[];

/** In text an exponent is what a spreadsheet leaves of a long number: of 913000101 it writes 9.13E+08. In JSON it loses nothing. */
const WITH_EXPONENT = /^\d+(?:[.,]\d+)?e/i;

/** Fields that are left out are left out of the answer, too, which zod's own types do not say. */
export type EventSchema = z.ZodType<TrackingEvent>;

/** Who names the parcel: `id_pacote` (the original's way), `transportadora` with `codigo`, or `id_pacote` with a `codigo` beside it. */
export type Naming = 'number' | 'code' | 'both';

/** How an event as it was sent names its parcel. */
export function namingOf(input: unknown): Naming {
  if (typeof input !== 'object' || input === null) return 'number';
  const { id_pacote, codigo } = input as Readonly<Record<string, unknown>>;
  if (isAbsent(codigo)) return 'number';
  return isAbsent(id_pacote) ? 'code' : 'both';
}

/**
 * The event contract with its cleaning rules, as a zod schema for each way to name a parcel. Unknown keys are ignored. An event with a
 * `codigo` may leave its places out.
 */
export function createEventSchema(rules: EventRules = DEFAULT_RULES, naming: Naming = 'number'): EventSchema {
  const from = place('Where the parcel was sent from.', 'Natal');
  const to = place('Where the parcel goes.', 'Paraíba');
  const { codigo, transportadora, ...details } = detailFields(rules);
  const rest = {
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
  };
  const about = {
    title: 'Evento de rastreamento',
    description: 'One tracking event, as a carrier reports it.',
  };
  const places = { origem: from.optional(), destino: to.optional() };
  switch (naming) {
    case 'number':
      return z
        .object({
          ...{ id_pacote: parcelId(), origem: from, destino: to, ...rest },
          ...{ transportadora: transportadora.optional(), ...details },
        })
        .superRefine(checkPromise)
        .meta(about) as EventSchema;
    case 'code':
      return z
        .object({ ...places, ...rest, codigo, transportadora, ...details })
        .superRefine(checkPromise)
        .meta(about) as EventSchema;
    case 'both':
      return z
        .object({
          ...{ id_pacote: parcelId(), ...places, ...rest },
          ...{ codigo, transportadora: transportadora.optional(), ...details },
        })
        .superRefine(checkPromise)
        .meta(about) as EventSchema;
  }
}

function parcelId() {
  return z
    .union([z.int().min(1), z.string().meta({ pattern: '^\\s*\\d+(\\.0+)?\\s*$' })])
    .transform(toParcelId)
    .meta({ description: 'Parcel number.', examples: [1333] });
}

function place(description: string, example: string) {
  return z
    .string()
    .meta({ description, minLength: 1, maxLength: MAX_PLACE_LENGTH, examples: [example] })
    .transform((text, context) => toText(text, MAX_PLACE_LENGTH, cleanText, context));
}

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
