import { createFailpoint, OperatorError } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ClientBase } from 'pg';
import type { ComparedTable } from './maintain/compareTables';
import { VERIFIED_TABLES } from './maintain/derivedTables';
import { assertSchema } from './schema/state';
import { withClient } from './connect/provision';
import { rebuildTables } from './maintain/rebuildTables';
import { assertOwner, verifyTables } from './maintain/verifyTables';

interface TableOptions {
  databaseUrl: string;
  table: readonly string[] | undefined;
}

const EXIT_CODES = '\nExit codes: 0 no difference, 1 some or failed, 2 usage, 78 migrations are pending.';

/** Adds `verify`: compares every derived table with the events. */
export function addVerify(program: Command): void {
  withOptions(program.command('verify'), 'compare')
    .description('recompute pacotes and every derived table from the events and report all differences')
    .action(async ({ databaseUrl, table }: TableOptions) => {
      const found = await withClient(databaseUrl, async (client) => {
        await assertReady(client);
        return verifyTables(client, table, { onTable: progress('compared') });
      });
      showDifferences(found);
      print('db:verify', { differences: total(found), tables: byName(found) });
      assertNone(found, 'Run "npm run db:rebuild" to correct them.');
    });
}

/** Adds `rebuild`: corrects the derived tables while writers go on. */
export function addRebuild(program: Command): void {
  withOptions(program.command('rebuild'), 'correct')
    .description('correct pacotes and the derived tables from the events while writers go on, then verify')
    .option('--dry-run', 'only tell what would be changed')
    .action(async ({ databaseUrl, table, dryRun }: TableOptions & { dryRun?: boolean }) => {
      const failpoint = createFailpoint(['before_commit'], process.env.FAILPOINT);
      await withClient(databaseUrl, assertReady);
      const { packages, corrected, left } = await rebuildTables(databaseUrl, {
        tables: table,
        dryRun,
        onTable: progress('done with'),
        beforeCommit: () => failpoint('before_commit'),
      });
      showDifferences(corrected);
      process.stderr.write(`${dryRun === true ? 'would repair' : 'repaired'} ${packages} packages\n`);
      if (left !== null) showDifferences(left);
      print('db:rebuild', {
        dry_run: left === null,
        packages,
        corrected: byName(corrected),
        left: left === null ? null : { differences: total(left), tables: byName(left) },
      });
      assertNone(
        left ?? [],
        'They cannot be corrected from what the database has; docs/operations.md says what to do.',
      );
    });
}

async function assertReady(client: ClientBase): Promise<void> {
  await assertSchema(client);
  await assertOwner(client);
}

function withOptions(command: Command, verb: string): Command {
  return command
    .addOption(
      new Option('--database-url <url>', 'the database, as rastreio_owner')
        .env('DATABASE_URL')
        .makeOptionMandatory(),
    )
    .option('--table <name>', `${verb} only this table; repeatable (${VERIFIED_TABLES.join(', ')})`, oneMore)
    .addHelpText('after', EXIT_CODES);
}

function oneMore(name: string, before: readonly string[] = []): readonly string[] {
  if (!VERIFIED_TABLES.includes(name))
    throw new InvalidArgumentError(`Use one of ${VERIFIED_TABLES.join(', ')}.`);
  return [...before, name];
}

function progress(verb: string): (found: ComparedTable) => void {
  return ({ table, compared, differences, seconds }) =>
    void process.stderr.write(
      `${verb} ${VERIFIED_TABLES.indexOf(table) + 1}/${VERIFIED_TABLES.length} ${table.padEnd(22)} ` +
        `${compared} rows, ${differences} differences, ${seconds.toFixed(1)} s\n`,
    );
}

const MEANING = {
  sums: 'rows with sums that are wrong; this is missing from them (negative: too much)',
  state: 'packages whose row is not what their events say',
  events_without_package: 'packages with events and without a row in pacotes',
  package_without_events: 'packages with a row and without any event',
};

function showDifferences(found: readonly ComparedTable[]): void {
  for (const { table, kinds } of found)
    for (const { kind, count, first } of kinds) {
      process.stderr.write(`${table}: ${count} ${MEANING[kind]}\n`);
      for (const row of first) process.stderr.write(`  ${JSON.stringify(row)}\n`);
      if (count > first.length) process.stderr.write(`  and ${count - first.length} more\n`);
    }
}

function byName(found: readonly ComparedTable[]): Record<string, unknown> {
  return Object.fromEntries(found.map(({ table, ...figures }) => [table, figures]));
}

function total(found: readonly ComparedTable[]): number {
  return found.reduce((sum, { differences }) => sum + differences, 0);
}

function print(command: string, result: object): void {
  process.stdout.write(`${JSON.stringify({ command, ...result })}\n`);
}

function assertNone(found: readonly ComparedTable[], next: string): void {
  const differences = total(found);
  if (differences > 0) throw new OperatorError(`${differences} differences are left. ${next}`);
}
