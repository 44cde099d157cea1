import { DAY_MS } from './units';

/** National holidays on the same date each year, month and day; 20 November since 2024 (Lei 14.759/2023). */
const FIXED: readonly (readonly [month: number, day: number])[] = [
  [1, 1],
  [4, 21],
  [5, 1],
  [9, 7],
  [10, 12],
  [11, 2],
  [11, 15],
  [11, 20],
  [12, 25],
];
/** Days from Easter: Monday and Tuesday of Carnival, Good Friday, Corpus Christi. */
const FROM_EASTER = [-48, -47, -2, 60] as const;

const BY_YEAR = new Map<number, ReadonlySet<number>>();

/**
 * Whether nobody delivers on a day because of a national holiday of Brazil, Carnival and Corpus Christi included.
 *
 * @param day days since 1970-01-01
 */
export function isHoliday(day: number): boolean {
  const year = new Date(day * DAY_MS).getUTCFullYear();
  let days = BY_YEAR.get(year);
  if (days === undefined) BY_YEAR.set(year, (days = holidaysOf(year)));
  return days.has(day);
}

function holidaysOf(year: number): ReadonlySet<number> {
  const easter = easterSunday(year);
  return new Set([
    ...FIXED.map(([month, day]) => Date.UTC(year, month - 1, day) / DAY_MS),
    ...FROM_EASTER.map((days) => easter + days),
  ]);
}

/** Easter of a Gregorian year, days since 1970-01-01 (Meeus, Jones and Butcher: https://en.wikipedia.org/wiki/Date_of_Easter). */
function easterSunday(year: number): number {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const leaps = Math.floor(century / 4);
  const moon = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const h = (19 * a + century - leaps - moon + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - h - (yearOfCentury % 4)) % 7;
  const late = Math.floor((a + 11 * h + 22 * weekday) / 451);
  const inMarch = h + weekday - 7 * late + 114;
  return Date.UTC(year, Math.floor(inMarch / 31) - 1, (inMarch % 31) + 1) / DAY_MS;
}
