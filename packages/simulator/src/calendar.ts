import { HOUR_MS, WEEK_MS } from './units';

/** Brasília time: UTC-3 all year, since Brazil gave daylight saving time up in 2019. */
const UTC_OFFSET_MS = -3 * HOUR_MS;
/** 1970-01-01 was a Thursday; weeks here begin on Monday 00:00, Brasília time. */
const FIRST_MONDAY_MS = 4 * 24 * HOUR_MS - UTC_OFFSET_MS;

/** Parcels posted by hour of day, relative to each other: agencies open at 8, most is handed in during the afternoon. */
const BY_HOUR = [
  1, 1, 1, 1, 1, 2, 4, 8, 20, 34, 42, 44, 38, 40, 48, 54, 58, 60, 50, 30, 16, 8, 4, 2,
] as const;
/** By weekday, Monday first: the weekend's orders come in on Monday. */
const BY_WEEKDAY = [1.25, 1.1, 1.05, 1.05, 1.1, 0.55, 0.25] as const;

/** Share of a week's postings before each of its 168 hours begins; 1 at the end. */
const CUMULATIVE = cumulativeShares();

/**
 * The instant at which this many weeks' worth of postings have happened since the calendar began. It turns an even stream
 * into one that breathes with the hours of the day and the days of the week, without changing its mean.
 */
export function instantOfShare(weeks: number): number {
  const week = Math.floor(weeks);
  const share = weeks - week;
  let [low, high] = [0, 167];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(middle) <= share) low = middle;
    else high = middle - 1;
  }
  const withinHour = (share - at(low)) / (at(low + 1) - at(low));
  return FIRST_MONDAY_MS + week * WEEK_MS + (low + withinHour) * HOUR_MS;
}

/** The inverse of {@link instantOfShare}. */
export function shareOfInstant(ms: number): number {
  const weeks = (ms - FIRST_MONDAY_MS) / WEEK_MS;
  const week = Math.floor(weeks);
  const hours = (weeks - week) * 168;
  const hour = Math.min(167, Math.floor(hours));
  return week + at(hour) + (hours - hour) * (at(hour + 1) - at(hour));
}

/** When work of a kind is done, in hours of Brasília time, Monday to Saturday; `always` includes Sundays. */
export type Shift = 'always' | 'morning' | 'day';

const SHIFTS = { morning: { from: 6, to: 11 }, day: { from: 8, to: 20 } } as const;

/**
 * The instant itself if the shift is on, else one in the first half of the next shift.
 *
 * @param unit where in that half, from 0 to 1
 */
export function nextInShift(ms: number, shift: Shift, unit: number): number {
  if (shift === 'always') return ms;
  const { from, to } = SHIFTS[shift];
  const hours = ((((ms - FIRST_MONDAY_MS) / HOUR_MS) % 168) + 168) % 168;
  const day = Math.floor(hours / 24);
  const hour = hours - day * 24;
  const works = day < 6;
  if (works && hour >= from && hour < to) return ms;
  const nextDay = works && hour < from ? day : day >= 5 ? 7 : day + 1;
  return ms + (nextDay * 24 + from - hours + (unit * (to - from)) / 2) * HOUR_MS;
}

function at(hour: number): number {
  return CUMULATIVE[hour] ?? 1;
}

function cumulativeShares(): readonly number[] {
  const weights = BY_WEEKDAY.flatMap((day) => BY_HOUR.map((hour) => day * hour));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return [0, ...weights.map((weight) => (sum += weight / total))];
}
