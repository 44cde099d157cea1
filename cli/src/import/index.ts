import { defaultRejectFile, ENCODINGS, importFile, type Encoding, type LoadOptions } from '@rastreio/csv';
import { EXIT, OperatorError } from '@rastreio/runtime';
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
  undo?: boolean;
  naiveTimezone?: string;
}

const HELP = `
The first line names the columns, in any order; further columns are ignored. The separator is , or ; as in the first line.
Importing a file again changes nothing, so an import that was cut off is simply repeated.

The reject file holds each bad line after its line number, reason and detail: correct the values there and import that file.
It is replaced by each import, and removed by one without bad lines.

--undo takes back every event that the file says, as if it had never come: give the same file, and the same --encoding and --naive-timezone. An event
that came another way as well is taken back, too. What is taken back stays so: importing the file again changes nothing.
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
    .option('--undo', 'take the events of the file back instead')
    .addOption(zoneOption())
    .addHelpText('after', HELP)
    .action(importCsv);
}

async function importCsv(file: string, options: ImportOptions): Promise<void> {
  const { to, encoding, naiveTimezone, undo = false } = options;
  if (undo && options.rejects !== undefined)
    throw new OperatorError('--undo keeps no bad lines; leave out --rejects', EXIT.usage);
  const rejectFile = undo ? undefined : (options.rejects ?? defaultRejectFile(file));
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
    if (summary.rejected > 0) kept = rejectFile ?? null;
  } finally {
    // A bar left running would keep the process alive.
    reporter.finish(kept);
  }
  for (const line of describeFile(summary)) say(line);
  const { blankRows, unknownStatuses, statusesOf, warnings, ...counts } = summary;
  printResult('import', {
    file,
    to,
    undo,
    ...counts,
    blank_rows: blankRows,
    unknown_statuses: unknownStatuses,
    statuses_of: statusesOf,
    warnings,
    reject_file: kept,
  });
  if (summary.rejected > 0 && undo)
    say(`${summary.rejected} rows say no event, so that there was none of them to take back`);
  else if (summary.rejected > 0)
    throw new OperatorError(
      `${summary.rejected} rows were rejected; correct them in ${kept} and import that file`,
    );
}

async function toDatabase(load: LoadOptions, options: ImportOptions) {
  const databaseUrl = await findDatabase(options, 'writer');
  return () => importFile({ databaseUrl, undo: options.undo === true, ...load });
}

async function throughKafka(load: LoadOptions, options: ImportOptions) {
  const kafka = await findAnsweringKafka(options);
  return () => toKafka(load, kafka, options.undo === true);
}
