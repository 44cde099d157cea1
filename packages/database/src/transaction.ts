import type { ClientBase } from 'pg';

/** Runs within a transaction begun by `begin`, which is committed at the end and rolled back when `run` fails. */
export async function inTransaction<T>(client: ClientBase, begin: string, run: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await run();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The first error is the one that matters; where the connection is gone, the server has rolled back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
