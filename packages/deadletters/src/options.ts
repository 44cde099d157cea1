import {
  isTimezone,
  parseTimestamp,
  REJECTION_REASONS,
  DEFAULT_MAX_FUTURE_SKEW_MS,
  type EventRules,
  type RejectionReason,
} from '@rastreio/contract';
import type { Encoding } from '@rastreio/csv';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { FIELDS, type Field } from './repair';
import type { Selection, StateFilter } from './selection';

export interface FilterOptions {
  readonly reason?: readonly RejectionReason[];
  readonly field?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly topic?: string;
  readonly partition?: number;
}

export interface RuleOptions {
  readonly naiveTimezone?: string;
  readonly maxFutureSkewHours: number;
  readonly encoding?: Encoding;
}

const HOUR_MS = 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: HOUR_MS,
  d: 24 * HOUR_MS,
  w: 7 * 24 * HOUR_MS,
};
const MAX_PARTITION = 2_147_483_647;

export const databaseOption = (): Option =>
  new Option('--database-url <url>', 'the database, as rastreio_writer').env('DATABASE_URL');

export const brokersOption = (): Option =>
  new Option('--brokers <list>', 'Kafka brokers, host:port separated by commas')
    .env('KAFKA_BROKERS')
    .default('localhost:9094');

/** Adds the options that say which dead letters are meant. */
export function addFilters(command: Command): Command {
  return command
    .option(
      '--reason <code>',
      `rejected for this reason; repeatable: ${REASONS.join(', ')}`,
      collect(parseReason),
    )
    .option('--field <name>', 'rejected because of this field; repeatable', collect(parseField))
    .option(
      '--since <time>',
      'rejected since then: an ISO 8601 instant, a date (UTC), or 90m, 2h, 3d ago',
      parseTime,
    )
    .option('--until <time>', 'rejected before then', parseTime)
    .option('--topic <name>', 'from this topic, or csv:NAME#FINGERPRINT of an imported file')
    .option('--partition <n>', 'from this partition', wholeNumber(0, MAX_PARTITION));
}

/** Adds the options that say how to read a message; their defaults are the consumer's settings. */
export function addRules(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--naive-timezone <zone>',
        'IANA zone of timestamps without offset, such as America/Sao_Paulo',
      )
        .env('NAIVE_TIMEZONE')
        .argParser(parseZone),
    )
    .addOption(
      new Option('--max-future-skew-hours <n>', 'how far ahead a timestamp may lie')
        .env('MAX_FUTURE_SKEW_HOURS')
        .default(DEFAULT_MAX_FUTURE_SKEW_MS / HOUR_MS)
        .argParser(hours),
    )
    .addOption(
      new Option('--encoding <name>', 'of bytes that are not UTF-8; latin1 is read as windows-1252').choices([
        'latin1',
      ]),
    );
}

/** The filters as a selection. */
export function toSelection(options: FilterOptions, state: StateFilter): Selection {
  const { reason: reasons, field: fields, since, until, topic, partition } = options;
  return { state, reasons, fields, since, until, topic, partition };
}

/** Whether any filter is given. */
export function isFiltered({ reason, field, since, until, topic, partition }: FilterOptions): boolean {
  return [reason, field, since, until, topic, partition].some((option) => option !== undefined);
}

/** The rules that the options ask for. */
export function toRules({ naiveTimezone, maxFutureSkewHours }: RuleOptions): EventRules {
  return { now: Date.now, maxFutureSkewMs: maxFutureSkewHours * HOUR_MS, naiveTimezone };
}

/** Reads `field=value` and adds it to those before it. */
export function collectSet(
  text: string,
  set: Readonly<Partial<Record<Field, string>>> = {},
): Partial<Record<Field, string>> {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  return { ...set, [parseField(name)]: value };
}

/** A parser for a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`);
    return value;
  };
}

/**
 * An instant as ISO 8601 in UTC: given as such, as a date, or as the time that has passed since (`90m`, `2h`, `3d`, `1w`).
 *
 * @throws InvalidArgumentError
 */
export function parseTime(text: string): string {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  if (amount !== undefined) {
    const ms = Date.now() - Number(amount) * (UNIT_MS[unit] ?? NaN);
    if (Math.abs(ms) < 8.64e15) return new Date(ms).toISOString();
  }
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
  const parsed = parseTimestamp(date ? `${text.trim()}T00:00:00Z` : text.trim());
  if (parsed.ok) return parsed.utc;
  throw new InvalidArgumentError(
    'Use an instant such as 2026-11-23T08:15:00-03:00, a date, or 90m, 2h, 3d for the time since then.',
  );
}

const REASONS = Object.keys(REJECTION_REASONS) as RejectionReason[];

function parseReason(text: string): RejectionReason {
  const reason = REASONS.find((r) => r === text);
  if (reason === undefined) throw new InvalidArgumentError(`Use one of ${REASONS.join(', ')}.`);
  return reason;
}

function parseField(text: string): Field {
  const field = FIELDS.find((f) => f === text.trim());
  if (field === undefined)
    throw new InvalidArgumentError(`Use FIELD or FIELD=VALUE with one of ${FIELDS.join(', ')}.`);
  return field;
}

function parseZone(zone: string): string {
  if (!isTimezone(zone)) throw new InvalidArgumentError('Use an IANA time zone such as America/Sao_Paulo.');
  return zone;
}

function hours(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Use a number of hours from 0.');
  return value;
}

function collect<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)];
}
