import {
  assertOwner,
  assertSchema,
  rebuildTables,
  ROLES,
  VERIFIED_TABLES,
  verifyTables,
  withClient,
  type ComparedTable,
} from '@rastreio/database';
import { createFailpoint, OperatorError } from '@rastreio/runtime';
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { addDatabase, exitCodes, severalOf, type PlaceOptions } from '../common/options';
import { printResult, say } from '../common/output';
import { findDatabase } from '../common/where';

interface TableOptions extends PlaceOptions {
  table: readonly string[] | undefined;
}

const EXIT_CODES = exitCodes('no difference', 'some or failed', 'migrations are pending');

/** Adds `verify`: compares every derived table with the events. */
export function addVerify(db: Command): void {
  withOptions(db.command('verify'), 'compare')
    .description('recompute pacotes and every derived table from the events and report all differences')
    .action(async ({ table, ...options }: TableOptions) => {
      const databaseUrl = await findDatabase(options, 'owner');
      const found = await withClient(databaseUrl, async (client) => {
        await assertReady(client);
        return verifyTables(client, table, { onTable: progress('compared') });
      });
      showDifferences(found);
      printResult('db:verify', { differences: total(found), tables: byName(found) });
      assertNone(found, 'Run "npm run db:rebuild" to correct them.');
    });
}

/** Adds `rebuild`: corrects the derived tables while writers go on. */
export function addRebuild(db: Command): void {
  withOptions(db.command('rebuild'), 'correct')
    .description('correct pacotes and the derived tables from the events while writers go on, then verify')
    .option('--dry-run', 'only tell what would be changed')
    .action(async ({ table, dryRun, ...options }: TableOptions & { dryRun?: boolean }) => {
      const databaseUrl = await findDatabase(options, 'owner');
      const failpoint = createFailpoint(['before_commit'], process.env.FAILPOINT);
      await withClient(databaseUrl, assertReady);
      const { events, parcels, places, corrected, left } = await rebuildTables(databaseUrl, {
        tables: table,
        dryRun,
        onTable: progress('done with'),
        beforeCommit: () => failpoint('before_commit'),
      });
      showDifferences(corrected);
      say(
        `${dryRun === true ? 'would repair' : 'repaired'} ${parcels} parcels and ${places} spellings of places`,
      );
      if (left !== null) showDifferences(left);
      printResult('db:rebuild', {
        dry_run: left === null,
        events,
        parcels,
        places,
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
  return addDatabase(command, ROLES.owner)
    .addOption(severalOf('--table <name>', `${verb} only this table`, VERIFIED_TABLES))
    .addHelpText('after', EXIT_CODES);
}

function progress(verb: string): (found: ComparedTable) => void {
  return ({ table, compared, differences, seconds }) =>
    say(
      `${verb} ${VERIFIED_TABLES.indexOf(table) + 1}/${VERIFIED_TABLES.length} ${table.padEnd(22)} ` +
        `${compared} rows, ${differences} differences, ${seconds.toFixed(1)} s`,
    );
}

const MEANING = {
  misplaced: 'events that count (conta) and are taken back, or that are not taken back and do not count',
  places:
    'spellings that the dictionary of places lacks or has at a wrong place, or lanes judged by a wrong promise',
  sums: 'rows with sums that are wrong; this is missing from them (negative: too much)',
  state: 'parcels whose row is not what their events say',
  events_without_parcel: 'parcels with events and without a row in pacotes',
  parcel_without_events: 'parcels with a row and without any event',
};

function showDifferences(found: readonly ComparedTable[]): void {
  for (const { table, kinds } of found)
    for (const { kind, count, first } of kinds) {
      say(`${table}: ${count} ${MEANING[kind]}`);
      for (const row of first) say(`  ${JSON.stringify(row)}`);
      if (count > first.length) say(`  and ${count - first.length} more`);
    }
}

function byName(found: readonly ComparedTable[]): Record<string, unknown> {
  return Object.fromEntries(found.map(({ table, ...figures }) => [table, figures]));
}

function total(found: readonly ComparedTable[]): number {
  return found.reduce((sum, { differences }) => sum + differences, 0);
}

function assertNone(found: readonly ComparedTable[], next: string): void {
  const differences = total(found);
  if (differences > 0) throw new OperatorError(`${differences} differences are left. ${next}`);
}
