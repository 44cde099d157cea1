import { EXIT, OperatorError } from '@rastreio/runtime';
import { Client, type ClientBase } from 'pg';
import { syncCatalogue, type RankedStatus } from './catalogue';
import { LOCKS } from '../connect/locks';
import { connect, connectTo } from '../connect/pool';
import { sessionOptions } from '../connect/session';
import { assertTimeZone } from './timeZone';
import { despiteWriters, inTransaction } from '../connect/transaction';
import { alone } from '../connect/alone';
import { applyFunctions, runFile } from './applyFunctions';
import { readBookkeeping, readFormer, readFunctionSet, readMigrations, sqlDir } from './files';
import { assertWriter, readSchemaState, type SchemaState } from './state';

export interface MigrateOptions {
  /** Connects as `rastreio_owner` (or any role that may create tables in `public`). */
  readonly databaseUrl: string;
  /** Width of a hypertable chunk, a PostgreSQL interval; used when the table is made. Default 7 days. */
  readonly chunkInterval?: string | undefined;
  /** Age at which chunks become columnar, a PostgreSQL interval; used when the table is made. Default 14 days. */
  readonly compressAfter?: string | undefined;
  /** Where days begin and end, an IANA name; stored when the tables are made, for good. Default America/Sao_Paulo. */
  readonly timeZone?: string | undefined;
  /** The statuses that the database is to know; default those of `@rastreio/contract`. */
  readonly catalogue?: readonly RankedStatus[] | undefined;
  /** Takes over ranks of statuses that events have; figures are wrong until db:rebuild has run. */
  readonly statusesWithEvents?: boolean | undefined;
  /** The folder with `migrations` and `functions`; default that of this checkout. */
  readonly sql?: string | undefined;
  /** Where unqualified names are looked for, in a database in which time is moved. Default public. */
  readonly searchPath?: string | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** How long a lock is waited for before all of it is tried again: batches that come meanwhile wait as long. */
const LOCK_TIMEOUT = '5s';

/**
 * Applies the migrations that the database does not have yet and, where they are others than the current ones, the views, functions and
 * triggers: all in one transaction that no batch comes into. Then brings the statuses in line with the catalogue. Safe to run at any time.
 *
 * @returns the names of what was applied; the last is `functions` where those were
 * @throws OperatorError for a time zone that is unknown or not the database's own, for a database of a newer version, and where something
 * of others rests on what is made anew; nothing is changed then
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { databaseUrl, timeZone, catalogue, statusesWithEvents, log, sql = sqlDir() } = options;
  const client = new Client({
    ...connectTo(databaseUrl),
    options: sessionOptions(options.searchPath),
    application_name: 'rastreio-migrate',
  });
  await connect(client);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCKS.migration]);
    if (timeZone !== undefined) await assertTimeZone(client, timeZone);
    await client.query(
      `SELECT set_config('rastreio.chunk_interval', $1, false), set_config('rastreio.compress_after', $2, false),
              set_config('rastreio.time_zone', $3, false)`,
      [options.chunkInterval ?? '', options.compressAfter ?? '', timeZone ?? ''],
    );
    const state = await readSchemaState(client, sql);
    const upToDate = state.pending.length === 0 && state.functions === 'current';
    const names = upToDate ? [] : await apply(client, state, sql);
    await syncCatalogue(client, { catalogue, despiteEvents: statusesWithEvents, log });
    log.info(names.length === 0 ? 'the schema is up to date' : `applied ${names.join(', ')}`);
    return names;
  } finally {
    await client.end();
  }
}

async function apply(client: ClientBase, state: SchemaState, sql: string): Promise<string[]> {
  await assertMayApply(client, state);
  const [bookkeeping, migrations, set] = await Promise.all([
    readBookkeeping(),
    readMigrations(sql),
    readFunctionSet(sql),
  ]);
  const pending = migrations.filter(({ name }) => state.pending.includes(name));
  // Comparisons of tables with events read views that are made anew.
  await alone(client, () =>
    despiteWriters(() =>
      inTransaction(client, 'BEGIN ISOLATION LEVEL READ COMMITTED', async () => {
        await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
        // Batches hold it shared: none is under way, and the next one meets the whole new schema.
        await client.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.schema]);
        await client.query(bookkeeping.sql);
        for (const file of pending) {
          // The tables of the former version are those of the first migration.
          const there = file === migrations[0] && state.formerLacks !== null;
          if (!there) await runFile(client, 'migrations', file);
          await client.query('INSERT INTO migracoes (name, run_on) VALUES ($1, now())', [file.name]);
        }
        await applyFunctions(client, set, await ownedObjects(client, state));
      }),
    ),
  );
  return [...pending.map(({ name }) => name), 'functions'];
}

/** @throws OperatorError (78) unless this checkout may change the database */
async function assertMayApply(client: ClientBase, state: SchemaState): Promise<void> {
  if (state.unknown.length > 0)
    throw new OperatorError(
      `The database has ${state.unknown.join(', ')}, which this checkout lacks: a newer version migrated it. Run db:migrate from that version's checkout.`,
      EXIT.config,
    );
  if (state.formerLacks !== null && state.formerLacks.length > 0)
    throw new OperatorError(
      `The database lacks ${state.formerLacks.join(', ')} of the version before 0.1.0. Check out commit ${(await readFormer()).commit}, ` +
        'run "npm ci" and "npm run db:migrate" there, come back to this version and run it again.',
      EXIT.config,
    );
  if (state.applied.length > 0 || state.formerLacks !== null) await assertWriter(client);
}

/** What the set before made, of whichever version. */
async function ownedObjects(client: ClientBase, state: SchemaState): Promise<readonly string[]> {
  if (state.functions === 'never') return state.formerLacks === null ? [] : (await readFormer()).objects;
  const { rows } = await client.query<{ objetos: string[] }>(
    'SELECT objetos FROM funcoes_aplicadas ORDER BY id DESC LIMIT 1',
  );
  return rows[0]?.objetos ?? [];
}
