import { EXIT, OperatorError } from '@rastreio/runtime';
import { DIALECTS, type Dialect, type Fault } from '@rastreio/simulator';
import type { SimulateOptions } from './options';

/** @throws OperatorError (2) for options that contradict each other */
export function checkOptions(options: SimulateOptions): void {
  const { url, out, serve, dryRun, format, json } = options;
  const chosen = [url, out, serve, dryRun].filter((option) => option !== undefined);
  if (chosen.length > 1)
    throw new OperatorError(
      '--url, --out, --serve and --dry-run exclude each other; give one of them',
      EXIT.usage,
    );
  if (json === true && (out === '-' || options.logJson === true))
    throw new OperatorError('--json leaves no room for --out - or --log-json; leave one out', EXIT.usage);
  if (format !== undefined && out === undefined)
    throw new OperatorError('--format goes with --out FILE; add it', EXIT.usage);
  if (options.groundTruth !== undefined && (serve !== undefined || options.state !== undefined))
    throw new OperatorError(
      '--ground-truth needs a run that begins and ends; leave out --serve and --state',
      EXIT.usage,
    );
  if (options.fit !== undefined && (options.scenario === 'original' || options.state !== undefined))
    throw new OperatorError(
      '--fit goes neither with --scenario original nor with --state; leave one out',
      EXIT.usage,
    );
  if (options.promises !== undefined && options.scenario === 'original')
    throw new OperatorError('the original promises nothing; leave out --promises or --scenario', EXIT.usage);
  const { skip, seed, start, count, parcels } = options;
  if (skip !== undefined && (seed === 0 || start === undefined || (count ?? parcels) === undefined))
    throw new OperatorError(
      '--skip goes on with another run; give its --seed, --start and --count or --parcels',
      EXIT.usage,
    );
  const isCsv = out !== undefined && (format ?? (/\.csv$/i.test(out) ? 'csv' : 'ndjson')) === 'csv';
  if (isCsv && options.faults.mistake > 0)
    throw new OperatorError(
      'a CSV file has no column for what takes an event back; leave out the fault mistake, or write NDJSON',
      EXIT.usage,
    );
  if (options.coded !== undefined && (isCsv || options.as !== undefined || options.scenario === 'original'))
    throw new OperatorError(
      '--coded is said in our own event format, which neither --as nor CSV nor --scenario original is; leave one out',
      EXIT.usage,
    );
  if (options.as !== undefined) checkDialect(options.as, DIALECTS[options.as], isCsv, options);
}

function checkDialect(name: string, dialect: Dialect, isCsv: boolean, options: SimulateOptions): void {
  const { url, out, dryRun, faults, scenario, start } = options;
  if ((url ?? out ?? dryRun) === undefined || isCsv)
    throw new OperatorError(
      `--as ${name} needs --url of the HTTP source, where carriers come in, or --out FILE.ndjson or --dry-run; give one`,
      EXIT.usage,
    );
  if (scenario === 'original')
    throw new OperatorError('the original has its own words; leave out --as or --scenario', EXIT.usage);
  const rates = Object.entries(dialect.untellable) as [Fault, string][];
  for (const [fault, why] of rates)
    if (faults[fault] > 0)
      throw new OperatorError(`--faults ${fault}: ${why}; leave it out with --as ${name}`, EXIT.usage);
  if (start !== undefined && start < dialect.earliestMs)
    throw new OperatorError(
      `--as ${name} says times without offset, and before ${new Date(dialect.earliestMs).toISOString().slice(0, 10)} clocks in Brazil changed twice a year; give a later --start`,
      EXIT.usage,
    );
}
