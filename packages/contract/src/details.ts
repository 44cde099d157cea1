import { z } from 'zod';
import { cleanCode, cleanText, foldText } from './clean';
import type { EventRules } from './rules';
import {
  MAX_CARRIER_LENGTH,
  MAX_CODE_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_EVENT_CODE_LENGTH,
  MAX_PLACE_LENGTH,
  MAX_SERVICE_LENGTH,
} from './limits';
import { SentNumber } from './number';
import type { Refusal } from './rejection';
import { refuse, toInstant, toText, type Context } from './refuse';
import { EARLIEST_EVENT, formatTimestamp, parseTimestamp } from './timestamp';

/** What an event takes back: the event of the same parcel, instant and status, or the parcel's event just before it. */
export const CORRECTIONS = ['mesmo', 'anterior'] as const;
export type Correction = (typeof CORRECTIONS)[number];

/** What carriers say beside the original's five fields. Each is left out where it is not said. */
export interface EventDetails {
  /** Tracking number as the carrier writes it, in upper case and without spaces. */
  readonly codigo?: string;
  /** The carrier, in upper case and without accents, so that its spellings are one. */
  readonly transportadora?: string;
  readonly servico?: string;
  /** Where the scan happened. */
  readonly local?: string;
  /** The carrier's own code of the event. */
  readonly codigo_evento?: string;
  readonly descricao?: string;
  /** When delivery is promised: an instant as `data_atualizacao`, or a day `YYYY-MM-DD`, which means until its end. */
  readonly prazo?: string;
  /** When `prazo` was said, as `data_atualizacao`; left out: with the event. Only beside `prazo`. */
  readonly prazo_em?: string;
  readonly correcao?: Correction;
}

/** The texts among them: how each is cleaned, and how long it may be. */
export const TEXT_DETAILS = {
  codigo: { clean: cleanCode, maxLength: MAX_CODE_LENGTH },
  transportadora: { clean: foldText, maxLength: MAX_CARRIER_LENGTH },
  servico: { clean: cleanText, maxLength: MAX_SERVICE_LENGTH },
  local: { clean: cleanText, maxLength: MAX_PLACE_LENGTH },
  codigo_evento: { clean: cleanText, maxLength: MAX_EVENT_CODE_LENGTH },
  descricao: { clean: cleanText, maxLength: MAX_DESCRIPTION_LENGTH },
} as const;

/** How far ahead a promise may lie: ten years, with their leap days. */
export const MAX_PROMISE_MS = 3_653 * 86_400_000;
/** A day as a promise may be one. */
export const DAY = /^\d{4}-\d\d-\d\d$/;

const text = (field: keyof typeof TEXT_DETAILS) => `text of 1 to ${TEXT_DETAILS[field].maxLength} characters`;

export const VALID_DETAILS: Readonly<Record<keyof EventDetails, string>> = {
  codigo: `a tracking number of 1 to ${MAX_CODE_LENGTH} characters, or leave it out`,
  transportadora: `the carrier as ${text('transportadora')}`,
  servico: `${text('servico')}, or leave it out`,
  local: `${text('local')}, or leave it out`,
  codigo_evento: `${text('codigo_evento')}, or leave it out`,
  descricao: `${text('descricao')}, or leave it out`,
  prazo: 'an ISO 8601 instant with offset or a day such as 2026-11-30, or leave it out',
  prazo_em: 'an ISO 8601 instant with offset, only beside prazo, or leave it out',
  correcao: `"mesmo" (takes back the event of the same instant and status) or "anterior" (takes back the one before), or leave it out`,
};

/** The optional fields, by name. */
export const DETAIL_FIELDS = Object.keys(VALID_DETAILS) as (keyof EventDetails)[];

const ABOUT: Readonly<Record<keyof typeof TEXT_DETAILS, readonly [description: string, example: string]>> = {
  codigo: ['Tracking number of the carrier; case and spaces do not count.', 'AA123456785BR'],
  transportadora: ['The carrier; case and accents do not count.', 'CORREIOS'],
  servico: ['The carrier’s service.', 'SEDEX'],
  local: ['Where the scan happened.', 'CTE Natal'],
  codigo_evento: ['The carrier’s own code of the event.', 'BDE-01'],
  descricao: ['The event in the carrier’s words.', 'Objeto entregue ao destinatário'],
};

/** zod's part for each optional field; `codigo` and `transportadora` as where they have to be there. */
export function detailFields(rules: EventRules) {
  return {
    codigo: z
      .union([z.string(), z.int()])
      .meta(aboutText('codigo'))
      .transform((value, context) => toDetail('codigo', codeText(value), context)),
    transportadora: textField('transportadora'),
    servico: textField('servico').optional(),
    local: textField('local').optional(),
    codigo_evento: z
      .union([z.string(), z.int()])
      .meta(aboutText('codigo_evento'))
      .transform((value, context) => toDetail('codigo_evento', codeText(value), context))
      .optional(),
    descricao: textField('descricao').optional(),
    prazo: z
      .string()
      .meta({
        description: 'When delivery is promised: ISO 8601 with offset, or a day, which means until its end.',
        examples: ['2026-11-30'],
      })
      .transform((value, context) => toPromise(value, rules, context))
      .optional(),
    prazo_em: z
      .string()
      .meta({
        description:
          'When prazo was said, where that was not with the event: carriers promise another day without another scan. ISO 8601 with offset, only beside prazo.',
        format: 'date-time',
        examples: ['2026-11-24T09:00:00Z'],
      })
      .transform((value, context) => toInstant(value, rules, context))
      .optional(),
    correcao: z
      .enum(CORRECTIONS)
      .meta({
        description:
          'This event takes one back: the one of the same parcel, instant and status (mesmo), or the parcel’s event just before it (anterior).',
      })
      .optional(),
  };
}

/** Whether a value of an optional field says nothing. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** With a codigo the places may be left out, and the number. */
const OPTIONAL_FIELDS = [...DETAIL_FIELDS, 'id_pacote', 'origem', 'destino'] as const;

/** The input without optional fields that say nothing, and with numbers that are names as they were sent. */
export function withSaidDetails(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const fields = input as Readonly<Record<string, unknown>>;
  let said: Record<string, unknown> | undefined;
  const optional = isAbsent(fields.codigo) ? DETAIL_FIELDS : OPTIONAL_FIELDS;
  for (const field of optional) {
    const value = fields[field];
    if (value === undefined) continue;
    if (isAbsent(value)) delete (said ??= { ...fields })[field];
    else if (value instanceof SentNumber && /^codigo/.test(field))
      (said ??= { ...fields })[field] = value.text;
  }
  return said ?? input;
}

/** A promise as the event holds it, undefined where it is none, or lies out of range. */
function readPromise(text: string, rules: EventRules): string | undefined {
  const cleaned = cleanText(text);
  const isDay = DAY.test(cleaned);
  const parsed = parseTimestamp(isDay ? `${cleaned}T00:00:00Z` : cleaned, rules.naiveTimezone);
  if (!parsed.ok || parsed.utc < EARLIEST_EVENT) return undefined;
  if (parsed.utc > formatTimestamp(rules.now() + MAX_PROMISE_MS)) return undefined;
  return isDay ? cleaned : parsed.utc;
}

function toPromise(value: string, rules: EventRules, context: Context): string {
  const promise = readPromise(value, rules);
  if (promise !== undefined) return promise;
  const cleaned = cleanText(value);
  const parsed = parseTimestamp(DAY.test(cleaned) ? `${cleaned}T00:00:00Z` : cleaned, rules.naiveTimezone);
  if (!parsed.ok) return refuse(context, parsed.problem, value, parsed.why);
  return refuse(context, 'out_of_range', value, 'is before the year 2000 or more than ten years ahead');
}

/** Refuses a `prazo_em` beside which there is no `prazo`. */
export function checkPromise(
  { prazo, prazo_em }: { readonly [Field in 'prazo' | 'prazo_em']?: string | undefined },
  context: Context,
): void {
  if (prazo_em === undefined || prazo !== undefined) return;
  const why = 'says when a promise was made, and prazo, the promise, is not there';
  const params: Refusal = { reason: 'out_of_range', why };
  context.issues.push({ code: 'custom', path: ['prazo_em'], input: prazo_em, params: { ...params } });
}

const aboutText = (field: keyof typeof TEXT_DETAILS) => {
  const [description, example] = ABOUT[field];
  return { description, examples: [example] };
};

function textField(field: keyof typeof TEXT_DETAILS) {
  return z
    .string()
    .meta({ ...aboutText(field), maxLength: TEXT_DETAILS[field].maxLength })
    .transform((value, context) => toDetail(field, value, context));
}

function toDetail(field: keyof typeof TEXT_DETAILS, value: string, context: Context): string {
  return toText(value, TEXT_DETAILS[field].maxLength, TEXT_DETAILS[field].clean, context);
}

/** JSON's numbers have lost nothing here: those that would have are {@link SentNumber}, which {@link withSaidDetails} turned into text. */
function codeText(value: string | number): string {
  return String(value);
}
