import {
  asRole,
  describeStatus,
  inDatabase,
  migrate,
  provision,
  readStatus,
  ROLES,
  withClient,
} from '@rastreio/database';
import { loadConfig, OperatorError } from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { addDatabase, exitCodes, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';
import { addPromises } from './promises';
import { addRetain } from './retain';
import { addRebuild, addVerify } from './tables';

interface MigrateOptions extends PlaceOptions {
  chunkInterval?: string;
  compressAfter?: string;
  timeZone?: string;
  statusesWithEvents?: boolean;
}

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
const EXIT_CODES = exitCodes(
  'done',
  'failed or migrations are pending',
  'a password is missing or the database has another time zone',
);
const PROGRESS = { info: say, warn: say };

/** Adds the commands that work on the schema and the derived tables. */
export function addDb(db: Command): void {
  addMigrate(db);
  addProvision(db);
  addStatus(db);
  addVerify(db);
  addRebuild(db);
  addRetain(db);
  addPromises(db);
}

function addMigrate(db: Command): void {
  addDatabase(db.command('migrate'), ROLES.owner)
    .description(
      'apply what the database lacks of sql/migrations and sql/functions, and take over the statuses of packages/contract/statuses.json',
    )
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
    .action(async (options: MigrateOptions) => {
      const { chunkInterval, compressAfter, timeZone, statusesWithEvents } = options;
      const applied = await migrate({
        databaseUrl: await findDatabase(options, 'owner'),
        chunkInterval,
        compressAfter,
        timeZone,
        statusesWithEvents,
        log: PROGRESS,
      });
      printResult('db:migrate', { applied });
    });
}

interface ProvisionOptions {
  adminUrl: string;
  database: string;
  timescaledb: boolean;
  ownServer?: boolean;
  timeZone?: string;
}

function addProvision(db: Command): void {
  db.command('provision')
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
    .addOption(
      new Option(
        '--own-server',
        'the server has nothing else: close its databases postgres and template1, too',
      ),
    )
    .addOption(timeZoneOption())
    .addHelpText(
      'after',
      `\nPasswords: RASTREIO_OWNER_PASSWORD, RASTREIO_WRITER_PASSWORD, GRAFANA_READER_PASSWORD.${EXIT_CODES}`,
    )
    .action(async ({ adminUrl, database, timescaledb, ownServer, timeZone }: ProvisionOptions) => {
      const passwords = loadConfig(passwordsSchema, process.env);
      await provision({
        adminUrl,
        database,
        timescaledb,
        ownServer: ownServer === true,
        ownerPassword: passwords.RASTREIO_OWNER_PASSWORD,
        writerPassword: passwords.RASTREIO_WRITER_PASSWORD,
        readerPassword: passwords.GRAFANA_READER_PASSWORD,
      });
      const databaseUrl = asRole(
        inDatabase(adminUrl, database),
        ROLES.owner,
        passwords.RASTREIO_OWNER_PASSWORD,
      );
      const applied = await migrate({ databaseUrl, timeZone, log: PROGRESS });
      printResult('db:provision', { database, applied });
    });
}

function addStatus(db: Command): void {
  addDatabase(db.command('status'), ROLES.owner)
    .description('tell which migrations and functions are applied and which extras of TimescaleDB are on')
    .addHelpText('after', EXIT_CODES)
    .action(async (options: PlaceOptions) => {
      const status = await withClient(await findDatabase(options, 'owner'), readStatus);
      say(describeStatus(status));
      printResult('db:status', status);
      if (status.pending.length > 0)
        throw new OperatorError('Migrations are pending; run "npm run db:migrate"');
    });
}
