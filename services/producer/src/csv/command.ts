import { isTimezone } from '@rastreio/contract';
import { defaultRejectFile, ENCODINGS, importFile, type Encoding, type LoadOptions } from '@rastreio/csv';
import { EXIT, OperatorError, redactUrls } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { brokersOption } from '../options';
import { createImportReporter } from './report';
import { toKafka } from './toKafka';

interface CsvOptions {
  to: 'database' | 'kafka';
  databaseUrl?: string;
  brokers: string;
  encoding: Encoding;
  rejects?: string;
  naiveTimezone?: string;
}

const HELP = `
The first line names the columns, in any order; further columns are ignored. The separator is , or ; as in the first line.
Importing a file again changes nothing, so an import that was cut off is simply repeated.

The reject file holds each bad line after its line number, reason and detail: correct the values there and import that file.
It is replaced by each import, and removed by one without bad lines.

Exit codes: 0 all rows loaded, 1 some rows rejected or the import failed, 2 usage, 78 the database lacks the tables.`;

/** Adds `csv` to the program. */
export function addCsv(program: Command): void {
  program
    .command('csv <file>')
    .description('load a CSV of events (id_pacote, origem, destino, status_rastreamento, data_atualizacao)')
    .addOption(
      new Option('--to <target>', 'straight into a database, or through Kafka')
        .choices(['database', 'kafka'])
        .default('database'),
    )
    .addOption(new Option('--database-url <url>', 'ours, or the seed’s tables').env('DATABASE_URL'))
    .addOption(brokersOption())
    .addOption(
      new Option('--encoding <name>', 'of the file; latin1 is read as windows-1252')
        .choices(ENCODINGS)
        .default('utf-8'),
    )
    .option('--rejects <file>', 'where bad lines are kept (default: <file>.rejeitados.csv)')
    .option(
      '--naive-timezone <zone>',
      'IANA zone of timestamps without offset, such as America/Sao_Paulo; else they are rejected',
      parseZone,
    )
    .addHelpText('after', HELP)
    .action(importCsv);
}

async function importCsv(file: string, options: CsvOptions): Promise<void> {
  const { to, encoding, naiveTimezone, rejects: rejectFile = defaultRejectFile(file) } = options;
  const reporter = createImportReporter(process.stderr);
  const load: LoadOptions = {
    file,
    encoding,
    naiveTimezone,
    rejectFile,
    onProgress: reporter.progress,
    onRejected: reporter.rejected,
  };
  const run = to === 'kafka' ? () => toKafka(load, options.brokers) : toDatabase(load, options);
  let kept: string | null = null;
  let summary;
  try {
    summary = await run();
    if (summary.rejected > 0) kept = rejectFile;
  } finally {
    // A bar left running would keep the process alive.
    reporter.finish(kept);
  }
  process.stdout.write(`${JSON.stringify({ command: 'import', file, to, ...summary, reject_file: kept })}\n`);
  if (summary.rejected > 0)
    throw new OperatorError(
      `${summary.rejected} rows were rejected; correct them in ${rejectFile} and import that file`,
    );
}

function toDatabase(load: LoadOptions, { databaseUrl }: CsvOptions) {
  if (databaseUrl === undefined || databaseUrl === '')
    throw new OperatorError('Give --database-url or set DATABASE_URL, or use --to kafka', EXIT.usage);
  process.stderr.write(`importing ${load.file} into ${redactUrls(databaseUrl)}\n`);
  return () => importFile({ databaseUrl, ...load });
}

function parseZone(zone: string): string {
  if (!isTimezone(zone)) throw new InvalidArgumentError('Use an IANA time zone such as America/Sao_Paulo.');
  return zone;
}
