/** From 0000-03-01 to 1970-01-01. */
const UNIX_EPOCH_DAYS = 719_468;
const ZERO = 48;

/**
 * Seconds since 1970 and microseconds within the second.
 *
 * @param utc an instant as the contract writes it: `YYYY-MM-DDTHH:MM:SS.ffffffZ`
 */
export function epochSeconds(utc: string): number {
  const days = daysSince1970(digits(utc, 0, 4), digits(utc, 5, 2), digits(utc, 8, 2));
  return days * 86_400 + (digits(utc, 11, 2) * 60 + digits(utc, 14, 2)) * 60 + digits(utc, 17, 2);
}

/** The six decimals of an instant as {@link epochSeconds} takes it. */
export function secondMicros(utc: string): number {
  return digits(utc, 20, 6);
}

/** Microseconds since 1970; exact until the year 2255, far beyond what the contract accepts. */
export function epochMicros(utc: string): number {
  return epochSeconds(utc) * 1_000_000 + secondMicros(utc);
}

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) value = value * 10 + text.charCodeAt(i) - ZERO;
  return value;
}

/** Days of the Gregorian calendar, in years that begin in March. Algorithm: https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - UNIX_EPOCH_DAYS
  );
}
