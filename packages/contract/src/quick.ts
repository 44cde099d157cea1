import type { EventRules, TrackingEvent } from './event';
import { MAX_PLACE_LENGTH, MAX_STATUS_LENGTH } from './limits';
import { cleanStatus, cleanText } from './clean';
import { codePoints, isStorable } from './text';
import { EARLIEST_EVENT, formatTimestamp, parseTimestamp } from './timestamp';

/** Texts remembered with their cleaned form. Places and statuses are few; a feed of made-up ones only loses the speed. */
const MAX_REMEMBERED = 10_000;
/** A longer text is not worth the memory. */
const MAX_REMEMBERED_LENGTH = 300;

/**
 * The way by which nearly every event goes: takes an event that is plainly valid, and leaves everything else, all errors
 * included, to the schema (undefined). What it returns is what the schema would; a property test compares them. It takes about
 * a tenth of the schema's time (docs/performance.md).
 */
export function createQuickValidator(rules: EventRules): (input: unknown) => TrackingEvent | undefined {
  const place = remember(cleanText, MAX_PLACE_LENGTH);
  const status = remember(cleanStatus, MAX_STATUS_LENGTH);
  // The clock only goes on, so what an earlier limit lets through is let through by the one of now.
  let limit = '';
  const inTime = (utc: string) => {
    if (utc <= limit) return true;
    limit = formatTimestamp(rules.now() + rules.maxFutureSkewMs);
    return utc <= limit;
  };
  return (input) => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
    const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } = input as Record<
      keyof TrackingEvent,
      unknown
    >;
    if (typeof id_pacote !== 'number' || !Number.isSafeInteger(id_pacote) || id_pacote < 1) return undefined;
    const from = place(origem);
    const to = place(destino);
    const state = status(status_rastreamento);
    if (from === undefined || to === undefined || state === undefined) return undefined;
    if (typeof data_atualizacao !== 'string') return undefined;
    const utc = readInstant(data_atualizacao, rules.naiveTimezone);
    if (utc === undefined || utc < EARLIEST_EVENT || !inTime(utc)) return undefined;
    return {
      id_pacote,
      origem: from,
      destino: to,
      status_rastreamento: state,
      data_atualizacao: utc,
    };
  };
}

/** The cleaned form of a valid text, undefined of anything else. */
function remember(
  clean: (text: string) => string,
  maxLength: number,
): (input: unknown) => string | undefined {
  const known = new Map<string, string>();
  return (input) => {
    if (typeof input !== 'string') return undefined;
    const hit = known.get(input);
    if (hit !== undefined) return hit;
    if (input.length > MAX_REMEMBERED_LENGTH || !isStorable(input)) return undefined;
    const cleaned = clean(input);
    if (cleaned === '' || codePoints(cleaned) > maxLength) return undefined;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(input, cleaned);
    return cleaned;
  };
}

const PLAIN_SECOND = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/;
const SECOND_LENGTH = '2026-01-02T03:04:05'.length;
const CANONICAL = /^\.\d{6}Z$/;

/** The two forms that carriers and our own sources use need no calendar as long as the day exists in every month. */
function readInstant(text: string, naiveTimezone: string | undefined): string | undefined {
  if (PLAIN_SECOND.test(text)) {
    if (text.length === SECOND_LENGTH + 1 && text.endsWith('Z'))
      return `${text.slice(0, SECOND_LENGTH)}.000000Z`;
    if (CANONICAL.test(text.slice(SECOND_LENGTH))) return text;
  }
  const parsed = parseTimestamp(text, naiveTimezone);
  return parsed.ok ? parsed.utc : undefined;
}
