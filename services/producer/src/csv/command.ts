import { createValidator, DEFAULT_RULES, isTimezone, TOPIC_EVENTS, type Rejection } from '@rastreio/contract';
import { importFile, readEvents } from '@rastreio/csv';
import { createKafka, createPublisher, type OutgoingMessage } from '@rastreio/kafka';
import { createLog, EXIT, OperatorError, redactUrls } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { brokersOption } from '../options';

interface CsvOptions {
  to: 'database' | 'kafka';
  databaseUrl?: string;
  brokers: string;
  naiveTimezone?: string;
}

const MESSAGES_PER_SEND = 2_000;

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
    .option(
      '--naive-timezone <zone>',
      'IANA zone of timestamps without offset, such as America/Sao_Paulo; else they are rejected',
      parseZone,
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all rows loaded, 1 some rows rejected or the import failed, 2 usage.',
    )
    .action(async (file: string, options: CsvOptions) => {
      const summary = options.to === 'kafka' ? await toKafka(file, options) : await toDatabase(file, options);
      process.stdout.write(`${JSON.stringify({ command: 'import', file, to: options.to, ...summary })}\n`);
      if (summary.rejected > 0)
        throw new OperatorError(
          `${summary.rejected} rows were rejected; correct them and import the file again`,
        );
    });
}

async function toDatabase(file: string, { databaseUrl, naiveTimezone }: CsvOptions) {
  if (databaseUrl === undefined)
    throw new OperatorError('Give --database-url or set DATABASE_URL, or use --to kafka', EXIT.usage);
  process.stderr.write(`importing ${file} into ${redactUrls(databaseUrl)}\n`);
  return importFile({ databaseUrl, file, naiveTimezone, onRejected: printRejected });
}

async function toKafka(file: string, { brokers, naiveTimezone }: CsvOptions) {
  const log = createLog('import', 'warn', 'stderr');
  const publisher = await createPublisher(
    createKafka({ brokers, clientId: 'rastreio-import', log }),
    TOPIC_EVENTS,
    log,
  );
  let published = 0;
  let rejected = 0;
  let batch: OutgoingMessage[] = [];
  const flush = async () => {
    await publisher.send(batch);
    published += batch.length;
    batch = [];
  };
  try {
    for await (const { line, result } of readEvents(
      file,
      createValidator({ ...DEFAULT_RULES, naiveTimezone }),
    )) {
      if (result.ok) batch.push({ key: String(result.event.id_pacote), value: JSON.stringify(result.event) });
      else {
        rejected++;
        printRejected(line, result.rejections[0]);
      }
      if (batch.length >= MESSAGES_PER_SEND) await flush();
    }
    await flush();
  } finally {
    await publisher.close();
  }
  return { published, rejected };
}

function printRejected(line: number, { reason, detail }: Rejection): void {
  process.stderr.write(`line ${line}: ${reason}: ${detail}\n`);
}

function parseZone(zone: string): string {
  if (!isTimezone(zone)) throw new InvalidArgumentError('Use an IANA time zone such as America/Sao_Paulo.');
  return zone;
}
