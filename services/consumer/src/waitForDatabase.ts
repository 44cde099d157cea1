import { setTimeout as sleep } from 'node:timers/promises';
import { classifyDatabaseError } from '@rastreio/database';
import { OperatorError, type Log } from '@rastreio/runtime';

const DELAY_MS = 1_000;

/** Tries until the database answers. @throws what only a person can mend (wrong password, missing migration) */
export async function waitForDatabase(check: () => Promise<void>, log: Log): Promise<void> {
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (error instanceof OperatorError || classifyDatabaseError(error) !== 'transient') throw error;
      log.warn({ err: error }, 'waiting for the database');
      await sleep(DELAY_MS);
    }
  }
}
