import { isTimezone, parseTimestamp } from '@rastreio/contract';
import { durationMs } from '@rastreio/runtime';
import { InvalidArgumentError } from 'commander';

/** Reads an ISO 8601 instant with offset as epoch milliseconds. @throws InvalidArgumentError */
export function parseInstant(text: string): number {
  const ms = /(Z|[+-]\d\d:?\d\d)$/i.test(text.trim()) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError(`"${text}" is no instant; use 2026-11-01T00:00:00Z.`);
  return ms;
}

/**
 * An instant as ISO 8601 in UTC: given as such, as a date, or as the time that has passed since (`90m`, `2h`, `3d`, `1w`).
 *
 * @throws InvalidArgumentError
 */
export function parseTime(text: string): string {
  const ago = durationMs(text);
  if (ago !== undefined) {
    const ms = Date.now() - ago;
    if (Math.abs(ms) < 8.64e15) return new Date(ms).toISOString();
  }
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
  const parsed = parseTimestamp(date ? `${text.trim()}T00:00:00Z` : text.trim());
  if (parsed.ok) return parsed.utc;
  throw new InvalidArgumentError(
    'Use an instant such as 2026-11-23T08:15:00-03:00, a date, or 90m, 2h, 3d for the time since then.',
  );
}

/** An IANA time zone. @throws InvalidArgumentError */
export function parseZone(zone: string): string {
  if (!isTimezone(zone)) throw new InvalidArgumentError('Use an IANA time zone such as America/Sao_Paulo.');
  return zone;
}

/** A parser of a repeatable option: each value is read and added to those before it. */
export function collect<T>(
  parse: (text: string) => T,
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)];
}

/** A parser of a text that is one of a few. */
export function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text.trim());
    if (found === undefined) throw new InvalidArgumentError(`Use one of ${choices.join(', ')}.`);
    return found;
  };
}
