import { eventRules, eventSettings, type EventRules } from '@rastreio/contract';
import { numberIn } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { collect, oneOf, parseZone } from './parse';

/** Where a command finds what it works on; see where.ts. */
export interface PlaceOptions {
  readonly databaseUrl?: string;
  readonly brokers?: string;
  readonly url?: string;
  readonly stack?: string;
}

export interface RuleOptions {
  readonly naiveTimezone?: string;
  readonly maxFutureSkewHours: number;
}

/** Adds `--database-url` to a command that works on the database as this role. */
export function addDatabase(command: Command, role: string): Command {
  return addStack(
    command.addOption(new Option('--database-url <url>', `the database, as ${role}`).env('DATABASE_URL')),
  );
}

/** Adds `--brokers`. */
export function addBrokers(command: Command): Command {
  return addStack(
    command.addOption(
      new Option('--brokers <list>', 'Kafka brokers, host:port separated by commas').env('KAFKA_BROKERS'),
    ),
  );
}

/** Adds `--url` of Grafana. */
export function addGrafana(command: Command): Command {
  return addStack(
    command.addOption(
      new Option('--url <url>', 'address of Grafana; user and password may stand in it').env('GRAFANA_URL'),
    ),
  );
}

/** Adds `--stack`, once. */
export function addStack(command: Command): Command {
  if (command.options.some(({ long }) => long === '--stack')) return command;
  return command.addOption(
    new Option('--stack <folder>', 'of the running stack that is used where no address is given')
      .env('RASTREIO_STACK_DIR')
      .default(undefined, '.stack of this checkout'),
  );
}

/** A repeatable option for some of a few. */
export function severalOf<T extends string>(
  flags: string,
  description: string,
  choices: readonly T[],
): Option {
  return new Option(flags, `${description}; repeatable`).choices(choices).argParser(collect(oneOf(choices)));
}

/** `--json`, which every command with a result has. */
export function jsonOption(): Option {
  return new Option('--json', 'only the result, one JSON object on stdout; on stderr nothing but errors');
}

/** `--naive-timezone`; the services read the same variable. */
export function zoneOption(): Option {
  return new Option(
    '--naive-timezone <zone>',
    'IANA zone of timestamps without offset, such as America/Sao_Paulo; else they are rejected',
  )
    .env('NAIVE_TIMEZONE')
    .argParser(parseZone);
}

/** `--max-future-skew-hours`. */
export function skewOption(): Option {
  return new Option('--max-future-skew-hours <n>', 'how far ahead a timestamp may lie')
    .env('MAX_FUTURE_SKEW_HOURS')
    .default(eventSettings.MAX_FUTURE_SKEW_HOURS.parse(undefined))
    .argParser(numberIn(0));
}

/** The rules of events that the options ask for. */
export function toRules({ naiveTimezone, maxFutureSkewHours }: RuleOptions): EventRules {
  return eventRules({ MAX_FUTURE_SKEW_HOURS: maxFutureSkewHours, NAIVE_TIMEZONE: naiveTimezone });
}

/** What the exit codes mean, for the end of a command's help; the meaning of 2 is always the same. */
export function exitCodes(done: string, wrong: string, config?: string): string {
  return `\nExit codes: 0 ${done}, 1 ${wrong}, 2 usage${config === undefined ? '' : `, 78 ${config}`}.`;
}
