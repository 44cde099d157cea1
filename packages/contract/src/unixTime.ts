// From 2000 on and before 2100 no number is a time in two of these units: each is a thousand times the one before.
const DIGITS_AFTER_SECONDS = [0, 3, 6, 9] as const;
const FROM_SECONDS = BigInt(Date.UTC(2000, 0, 1) / 1000);
const UNTIL_SECONDS = BigInt(Date.UTC(2100, 0, 1) / 1000);
const UNIX = /^(\d{9,19})(?:\.(\d+))?$/;

/**
 * Reads Unix time in seconds, milliseconds, microseconds or nanoseconds, with decimals or without.
 *
 * @returns the instant with six decimals as parseTimestamp gives it, finer ones cut; null: it is none of the years 2000 to 2099
 */
export function readUnixTime(text: string): string | null {
  const [, whole, decimals = ''] = UNIX.exec(text) ?? [];
  if (whole === undefined) return null;
  for (const after of DIGITS_AFTER_SECONDS) {
    const seconds = BigInt(whole.slice(0, whole.length - after) || '0');
    if (seconds < FROM_SECONDS || seconds >= UNTIL_SECONDS) continue;
    const fraction = (whole.slice(whole.length - after) + decimals).padEnd(6, '0').slice(0, 6);
    return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
  }
  return null;
}
