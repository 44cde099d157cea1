import { EXIT, OperatorError } from '@rastreio/runtime';

/** Generation of this code's SQL. Raised together with a migration that ends with `SELECT exige_escritor(n)`. */
export const WRITER_GENERATION = 7;

/** @throws OperatorError (exit code 78) when the database was migrated for newer writers than this one */
export function assertGeneration(oldestWriter: number): void {
  if (oldestWriter <= WRITER_GENERATION) return;
  throw new OperatorError(
    `The database was migrated for writers of generation ${oldestWriter}, and this program is of generation ${WRITER_GENERATION}. ` +
      'Start the version that belongs to the database’s migrations ("npm run db:status" lists them); no message was lost.',
    EXIT.config,
  );
}
