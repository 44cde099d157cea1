import { EXIT, numberAbove, OperatorError, wholeNumber } from '@rastreio/runtime';
import type { ProviderName } from '@rastreio/stack';
import { Command, InvalidArgumentError, Option } from 'commander';
import { FAULT_KINDS, NEED_ALL_BROKERS, type FaultKind } from './schedule';

export interface ChaosOptions {
  readonly events: number;
  readonly seed: number;
  readonly minutes?: number;
  readonly faults: number;
  readonly consumers: number;
  readonly brokers: number;
  readonly database: ProviderName;
  readonly outage: number;
  readonly only?: readonly FaultKind[];
}

/** The command line of a chaos run. */
export function chaosCommand(): Command {
  return new Command('npm run chaos --')
    .description(
      'Real broker, database, producer and consumers under load, killed, frozen and cut off by a seeded schedule; some parcels ' +
        'named by tracking number, some by both names, some events taken back. Then the tables are compared with what was sent, and again after a replay of the whole topic.',
    )
    .option('--events <n>', 'events to send', wholeNumber(10_000), 200_000)
    .option('--seed <n>', 'of the events and the faults; 0 draws one', wholeNumber(0, 2 ** 31 - 1), 0)
    .option('--minutes <n>', 'how long sending takes; else as long as the faults need', numberAbove(0))
    .option(
      '--faults <n>',
      `how many; every kind comes from ${FAULT_KINDS.length} on`,
      wholeNumber(0, 10_000),
      20,
    )
    .option('--consumers <n>', 'consumer processes, at most one a partition', wholeNumber(2, 6), 3)
    .option(
      '--brokers <n>',
      '3: a cluster; each kafka_killed then kills the leader of a partition',
      oneOrThree,
      1,
    )
    .addOption(
      new Option('--database <provider>', 'as for npm start')
        .choices(['auto', 'installed', 'timescaledb', 'embedded'])
        .default('auto'),
    )
    .option(
      '--outage <seconds>',
      'one more fault: the database is away for this long',
      wholeNumber(0, 86_400),
      0,
    )
    .option('--only <kinds>', `only these of ${FAULT_KINDS.join(', ')}`, kinds)
    .addHelpText(
      'after',
      '\nA line per fault on stderr; the last line of stdout is one JSON object. Linux only (/proc).' +
        '\nAfter a failure the folder with logs, ground truth and data is kept and named.' +
        '\nExit codes: 0 nothing lost, duplicated or wrong; 1 something is, or the run failed; 2 usage.',
    )
    .exitOverride();
}

function oneOrThree(text: string): number {
  if (text !== '1' && text !== '3') throw new InvalidArgumentError('Use 1 or 3.');
  return Number(text);
}

function kinds(text: string): FaultKind[] {
  return text.split(',').map((name) => {
    const kind = FAULT_KINDS.find((known) => known === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`"${name}" is no kind of fault.`);
    return kind;
  });
}

/** Which kinds of fault come: those asked for, of those that this many brokers can have. @throws OperatorError (2) where none is left */
export function kindsOf({
  brokers,
  only = FAULT_KINDS,
}: Pick<ChaosOptions, 'brokers' | 'only'>): FaultKind[] {
  const possible = only.filter((kind) => brokers === 1 || !NEED_ALL_BROKERS.has(kind));
  if (possible.length === 0)
    throw new OperatorError(`--only names no fault that comes with --brokers ${brokers}`, EXIT.usage);
  return possible;
}
