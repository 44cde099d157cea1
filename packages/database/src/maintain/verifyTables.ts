import { EXIT, OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { compareTable, type ComparedTable } from './compareTables';
import { VERIFIED_TABLES } from './derivedTables';
import { LOCKS } from '../connect/locks';
import { inTransaction } from '../connect/transaction';

export interface Progress {
  /** Called after each table. */
  readonly onTable?: ((found: ComparedTable) => void) | undefined;
}

/**
 * Recomputes `pacotes` and every derived table in one snapshot, without stopping anybody. It reads all events several times.
 *
 * @param client connected as rastreio_owner, outside any transaction
 * @param tables names out of {@link VERIFIED_TABLES}
 */
export async function verifyTables(
  client: ClientBase,
  tables: readonly string[] = VERIFIED_TABLES,
  progress: Progress = {},
): Promise<ComparedTable[]> {
  await client.query('SELECT pg_advisory_lock_shared($1)', [LOCKS.comparing]);
  try {
    return await inSnapshot(client, 'READ ONLY', () => compareTables(client, tables, progress));
  } finally {
    // Where the connection is gone, so is the lock.
    await client.query('SELECT pg_advisory_unlock_shared($1)', [LOCKS.comparing]);
  }
}

/** Compares the tables one after the other within the caller's snapshot; `add`: and adds what is missing to the tables of sums. */
export async function compareTables(
  client: ClientBase,
  tables: readonly string[],
  { onTable }: Progress,
  options: { readonly add?: boolean } = {},
): Promise<ComparedTable[]> {
  const found: ComparedTable[] = [];
  for (const table of VERIFIED_TABLES.filter((name) => tables.includes(name))) {
    const compared = await compareTable(client, table, options);
    found.push(compared);
    onTable?.(compared);
  }
  return found;
}

/** Runs in one REPEATABLE READ transaction; rolled back if `run` fails. */
export async function inSnapshot<T>(
  client: ClientBase,
  mode: 'READ ONLY' | 'READ WRITE',
  run: () => Promise<T>,
): Promise<T> {
  return inTransaction(client, `BEGIN ISOLATION LEVEL REPEATABLE READ ${mode}`, async () => {
    // Before the first query, which takes the snapshot, and with all chunks: a TRUNCATE, or a chunk that is dropped or rewritten
    // by column, waits or is over. Removed files are gone for older snapshots as well.
    await client.query(
      'LOCK TABLE public.pacotes, public.eventos_rastreamento, public.ingestao IN ACCESS SHARE MODE',
    );
    return run();
  });
}

/** @throws OperatorError (exit code 78) unless the connection may read the definitions and correct the tables */
export async function assertOwner(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ may: boolean; role: string }>(
    `SELECT has_schema_privilege('conferencia', 'USAGE') AND has_table_privilege('resumo_status', 'INSERT') AS may,
            current_user AS role`,
  );
  if (rows[0]?.may !== true)
    throw new OperatorError(
      `The role ${rows[0]?.role} may not do this; give the URL of rastreio_owner in --database-url or DATABASE_URL.`,
      EXIT.config,
    );
}
