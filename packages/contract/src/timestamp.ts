import { DateTime } from 'luxon';
import { cleanText } from './clean';
import { isTimezone, zonedMs, zoneOffsetMs } from './timeZone';
import { readUnixTime } from './unixTime';

/** Earliest accepted event: no tracking feed is older, and a date such as 0001-01-01 is a default, not a fact. */
export const EARLIEST_EVENT = '2000-01-01T00:00:00.000000Z';

type TimestampProblem = 'invalid_timestamp' | 'naive_timestamp';

export type ParsedTimestamp =
  | { readonly ok: true; readonly utc: string }
  /** `why` goes on after the value: "2026-10-13 has no time of day". */
  | { readonly ok: false; readonly problem: TimestampProblem; readonly why: string };

const DATE = String.raw`\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d-\d|\d{4}W\d{3}|\d{4}-\d{3}|\d{7}`;
// A space may replace the T (RFC 3339, section 5.6); between digits of a fixed length neither is needed.
const SEPARATOR = String.raw`[Tt ]|(?<=^\d{8})(?=\d{6})`;
const TIME = String.raw`(?<hour>\d\d):?(?<minute>\d\d)(?::?(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?`;
const OFFSET = String.raw`Z|UTC|GMT|[-+\u2212]\d\d(?::?\d\d)?`;
const FORM = new RegExp(
  String.raw`^(?<date>${DATE})(?:${SEPARATOR})${TIME}(?: ?(?<offset>${OFFSET}))?(?<tags>(?: ?\[[^\[\]]*\])*)$`,
  'i',
);
interface Parts {
  readonly date: string;
  readonly hour: string;
  readonly minute: string;
  readonly second?: string;
  readonly fraction?: string;
  readonly offset?: string;
  readonly tags: string;
}

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const NOT_THERE = 'is a day or a time that does not exist';

/**
 * Reads an instant: ISO 8601 in its basic and extended forms, with days of the month, the week or the year, with the suffixes of RFC
 * 9557; or Unix time. docs/ingestion.md lists what is read and how.
 *
 * @param text the timestamp; it is cleaned as every text is
 * @param naiveTimezone IANA zone in which to read a timestamp without offset; without it such a timestamp is refused
 * @returns the instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`: UTC, always six decimals (PostgreSQL's resolution; finer
 *   digits are cut), so that comparing two results as text compares them in time
 */
export function parseTimestamp(text: string, naiveTimezone?: string): ParsedTimestamp {
  const parts = partsOf(text) ?? partsOf(cleanText(text));
  if (parts === null) {
    const unix = readUnixTime(cleanText(text));
    return unix === null ? invalid(whyNotRead(cleanText(text))) : { ok: true, utc: unix };
  }
  const wallMs = wallClock(parts);
  if (wallMs === null) return invalid(NOT_THERE);
  const found = instantOf(parts, wallMs, naiveTimezone);
  if ('why' in found) return { ok: false, ...found };
  const { fraction = '', second } = parts;
  const isLeap = second === '60';
  // Seconds are inserted at the end of a month, and all of theirs come before the next one's first instant, which stands for them.
  if (isLeap && !isMonthEnd(found.ms + MS_PER_SECOND)) return invalid(NOT_THERE);
  const utc = new Date(isLeap ? found.ms + MS_PER_SECOND : found.ms).toISOString();
  const micros = isLeap ? '000000' : fraction.padEnd(6, '0').slice(0, 6);
  return utc.length === 24 ? { ok: true, utc: `${utc.slice(0, 19)}.${micros}Z` } : invalid(NOT_THERE);
}

/** Formats epoch milliseconds as {@link parseTimestamp} does. */
export function formatTimestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 23)}000Z`;
}

function partsOf(text: string): Parts | null {
  return (FORM.exec(text)?.groups as Parts | undefined) ?? null;
}

/** The time that the clock shows, as if it were UTC; a leap second as the second before it. Null: no clock shows it. */
function wallClock({ date, hour, minute, second = '00', fraction = '' }: Parts): number | null {
  const day = startOfDay(date);
  const [h, m, s] = [hour, minute, second === '60' ? '59' : second].map(Number) as [number, number, number];
  // 24:00 is the end of a day (ISO 8601-1, 4.3.8), and nothing within the hour after it.
  const isEnd = h === 24 && m + s + Number(fraction) === 0 && second !== '60';
  if (Number.isNaN(day) || (h > 23 && !isEnd) || m > 59 || s > 59) return null;
  return day + h * MS_PER_HOUR + m * MS_PER_MINUTE + s * MS_PER_SECOND;
}

function startOfDay(date: string): number {
  const day = /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return DateTime.fromISO(day.toUpperCase(), { zone: 'utc' }).toMillis();
  const ms = Date.parse(`${day}T00:00:00Z`);
  // Date.parse refuses month 13 but rolls 30 February over into March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? NaN : ms;
}

type Found = { readonly ms: number } | { readonly problem: TimestampProblem; readonly why: string };

function instantOf({ offset, tags }: Parts, wallMs: number, naiveTimezone: string | undefined): Found {
  const zone = readTags(tags);
  if (typeof zone === 'object' && zone !== null) return { problem: 'invalid_timestamp', ...zone };
  if (offset === undefined) {
    const where = zone ?? naiveTimezone;
    if (where === undefined) return { problem: 'naive_timestamp', why: NAIVE };
    if (zone !== null && !isTimezone(zone))
      return { problem: 'invalid_timestamp', why: `names the time zone ${zone}, which is unknown` };
    const ms = zonedMs(wallMs, where);
    const why = `is not shown by clocks in ${where}, which were put forward past it`;
    return ms === null ? { problem: 'invalid_timestamp', why } : { ms };
  }
  const ms = wallMs - offsetMs(offset);
  if (Number.isNaN(ms)) return { problem: 'invalid_timestamp', why: 'has an offset that no clock has' };
  // Z says that the instant is UTC and nothing of the clocks where it was (RFC 9557, section 2.2).
  const isChecked = zone !== null && /\d/.test(offset) && isTimezone(zone);
  return isChecked && zoneOffsetMs(zone, ms) !== wallMs - ms
    ? { problem: 'invalid_timestamp', why: `has an offset that clocks in ${zone} did not have then` }
    : { ms };
}

const NAIVE =
  'has no offset, so it could be any of 24 hours (--naive-timezone or the variable NAIVE_TIMEZONE says in which zone such times are read)';
const CALENDARS = ['u-ca=iso8601', 'u-ca=gregory'];

/** The time zone that the suffixes of RFC 9557 name, null where none does; what only adds to the instant is passed over. */
function readTags(tags: string): string | null | { why: string } {
  let zone: string | null = null;
  for (const [, critical, tag = ''] of tags.matchAll(/\[(!?)([^\]]*)\]/g)) {
    if (!tag.includes('=')) zone = tag;
    else if (critical === '!' && !CALENDARS.includes(tag))
      return { why: `asks for ${tag}, which is unknown` };
  }
  return zone;
}

function offsetMs(offset: string): number {
  if (!/\d/.test(offset)) return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || '0');
  if (hours > 23 || minutes > 59) return NaN;
  return (offset.startsWith('+') ? 1 : -1) * (hours * MS_PER_HOUR + minutes * MS_PER_MINUTE);
}

function isMonthEnd(epochMs: number): boolean {
  return /-01T00:00:00\.000Z$/.test(new Date(epochMs).toISOString());
}

/** What is true of a text that is not read, and helps who sent it. */
function whyNotRead(text: string): string {
  if (new RegExp(`^(?:${DATE})$`, 'i').test(text)) return 'has no time of day';
  if (/^\d+(?:\.\d+)?$/.test(text)) return 'is no Unix time from the year 2000 on, in whatever unit';
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b/.test(text))
    return 'begins with a day or a month, nobody knows which';
  const abbreviation = / ?([A-Z]{1,5})$/i.exec(text);
  if (abbreviation !== null && partsOf(text.slice(0, abbreviation.index)) !== null)
    return `names its time zone by the letters ${abbreviation[1]}, which several zones share`;
  return 'is in no form of ISO 8601 that is read';
}

function invalid(why: string): ParsedTimestamp {
  return { ok: false, problem: 'invalid_timestamp', why };
}
