import { isHoliday } from './holidays';
import { DAY_MS, HOUR_MS, WEEK_MS } from './units';

/** Brasília time: UTC-3 all year, since Brazil gave daylight saving time up in 2019. */
const UTC_OFFSET_MS = -3 * HOUR_MS;
/** 1970-01-01 was a Thursday; weeks here begin on Monday 00:00, Brasília time. */
const FIRST_MONDAY = 4;
const FIRST_MONDAY_MS = FIRST_MONDAY * DAY_MS - UTC_OFFSET_MS;
const HOURS = 168;

/** Parcels posted by hour of day, relative to each other: agencies open at 8, most is handed in during the afternoon. */
const BY_HOUR = [
  1, 1, 1, 1, 1, 2, 4, 8, 20, 34, 42, 44, 38, 40, 48, 54, 58, 60, 50, 30, 16, 8, 4, 2,
] as const;
const SUNDAY = 0.25;
/** By weekday, Monday first: the weekend's orders come in on Monday. */
const BY_WEEKDAY = [1.25, 1.1, 1.05, 1.05, 1.1, 0.55, SUNDAY] as const;
/** Wages are paid around the end of a month: that much more is posted in its last days and the next one's first. */
const MONTHS_END = 1.25;

/** The day in Brasília of an instant, `YYYY-MM-DD`. */
export function isoDay(ms: number): string {
  return isoLocal(ms).slice(0, 10);
}

/** What clocks in Brasília show, `YYYY-MM-DDTHH:MM:SS.mmm`. */
export function isoLocal(ms: number): string {
  return new Date(ms + UTC_OFFSET_MS).toISOString().slice(0, -1);
}

/** When parcels are posted: turns an even stream into one that breathes with hours, days and holidays, without changing its mean. */
export interface Calendar {
  /** The instant, epoch milliseconds, at which this many weeks' worth of postings have happened since the calendar began. */
  instantOfShare(weeks: number): number;
  /** The inverse of {@link Calendar.instantOfShare}. */
  shareOfInstant(ms: number): number;
}

/**
 * A calendar in which each week has the same number of postings.
 *
 * @param weights postings of the 168 hours of a week relative to each other, Monday 00:00 Brasília time first; none below 0
 * @param dayFactor what a day has more or less than its weekday, by days since 1970-01-01; the week's other days make up for it
 */
export function createCalendar(
  weights: readonly number[],
  dayFactor: (day: number) => number = () => 1,
): Calendar {
  const weeks = new Map<number, Float64Array>();
  /** Share of a week's postings before each of its hours begins; 1 at the end. */
  const cumulative = (week: number): Float64Array => {
    let shares = weeks.get(week);
    if (shares === undefined)
      weeks.set(week, (shares = cumulate(weights, dayFactor, FIRST_MONDAY + 7 * week)));
    return shares;
  };
  return {
    instantOfShare(share) {
      const week = Math.floor(share);
      const shares = cumulative(week);
      const hour = lastNotAbove(shares, share - week);
      const withinHour = (share - week - at(shares, hour)) / (at(shares, hour + 1) - at(shares, hour));
      return FIRST_MONDAY_MS + week * WEEK_MS + (hour + withinHour) * HOUR_MS;
    },
    shareOfInstant(ms) {
      const week = Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS);
      const shares = cumulative(week);
      const hours = (ms - FIRST_MONDAY_MS) / HOUR_MS - week * HOURS;
      const hour = Math.min(HOURS - 1, Math.floor(hours));
      return week + at(shares, hour) + (hours - hour) * (at(shares, hour + 1) - at(shares, hour));
    },
  };
}

/** Agencies' hours in a week of the simulated carrier; on a holiday as few are open as on a Sunday. */
export const AGENCIES: Calendar = createCalendar(
  BY_WEEKDAY.flatMap((day) => BY_HOUR.map((hour) => day * hour)),
  (day) => {
    const weekday = BY_WEEKDAY[weekdayOf(day)] ?? 1;
    return (isHoliday(day) ? SUNDAY / weekday : 1) * (isMonthsEnd(day) ? MONTHS_END : 1);
  },
);

/** The hour of the week, from 0 on Monday 00:00 Brasília time to 167. */
export function hourOfWeek(ms: number): number {
  const hours = Math.floor((ms - FIRST_MONDAY_MS) / HOUR_MS);
  return ((hours % HOURS) + HOURS) % HOURS;
}

/** When work of a kind is done, in hours of Brasília time, Monday to Saturday without holidays; `always` is any time. */
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
  const local = ms + UTC_OFFSET_MS;
  const today = Math.floor(local / DAY_MS);
  const hour = (local - today * DAY_MS) / HOUR_MS;
  const works = workOf(today).couriers;
  if (works && hour >= from && hour < to) return ms;
  let day = works && hour < from ? today : today + 1;
  while (!workOf(day).couriers) day++;
  return day * DAY_MS - UTC_OFFSET_MS + (from + (unit * (to - from)) / 2) * HOUR_MS;
}

/** Hubs sort and lorries leave that much slower on Sundays and holidays, and where a month's end brings more than usual. */
const FEW_HANDS = 1.3;
const HIGH_LOAD = 1.2;

/** How much slower than usual hubs work at an instant; 1 is usual. */
export function hubSlowness(ms: number): number {
  return workOf(Math.floor((ms + UTC_OFFSET_MS) / DAY_MS)).slowness;
}

interface Work {
  readonly couriers: boolean;
  readonly slowness: number;
}

const WORK_BY_DAY = new Map<number, Work>();

function workOf(day: number): Work {
  let work = WORK_BY_DAY.get(day);
  if (work === undefined) {
    const couriers = weekdayOf(day) !== 6 && !isHoliday(day);
    work = { couriers, slowness: (couriers ? 1 : FEW_HANDS) * (isMonthsEnd(day) ? HIGH_LOAD : 1) };
    WORK_BY_DAY.set(day, work);
  }
  return work;
}

/** 0 is Monday. */
function weekdayOf(day: number): number {
  return (((day - FIRST_MONDAY) % 7) + 7) % 7;
}

function isMonthsEnd(day: number): boolean {
  const date = new Date(day * DAY_MS).getUTCDate();
  return date >= 28 || date <= 3;
}

function cumulate(
  weights: readonly number[],
  dayFactor: (day: number) => number,
  monday: number,
): Float64Array {
  const shares = new Float64Array(HOURS + 1);
  for (let hour = 0; hour < HOURS; hour++)
    shares[hour + 1] = at(shares, hour) + (weights[hour] ?? 0) * dayFactor(monday + Math.floor(hour / 24));
  const total = at(shares, HOURS);
  return shares.map((share) => share / total);
}

/** The last of the hours that begins at or before a share and has any postings. */
function lastNotAbove(shares: Float64Array, share: number): number {
  let [low, high] = [0, HOURS - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(shares, middle) <= share) low = middle;
    else high = middle - 1;
  }
  return low;
}

function at(shares: Float64Array, hour: number): number {
  return shares[hour] ?? 1;
}
