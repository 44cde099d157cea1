import { OperatorError } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { LOCKS } from './locks';

/**
 * Runs while no other correction, removal of events or comparison runs.
 * @throws OperatorError when one does
 */
export async function alone<T>(client: ClientBase, run: () => Promise<T>): Promise<T> {
  const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [
    LOCKS.comparing,
  ]);
  if (rows[0]?.free !== true)
    throw new OperatorError(
      'Another db:verify, db:rebuild or db:retain is at work on this database; wait until it is done and run this again.',
    );
  try {
    return await run();
  } finally {
    // Where the connection is gone, so is the lock.
    await client.query('SELECT pg_advisory_unlock($1)', [LOCKS.comparing]).catch(() => undefined);
  }
}
