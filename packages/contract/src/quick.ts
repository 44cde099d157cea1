import { createQuickDetails } from './quickDetails';
import type { EventDetails } from './details';
import type { PlainEvent, TrackingEvent } from './event';
import type { EventRules } from './rules';
import { MAX_PLACE_LENGTH, MAX_STATUS_LENGTH } from './limits';
import { remember } from './remember';
import { cleanStatus, cleanText } from './clean';
import { EARLIEST_EVENT, formatTimestamp, parseTimestamp } from './timestamp';

/** The event that an input plainly is, undefined where the schema has to look. */
export type QuickValidator = (input: unknown) => TrackingEvent | undefined;

/**
 * The way by which nearly every event goes: takes an event that is plainly valid, and leaves everything else, all errors
 * included, to the schema (undefined). What it returns is what the schema would; a property test compares them. It takes about
 * a tenth of the schema's time (docs/performance.md).
 */
export function createQuickValidator(rules: EventRules): QuickValidator {
  const place = remember(cleanText, MAX_PLACE_LENGTH);
  const status = remember(cleanStatus, MAX_STATUS_LENGTH);
  // The clock only goes on, so what an earlier limit lets through is let through by the one of now.
  let limit = '';
  const inTime = (utc: string) => {
    if (utc <= limit) return true;
    limit = formatTimestamp(rules.now() + rules.maxFutureSkewMs);
    return utc <= limit;
  };
  const details = createQuickDetails(rules, (text) => readInstant(text, rules.naiveTimezone), inTime);
  return (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
    const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } = input as Record<
      keyof PlainEvent,
      unknown
    >;
    const said = details(input as Readonly<Record<string, unknown>>);
    if (said === undefined) return undefined;
    const state = status(status_rastreamento);
    if (state === undefined) return undefined;
    if (typeof data_atualizacao !== 'string') return undefined;
    const utc = readInstant(data_atualizacao, rules.naiveTimezone);
    if (utc === undefined || utc < EARLIEST_EVENT || !inTime(utc)) return undefined;
    const isCoded = said?.codigo !== undefined;
    const from = place(origem);
    const to = place(destino);
    if (from === undefined && !(isCoded && origem === undefined)) return undefined;
    if (to === undefined && !(isCoded && destino === undefined)) return undefined;
    if (typeof id_pacote !== 'number' || !Number.isSafeInteger(id_pacote) || id_pacote < 1) {
      if (id_pacote !== undefined || !isCoded || said.transportadora === undefined) return undefined;
      const event: Mutable<TrackingEvent> = { status_rastreamento: state, data_atualizacao: utc };
      if (from !== undefined) event.origem = from;
      if (to !== undefined) event.destino = to;
      return addDetails(event, said);
    }
    if (from === undefined || to === undefined) return undefined;
    const event = {
      id_pacote,
      origem: from,
      destino: to,
      status_rastreamento: state,
      data_atualizacao: utc,
    };
    return said === null ? event : addDetails(event, said);
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Field by field: a spread would make an object that is several times slower to make and to read. */
function addDetails(event: Mutable<TrackingEvent>, said: EventDetails): TrackingEvent {
  const { codigo, transportadora, servico, local, codigo_evento, descricao, prazo, prazo_em } = said;
  if (codigo !== undefined) event.codigo = codigo;
  if (transportadora !== undefined) event.transportadora = transportadora;
  if (servico !== undefined) event.servico = servico;
  if (local !== undefined) event.local = local;
  if (codigo_evento !== undefined) event.codigo_evento = codigo_evento;
  if (descricao !== undefined) event.descricao = descricao;
  if (prazo !== undefined) event.prazo = prazo;
  if (prazo_em !== undefined) event.prazo_em = prazo_em;
  return event;
}

/** Every day but February 29, which not every year has. */
const DAY = '(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31';
const PLAIN_SECOND = `20\\d\\d-(?:${DAY})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d`;
const CANONICAL = new RegExp(`^${PLAIN_SECOND}\\.\\d{6}Z$`);
const IN_SECONDS = new RegExp(`^${PLAIN_SECOND}Z$`);

/** The two forms that carriers and our own sources use need no calendar as long as the day exists in every year. */
function readInstant(text: string, naiveTimezone: string | undefined): string | undefined {
  if (CANONICAL.test(text)) return text;
  if (IN_SECONDS.test(text)) return `${text.slice(0, -1)}.000000Z`;
  const parsed = parseTimestamp(text, naiveTimezone);
  return parsed.ok ? parsed.utc : undefined;
}
