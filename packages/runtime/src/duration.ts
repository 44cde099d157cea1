import { InvalidArgumentError } from 'commander';

const SECOND_MS = 1000;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3600 * SECOND_MS,
  d: 24 * 3600 * SECOND_MS,
  w: 7 * 24 * 3600 * SECOND_MS,
};

/** Reads `90s`, `15m`, `12h`, `30d`, `2w` as milliseconds, for a commander option. @throws InvalidArgumentError that says what would be right */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined)
    throw new InvalidArgumentError(`"${text}" is no duration; use 90s, 15m, 12h, 30d or 2w.`);
  return ms;
}

/** The same, and undefined for what is no duration. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNIT_MS[unit] ?? NaN);
}
