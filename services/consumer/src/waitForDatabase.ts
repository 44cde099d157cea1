import { setTimeout as sleep } from 'node:timers/promises';
import { classifyDatabaseError, databaseNotAdmitted } from '@rastreio/database';
import { EXIT, OperatorError, type Log } from '@rastreio/runtime';

const DELAY_MS = 1_000;

/** Tries until the database answers. @throws what only a person can mend (wrong password, missing migration) */
export async function waitForDatabase(check: () => Promise<void>, log: Log): Promise<void> {
  for (;;) {
    try {
      return await check();
    } catch (thrown) {
      const error = databaseNotAdmitted(thrown);
      if (error instanceof OperatorError) throw error;
      if (classifyDatabaseError(error) !== 'transient') {
        const reason = error instanceof Error ? error.message : String(error);
        throw new OperatorError(
          `The database lets us in no further: ${reason}; correct DATABASE_URL or run "npm run db:migrate"`,
          EXIT.config,
          { cause: error },
        );
      }
      log.warn({ err: error }, 'waiting for the database');
      await sleep(DELAY_MS);
    }
  }
}
