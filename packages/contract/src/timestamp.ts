import { DateTime, IANAZone } from 'luxon';

/** Earliest accepted event: no tracking feed is older, and a date such as 0001-01-01 is a default, not a fact. */
export const EARLIEST_EVENT = '2000-01-01T00:00:00.000000Z';

type TimestampProblem = 'invalid_timestamp' | 'naive_timestamp';

export type ParsedTimestamp =
  { readonly ok: true; readonly utc: string } | { readonly ok: false; readonly problem: TimestampProblem };

// ISO 8601 / RFC 3339: date, time to the minute or finer, offset Z, +hh, +hhmm or +hh:mm. A space may replace the T (RFC 3339 section 5.6).
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads an ISO 8601 instant.
 *
 * @param text the timestamp, already trimmed
 * @param naiveTimezone IANA zone in which to read a timestamp without offset; without it such a timestamp is refused
 * @returns the instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`: UTC, always six decimals (PostgreSQL's resolution; finer
 *   digits are cut), so that comparing two results as text compares them in time
 */
export function parseTimestamp(text: string, naiveTimezone?: string): ParsedTimestamp {
  const match = ISO.exec(text);
  if (match === null) return { ok: false, problem: 'invalid_timestamp' };
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset] =
    match as unknown as string[];
  const micros = fraction.padEnd(6, '0').slice(0, 6);
  const wallClock = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const wallMs = Date.parse(`${wallClock}Z`);
  // Date.parse refuses month 13 but rolls 30 February over into March, and takes 24:00.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== wallClock) {
    return { ok: false, problem: 'invalid_timestamp' };
  }
  const ms = offset === undefined ? zonedMs(wallMs, naiveTimezone) : wallMs - offsetMs(offset);
  if (ms === undefined) return { ok: false, problem: 'naive_timestamp' };
  if (Number.isNaN(ms)) return { ok: false, problem: 'invalid_timestamp' };
  const utc = new Date(ms).toISOString();
  return utc.length === 24
    ? { ok: true, utc: `${utc.slice(0, 19)}.${micros}Z` }
    : { ok: false, problem: 'invalid_timestamp' };
}

/** Formats epoch milliseconds as {@link parseTimestamp} does. */
export function formatTimestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 23)}000Z`;
}

/** Whether the runtime's time zone data has this IANA zone. */
export function isTimezone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

function offsetMs(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return NaN;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function zonedMs(wallMs: number, zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  return DateTime.fromMillis(wallMs, { zone: 'utc' }).setZone(zone, { keepLocalTime: true }).toMillis();
}
