import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@rastreio/runtime';
import type { ClientBase } from 'pg';
import { sqlstate } from './sqlstate';

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

const MAX_TRIES = 10;
const DELAYS = { firstDelayMs: 100, maxDelayMs: 5_000 };

/**
 * Runs a transaction of maintenance again when it met one of a writer: a deadlock or another rollback (class 40), or a lock that was not
 * to be had in time (55P03). The server has undone it, and the connection stands.
 *
 * @throws the error of the last of ten tries, or at once any other
 */
export async function despiteWriters<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlstate(error) ?? '';
      if (attempt + 1 === MAX_TRIES || !(state.startsWith('40') || state === '55P03')) throw error;
      await sleep(backoffMs(attempt, DELAYS));
    }
  }
}
