import { cleanCode, REJECTION_REASONS, type RejectionReason } from '@rastreio/contract';
import type { Encoding } from '@rastreio/csv';
import { wholeNumber } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { severalOf, skewOption, zoneOption, type RuleOptions } from '../common/options';
import { parseTime } from '../common/parse';
import { FIELDS, type Field } from './repair';
import type { Selection, StateFilter } from './selection';

export interface FilterOptions {
  readonly reason?: readonly RejectionReason[];
  readonly field?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly topic?: string;
  readonly partition?: number;
  readonly parcel?: string;
}

/** How to read a message. */
export interface ReadingOptions extends RuleOptions {
  readonly encoding?: Encoding;
}

const MAX_PARTITION = 2_147_483_647;

const REASONS = Object.keys(REJECTION_REASONS) as RejectionReason[];

/** Adds the options that say which dead letters are meant. */
export function addFilters(command: Command): Command {
  return command
    .addOption(severalOf('--reason <code>', 'rejected for this reason', REASONS))
    .addOption(severalOf('--field <name>', 'rejected because of this field', FIELDS))
    .option(
      '--since <time>',
      'rejected since then: an ISO 8601 instant, a date (UTC), or 90m, 2h, 3d ago',
      parseTime,
    )
    .option('--until <time>', 'rejected before then', parseTime)
    .option('--topic <name>', 'from this topic, or csv:NAME#FINGERPRINT of an imported file')
    .option('--partition <n>', 'from this partition', wholeNumber(0, MAX_PARTITION))
    .option(
      '--parcel <name>',
      'that name this parcel in key or text: its number, tracking number, or CARRIER/CODE',
      parseParcel,
    );
}

/** Adds the options that say how to read a message; their defaults are the consumer's settings. */
export function addRules(command: Command): Command {
  return command
    .addOption(zoneOption())
    .addOption(skewOption())
    .addOption(
      new Option('--encoding <name>', 'of bytes that are not UTF-8; latin1 is read as windows-1252').choices([
        'latin1',
      ]),
    );
}

/** The filters as a selection. */
export function toSelection(options: FilterOptions, state: StateFilter): Selection {
  const { reason: reasons, field: fields, since, until, topic, partition, parcel } = options;
  return { state, reasons, fields, since, until, topic, partition, parcel };
}

/** Whether any filter is given. */
export function isFiltered({
  reason,
  field,
  since,
  until,
  topic,
  partition,
  parcel,
}: FilterOptions): boolean {
  return [reason, field, since, until, topic, partition, parcel].some((option) => option !== undefined);
}

function parseParcel(text: string): string {
  const name = cleanCode(text);
  if (name === '' || name.endsWith('/'))
    throw new InvalidArgumentError('Use a parcel’s number, its tracking number, or CARRIER/CODE.');
  return name;
}

/** Reads `field=value` and adds it to those before it. */
export function collectSet(
  text: string,
  set: Readonly<Partial<Record<Field, string>>> = {},
): Partial<Record<Field, string>> {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  return { ...set, [parseField(name)]: value };
}

function parseField(text: string): Field {
  const field = FIELDS.find((f) => f === text.trim());
  if (field === undefined)
    throw new InvalidArgumentError(`Use FIELD=VALUE with one of ${FIELDS.join(', ')}.`);
  return field;
}
