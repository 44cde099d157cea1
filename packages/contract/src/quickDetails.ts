import { DAY, MAX_PROMISE_MS, TEXT_DETAILS, type EventDetails } from './details';
import type { EventRules } from './rules';
import { remember } from './remember';
import { EARLIEST_EVENT, formatTimestamp } from './timestamp';

type Said = { -readonly [Field in keyof EventDetails]?: EventDetails[Field] | undefined };

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
  const code = (value: unknown) =>
    typeof value === 'string' && PLAIN_CODE.test(value) ? value : codes(value);
  const promise = (value: unknown) =>
    typeof value === 'string' ? readPromise(value, rules, readInstant) : undefined;
  const saidAt = (value: unknown) => {
    const utc = typeof value === 'string' ? readInstant(value) : undefined;
    return utc !== undefined && utc >= EARLIEST_EVENT && inTime(utc) ? utc : undefined;
  };
  // Field by field, by name: that is several times as fast as a loop over names, and costs a plain event next to nothing.
  return (input) => {
    const { codigo, transportadora, servico, local, codigo_evento, descricao, prazo } = input;
    const { prazo_em, correcao } = input;
    if (
      (codigo ?? transportadora ?? servico ?? local ?? codigo_evento ?? descricao) === undefined &&
      (prazo ?? prazo_em ?? correcao) === undefined
    )
      return null;
    // Corrections are rare, so the schema looks at them.
    if (correcao !== undefined) return undefined;
    // The schema says what is wrong with it.
    if (prazo === undefined && prazo_em !== undefined) return undefined;
    const said: Said = {};
    if (codigo !== undefined && (said.codigo = code(codigo)) === undefined) return undefined;
    if (
      transportadora !== undefined &&
      (said.transportadora = texts.transportadora(transportadora)) === undefined
    )
      return undefined;
    if (servico !== undefined && (said.servico = texts.servico(servico)) === undefined) return undefined;
    if (local !== undefined && (said.local = texts.local(local)) === undefined) return undefined;
    if (
      codigo_evento !== undefined &&
      (said.codigo_evento = texts.codigo_evento(codigo_evento)) === undefined
    )
      return undefined;
    if (descricao !== undefined && (said.descricao = texts.descricao(descricao)) === undefined)
      return undefined;
    if (prazo !== undefined && (said.prazo = promise(prazo)) === undefined) return undefined;
    if (prazo_em !== undefined && (said.prazo_em = saidAt(prazo_em)) === undefined) return undefined;
    // What is there is not undefined: else it had returned.
    return said as EventDetails;
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
