import { assertSchema, connectTo, databaseNotAdmitted, surviveDisconnects } from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { Pool } from 'pg';
import type { PlaceOptions } from '../common/options';
import { findDatabase } from '../common/where';

/**
 * Connects for as long as `use` takes.
 *
 * @throws OperatorError when no database is given (usage), it does not answer, or it lacks a migration (78)
 */
export async function withDatabase<T>(options: PlaceOptions, use: (pool: Pool) => Promise<T>): Promise<T> {
  const databaseUrl = await findDatabase(options, 'writer');
  const pool = surviveDisconnects(new Pool({ ...connectTo(databaseUrl), application_name: 'rastreio-dlq' }));
  try {
    await assertSchema(pool).catch((thrown: NodeJS.ErrnoException) => {
      const error = databaseNotAdmitted(thrown) as NodeJS.ErrnoException;
      if (error instanceof OperatorError) throw error;
      // Where a host has several addresses, the error of all of them has a code and no message.
      const reason = error.message || error.code;
      throw new OperatorError(
        `The database does not let us in: ${reason}; check --database-url or DATABASE_URL`,
        EXIT.wrong,
        { cause: error },
      );
    });
    return await use(pool);
  } finally {
    await pool.end();
  }
}
