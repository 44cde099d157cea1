import { defaultRejectFile, ENCODINGS, importFile, type Encoding, type LoadOptions } from '@rastreio/csv';
import { OperatorError } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { addBrokers, addDatabase, exitCodes, zoneOption, type PlaceOptions } from '../common/options';
import { findAnsweringKafka } from '../common/kafka';
import { printResult, progressStream, say } from '../common/output';
import { findDatabase } from '../common/where';
import { createImportReporter, describeFile } from './report';
import { toKafka } from './toKafka';

interface ImportOptions extends PlaceOptions {
  to: 'database' | 'kafka';
  encoding: Encoding;
  rejects?: string;
  naiveTimezone?: string;
}

const HELP = `
The first line names the columns, in any order; further columns are ignored. The separator is , or ; as in the first line.
Importing a file again changes nothing, so an import that was cut off is simply repeated.

The reject file holds each bad line after its line number, reason and detail: correct the values there and import that file.
It is replaced by each import, and removed by one without bad lines.
${exitCodes('all rows loaded', 'some rows rejected or the import failed', 'the database lacks the tables')}`;

/** Loads a CSV of events. */
export function addImport(command: Command): void {
  command
    .argument('<file>', 'with id_pacote, origem, destino, status_rastreamento, data_atualizacao')
    .addOption(
      new Option('--to <target>', 'straight into a database, or through Kafka')
        .choices(['database', 'kafka'])
        .default('database'),
    );
  addBrokers(addDatabase(command, 'rastreio_writer, or one with the original’s tables'))
    .addOption(
      new Option('--encoding <name>', 'of the file; latin1 is read as windows-1252')
        .choices(ENCODINGS)
        .default('utf-8'),
    )
    .option('--rejects <file>', 'where bad lines are kept (default: <file>.rejeitados.csv)')
    .addOption(zoneOption())
    .addHelpText('after', HELP)
    .action(importCsv);
}

async function importCsv(file: string, options: ImportOptions): Promise<void> {
  const { to, encoding, naiveTimezone, rejects: rejectFile = defaultRejectFile(file) } = options;
  const reporter = createImportReporter(progressStream());
  const load: LoadOptions = {
    file,
    encoding,
    naiveTimezone,
    rejectFile,
    onProgress: reporter.progress,
    onRejected: reporter.rejected,
  };
  const run = to === 'kafka' ? await throughKafka(load, options) : await toDatabase(load, options);
  let kept: string | null = null;
  let summary;
  try {
    summary = await run();
    if (summary.rejected > 0) kept = rejectFile;
  } finally {
    // A bar left running would keep the process alive.
    reporter.finish(kept);
  }
  for (const line of describeFile(summary)) say(line);
  const { blankRows, unknownStatuses, statusesOf, warnings, ...counts } = summary;
  printResult('import', {
    file,
    to,
    ...counts,
    blank_rows: blankRows,
    unknown_statuses: unknownStatuses,
    statuses_of: statusesOf,
    warnings,
    reject_file: kept,
  });
  if (summary.rejected > 0)
    throw new OperatorError(
      `${summary.rejected} rows were rejected; correct them in ${rejectFile} and import that file`,
    );
}

async function toDatabase(load: LoadOptions, options: ImportOptions) {
  const databaseUrl = await findDatabase(options, 'writer');
  return () => importFile({ databaseUrl, ...load });
}

async function throughKafka(load: LoadOptions, options: ImportOptions) {
  const kafka = await findAnsweringKafka(options);
  return () => toKafka(load, kafka);
}
