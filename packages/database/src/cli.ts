import { loadConfig, OperatorError, runProgram } from '@rastreio/runtime';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { addRetain } from './cliRetain';
import { addRebuild, addVerify } from './cliTables';
import { migrate } from './schema/migrate';
import { asRole, inDatabase, provision, ROLES, withClient } from './connect/provision';
import { describeStatus } from './schema/describeStatus';
import { readStatus } from './schema/status';

interface Options {
  databaseUrl: string;
  chunkInterval?: string;
  compressAfter?: string;
  timeZone?: string;
  statusesWithEvents?: boolean;
}

const urlOption = () =>
  new Option('--database-url <url>', 'the database, as its owner').env('DATABASE_URL').makeOptionMandatory();
const timeZoneOption = () =>
  new Option(
    '--time-zone <name>',
    'where days begin and end, an IANA name; stored when the tables are made, for good (default: America/Sao_Paulo)',
  ).env('RASTREIO_TIME_ZONE');
const passwordsSchema = z.object({
  RASTREIO_OWNER_PASSWORD: z.string().min(8),
  RASTREIO_WRITER_PASSWORD: z.string().min(8),
  GRAFANA_READER_PASSWORD: z.string().min(8),
});
const EXIT_CODES =
  '\nExit codes: 0 done, 1 failed or migrations are pending, 2 usage, 78 a password is missing or the database has another time zone.';

const program = new Command('db').description('The schema of the database').exitOverride();
program
  .command('migrate')
  .description(
    'apply what the database lacks of sql/migrations and sql/functions, and take over the statuses of packages/contract/statuses.json',
  )
  .addOption(urlOption())
  .option(
    '--chunk-interval <interval>',
    'width of a hypertable chunk, used when the table is made (default: 7 days)',
  )
  .option(
    '--compress-after <interval>',
    'age at which chunks become columnar, where the edition can; used when the table is made (default: 14 days)',
  )
  .addOption(timeZoneOption())
  .option(
    '--statuses-with-events',
    'take over changed ranks of statuses that events have too; run db:rebuild afterwards',
  )
  .addHelpText('after', EXIT_CODES)
  .action(async ({ databaseUrl, chunkInterval, compressAfter, timeZone, statusesWithEvents }: Options) => {
    const write = (text: string) => void process.stderr.write(`${text}\n`);
    const applied = await migrate({
      databaseUrl,
      chunkInterval,
      compressAfter,
      timeZone,
      statusesWithEvents,
      log: { info: write, warn: write },
    });
    process.stdout.write(`${JSON.stringify({ command: 'db:migrate', applied })}\n`);
  });
program
  .command('provision')
  .description('make the roles, the database and the extension, then apply the migrations')
  .addOption(
    new Option('--admin-url <url>', 'the server, as a superuser')
      .env('ADMIN_DATABASE_URL')
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--database <name>', 'the database to make').env('RASTREIO_DATABASE').default('rastreio'),
  )
  .addOption(new Option('--no-timescaledb', 'leave the extension out'))
  .addOption(timeZoneOption())
  .addHelpText(
    'after',
    `\nPasswords: RASTREIO_OWNER_PASSWORD, RASTREIO_WRITER_PASSWORD, GRAFANA_READER_PASSWORD.${EXIT_CODES}`,
  )
  .action(
    async ({
      adminUrl,
      database,
      timescaledb,
      timeZone,
    }: {
      adminUrl: string;
      database: string;
      timescaledb: boolean;
      timeZone?: string;
    }) => {
      const passwords = loadConfig(passwordsSchema, process.env);
      await provision({
        adminUrl,
        database,
        timescaledb,
        ownerPassword: passwords.RASTREIO_OWNER_PASSWORD,
        writerPassword: passwords.RASTREIO_WRITER_PASSWORD,
        readerPassword: passwords.GRAFANA_READER_PASSWORD,
      });
      const write = (text: string) => void process.stderr.write(`${text}\n`);
      const databaseUrl = asRole(
        inDatabase(adminUrl, database),
        ROLES.owner,
        passwords.RASTREIO_OWNER_PASSWORD,
      );
      const applied = await migrate({ databaseUrl, timeZone, log: { info: write, warn: write } });
      process.stdout.write(`${JSON.stringify({ command: 'db:provision', database, applied })}\n`);
    },
  );
program
  .command('status')
  .description('tell which migrations and functions are applied and which extras of TimescaleDB are on')
  .addOption(urlOption())
  .addHelpText('after', EXIT_CODES)
  .action(async ({ databaseUrl }: Options) => {
    const status = await withClient(databaseUrl, readStatus);
    process.stderr.write(describeStatus(status));
    process.stdout.write(`${JSON.stringify({ command: 'db:status', ...status })}\n`);
    if (status.pending.length > 0)
      throw new OperatorError('Migrations are pending; run "npm run db:migrate"');
  });
addVerify(program);
addRebuild(program);
addRetain(program);

void runProgram(program);
