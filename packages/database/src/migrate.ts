import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { runner } from 'node-pg-migrate';
import { Client, type ClientBase } from 'pg';
import { assertCatalogue, syncCatalogue, type RankedStatus } from './catalogue';
import { assertGeneration } from './generation';
import { LOCKS } from './locks';
import { CONNECTION_DEFAULTS } from './pool';
import { assertTimeZone } from './timeZone';

/** The numbered migrations of this checkout. */
export const MIGRATIONS_DIR = path.resolve(__dirname, '../../../sql/migrations');
const MIGRATIONS_TABLE = 'migracoes';

export interface MigrateOptions {
  /** Connects as `rastreio_owner` (or any role that may create tables in `public`). */
  readonly databaseUrl: string;
  /** Width of a hypertable chunk, a PostgreSQL interval; used when the table is made. Default 7 days. */
  readonly chunkInterval?: string | undefined;
  /** Age at which chunks become columnar, a PostgreSQL interval; used when migration 0013 is applied. Default 14 days. */
  readonly compressAfter?: string | undefined;
  /** Where days begin and end, an IANA name; stored by migration 0008, and cannot be changed later. Default America/Sao_Paulo. */
  readonly timeZone?: string | undefined;
  /** At most so many of the pending ones; default all. */
  readonly count?: number | undefined;
  /** The statuses that the database is to know; default those of `@rastreio/contract`. */
  readonly catalogue?: readonly RankedStatus[] | undefined;
  /** Takes over ranks of statuses that events have; figures are wrong until db:rebuild has run. */
  readonly statusesWithEvents?: boolean | undefined;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/**
 * Applies the migrations that the database does not have yet, brings its statuses in line with the catalogue once it has all of them,
 * and returns the migrations' names. Safe to run at any time.
 *
 * @throws OperatorError for a time zone that is unknown or not the database's own, before anything is changed
 */
export async function migrate({
  databaseUrl,
  chunkInterval,
  compressAfter,
  timeZone,
  count = Infinity,
  catalogue,
  statusesWithEvents,
  log,
}: MigrateOptions): Promise<string[]> {
  const client = new Client({
    ...CONNECTION_DEFAULTS,
    connectionString: databaseUrl,
    application_name: 'rastreio-migrate',
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCKS.migration]);
    if (timeZone !== undefined) await assertTimeZone(client, timeZone);
    await client.query(
      `SELECT set_config('rastreio.chunk_interval', $1, false), set_config('rastreio.compress_after', $2, false),
              set_config('rastreio.time_zone', $3, false)`,
      [chunkInterval ?? '', compressAfter ?? '', timeZone ?? ''],
    );
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS_DIR,
      direction: 'up',
      count,
      migrationsTable: MIGRATIONS_TABLE,
      checkOrder: true,
      singleTransaction: false,
      // Our own lock above waits; this one would fail.
      noLock: true,
      // Its errors are thrown as well, and it calls a numbered file name without a time stamp an error.
      logger: { info: () => undefined, warn: (text) => log.warn(text), error: () => undefined },
    });
    const names = applied.map(({ name }) => name);
    if ((await readSchemaState(client)).pending.length === 0)
      await syncCatalogue(client, { catalogue, despiteEvents: statusesWithEvents, log });
    log.info(names.length === 0 ? 'the schema is up to date' : `applied ${names.join(', ')}`);
    return names;
  } finally {
    await client.end();
  }
}

export interface SchemaState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Migrations that the database has and this checkout does not: it was migrated by a newer version. */
  readonly unknown: readonly string[];
}

/** Compares the migrations applied to a database with those of this checkout. */
export async function readSchemaState(client: Pick<ClientBase, 'query'>): Promise<SchemaState> {
  const files = (await readdir(MIGRATIONS_DIR))
    .filter((f) => f.endsWith('.sql'))
    .map((f) => f.slice(0, -'.sql'.length))
    .sort();
  const { rows } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    `public.${MIGRATIONS_TABLE}`,
  ]);
  const applied =
    rows[0]?.exists === true
      ? (await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)).rows.map(
          (row) => row.name,
        )
      : [];
  return {
    applied,
    pending: files.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !files.includes(name)),
  };
}

/** @throws OperatorError (exit code 78) when the database lacks a migration of this checkout, is for newer writers, or ranks statuses otherwise */
export async function assertSchema(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { pending } = await readSchemaState(client);
  if (pending.length > 0) {
    throw new OperatorError(
      `The database lacks ${pending.join(', ')}; run "npm run db:migrate" and start again.`,
      EXIT.config,
    );
  }
  const { rows } = await client.query<{ escritor_minimo: number }>(
    'SELECT escritor_minimo FROM versao_do_esquema',
  );
  assertGeneration(rows[0]?.escritor_minimo ?? Infinity);
  await assertCatalogue(client);
}
