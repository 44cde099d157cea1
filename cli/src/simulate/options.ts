import { Option, type Command } from 'commander';
import {
  DIALECTS,
  FAULTS,
  INCIDENTS,
  NO_FAULTS,
  type DialectName,
  type FaultRates,
  type IncidentSpec,
} from '@rastreio/simulator';
import { numberIn, wholeNumber, parseDuration } from '@rastreio/runtime';
import { addBrokers, exitCodes, zoneOption, type PlaceOptions } from '../common/options';
import { parseInstant } from '../common/parse';
import { addFolder, type FolderOptions } from '../source/folder';
import { parseFaults, parseIncident } from './parse';
import type { Profile } from './profile';
import type { FileFormat } from './targets/file';

/** Options of `simulate` as commander gives them. Durations and instants are milliseconds. */
export interface SimulateOptions extends Omit<PlaceOptions, 'url'>, FolderOptions {
  readonly as?: DialectName;
  readonly scenario: 'world' | 'original';
  readonly profile?: string;
  readonly fit?: string;
  readonly naiveTimezone?: string;
  readonly seed: number;
  readonly rate?: number;
  readonly speed?: number;
  readonly count?: number;
  readonly parcels?: number;
  readonly duration?: number;
  readonly backfill?: number;
  readonly start?: number;
  readonly faults: FaultRates;
  readonly coded?: number;
  readonly incident: readonly IncidentSpec[];
  readonly url?: string;
  readonly out?: string;
  readonly format?: FileFormat;
  readonly serve?: number;
  readonly apiErrors: number;
  readonly dryRun?: boolean;
  readonly groundTruth?: string;
  readonly promises?: string;
  readonly skip?: number;
  readonly state?: string;
  readonly logJson?: boolean;
  readonly json?: boolean;
}

const MAX_SEED = 2 ** 31 - 1;

/** Adds the options of `simulate`. */
export function addOptions(command: Command): Command {
  addWorldOptions(command);
  addTargetOptions(command);
  return command.addHelpText('after', help());
}

function addWorldOptions(command: Command): void {
  const scenario =
    'world: parcels living their lives; original: its three events, as the first version sent them';
  command
    .addOption(new Option('--scenario <name>', scenario).choices(['world', 'original']).default('world'))
    .option('--profile <file>', 'settings in YAML, named as the options; options win over it')
    .option(
      '--fit <file>',
      'parcels that live like those of this event file (CSV, or .ndjson): lanes, statuses, times, hours',
    )
    .addOption(zoneOption())
    .option('--seed <n>', '0 draws one and reports it', wholeNumber(0, MAX_SEED), 0)
    .option(
      '--rate <n>',
      'messages per second; live: the weekly mean of events (default 10); else 0 is as fast as possible (default)',
      numberIn(0, 1e6),
    )
    .option('--speed <n>', 'run the past this many times as fast as it was', numberIn(1, 1e9))
    .option('--count <n>', 'stop after this many events of a past world', wholeNumber(1, 1e9))
    .option('--parcels <n>', 'stop after the events of this many parcels', wholeNumber(1, 1e9))
    .option('--duration <time>', 'stop after this time (90s, 15m, 12h), whatever is left', parseDuration)
    .option('--backfill <time>', 'length of the past: 30d, or 0s for a live run', parseDuration)
    .option('--start <instant>', 'when the world begins, ISO 8601', parseInstant)
    .addOption(
      new Option('--faults <list>', 'shares of faults, such as dup=.01,late=.02 (see below)')
        .argParser(parseFaults)
        .default(NO_FAULTS, 'none'),
    )
    .option(
      '--coded <share>',
      'this share of the parcels by carrier and tracking number, with scans’ places and promises, some by both names; not in CSV',
      numberIn(0, 1),
    )
    .addOption(
      new Option('--incident <spec>', 'what goes wrong for a while, repeatable (see below)')
        .argParser(oneMore)
        .default([], 'none'),
    );
}

function addTargetOptions(command: Command): void {
  addBrokers(command)
    .option(
      '--url <url>',
      'post to an HTTP source, such as http://localhost:8080/eventos (key: RASTREIO_API_KEY)',
    )
    .addOption(
      new Option(
        '--as <source>',
        'in the words of this source, with tracking numbers: webhooks to /fontes/{perfil} of --url, or payloads to --out',
      ).choices(Object.keys(DIALECTS)),
    )
    .option('--out <file>', 'write to a file instead, - for stdout')
    .addOption(
      new Option('--format <name>', 'of --out; by the file’s name otherwise').choices(['ndjson', 'csv']),
    )
    .option(
      '--serve <port>',
      'be a carrier’s API for sources that poll: GET /eventos',
      wholeNumber(0, 65_535),
    )
    .option('--api-errors <share>', 'with --serve: answer this share with 503', numberIn(0, 1), 0)
    .option('--dry-run', 'make the messages and send them nowhere')
    .option('--ground-truth <file>', 'write what the database must say in the end; see rastreio verify')
    .option(
      '--promises <file>',
      'first write what the world’s carrier promises by lane; see rastreio db promises',
    )
    .option(
      '--skip <n>',
      'go on after a run of the same seed and options that was cut off: its first n messages are not sent again',
      wholeNumber(0, 1e9),
    )
    .option('--state <file>', 'live runs: remember how far the world has come and go on from there')
    .option('--log-json', 'progress as JSON lines');
  addFolder(command);
}

function help(): string {
  const list = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts)
      .map(([name, text]) => `  ${name.padEnd(16)} ${text}`)
      .join('\n');
  return `
Same seed and options, same bytes: give --seed and --start for that.

Faults:
${list(FAULTS)}

Incidents, as KIND or KIND:hub=Recife,at=5d,for=2d,share=.5 (at counts from the world's start; 1d by default):
${list(INCIDENTS)}
${exitCodes('done', 'failed or not all was sent', 'a wrong profile or state file')}`;
}

function oneMore(text: string, specs: readonly IncidentSpec[]): IncidentSpec[] {
  return [...specs, parseIncident(text)];
}

/** The options with the profile's settings where the command line gives none. */
export function withProfile(options: SimulateOptions, profile: Profile, command: Command): SimulateOptions {
  const { incidents, ...settings } = profile;
  const all = { ...settings, ...(incidents === undefined ? {} : { incident: incidents }) };
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  const fromProfile = Object.entries(all).filter(([name]) => !given(name));
  return { ...options, ...Object.fromEntries(fromProfile) };
}
