import { DAY, DETAIL_FIELDS, MAX_PROMISE_MS, TEXT_DETAILS, type EventDetails } from './details';
import type { EventRules } from './rules';
import { remember } from './remember';
import { EARLIEST_EVENT, formatTimestamp } from './timestamp';

/** A tracking number as nearly all are sent: nothing to clean. */
const PLAIN_CODE = /^[0-9A-Z]{1,64}$/;

/**
 * The details of an event that are plainly valid: null where there are none, undefined where the schema has to look. What it returns is
 * what the schema would return.
 *
 * @param readInstant the canonical form of an instant, undefined where it is none
 * @param inTime whether one in that form is not in the future
 */
export function createQuickDetails(
  rules: EventRules,
  readInstant: (text: string) => string | undefined,
  inTime: (utc: string) => boolean,
): (input: Readonly<Record<string, unknown>>) => EventDetails | null | undefined {
  const { codigo, ...others } = TEXT_DETAILS;
  const codes = remember(codigo.clean, codigo.maxLength);
  const texts = Object.fromEntries(
    Object.entries(others).map(([field, { clean, maxLength }]) => [field, remember(clean, maxLength)]),
  ) as Record<keyof typeof others, (input: unknown) => string | undefined>;
  const read = (field: keyof EventDetails, value: unknown): string | undefined => {
    if (typeof value !== 'string') return undefined;
    if (field === 'codigo') return PLAIN_CODE.test(value) ? value : codes(value);
    if (field === 'prazo') return readPromise(value, rules, readInstant);
    if (field === 'prazo_em') {
      const utc = readInstant(value);
      return utc !== undefined && utc >= EARLIEST_EVENT && inTime(utc) ? utc : undefined;
    }
    // Corrections are rare, so the schema looks at them.
    return field === 'correcao' ? undefined : texts[field](value);
  };
  return (input) => {
    // By name, which costs a plain event next to nothing.
    const { codigo, transportadora, servico, local, codigo_evento, descricao, prazo } = input;
    const { prazo_em, correcao } = input;
    if (
      (codigo ?? transportadora ?? servico ?? local ?? codigo_evento ?? descricao) === undefined &&
      (prazo ?? prazo_em ?? correcao) === undefined
    )
      return null;
    // The schema says what is wrong with it.
    if (prazo === undefined && prazo_em !== undefined) return undefined;
    let said: Record<string, string> | null = null;
    for (const field of DETAIL_FIELDS) {
      const value = input[field];
      if (value === undefined) continue;
      const text = read(field, value);
      if (text === undefined) return undefined;
      (said ??= {})[field] = text;
    }
    return said;
  };
}

function readPromise(
  text: string,
  rules: EventRules,
  readInstant: (text: string) => string | undefined,
): string | undefined {
  // A day that does not exist in every month is left to the schema.
  const isDay = DAY.test(text) && Number(text.slice(8)) <= 28;
  const utc = readInstant(isDay ? `${text}T00:00:00Z` : text);
  if (utc === undefined || utc < EARLIEST_EVENT) return undefined;
  if (utc > formatTimestamp(rules.now() + MAX_PROMISE_MS)) return undefined;
  return isDay ? text : utc;
}
