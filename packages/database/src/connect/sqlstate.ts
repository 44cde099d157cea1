import { DatabaseError } from 'pg';

/**
 * What to do about an error of the database.
 * - `transient`: the server or the network is at fault and will be back: wait and try the same batch again, for ever.
 * - `data`: a row is at fault: find it, dead-letter it alone.
 * - `fatal`: the schema, a permission, a configured limit or this program is at fault: stop loudly; no row is to blame.
 */
export type ErrorClass = 'transient' | 'data' | 'fatal';

/** An event is from before the horizon of `npm run db:retain`: whether it was counted once already cannot be told any more. */
export class TooOldError extends Error {
  override readonly name = 'TooOldError';
}

/** An event names two parcels: by its number another one than by its carrier's tracking number. */
export class CodeConflictError extends Error {
  override readonly name = 'CodeConflictError';
}

/** The database has less of a partition than was written to it: it was restored, or another server took over that lacks the newest. */
export class WentBackError extends Error {
  override readonly name = 'WentBackError';
}

/** The row of a rejected message is at fault, no event: what the database said is its cause. */
export class LetterRefusedError extends Error {
  override readonly name = 'LetterRefusedError';

  constructor(override readonly cause: Error) {
    super(cause.message, { cause });
  }
}

// Of class 53 the one that stays until somebody changes a setting, as temp_file_limit or TimescaleDB's limit of decompressed rows.
const CONFIGURED_LIMIT = '53400';
// Classes of PostgreSQL's appendix A: 08 connection, 40 rollback (deadlock, serialization), 53 resources (disk full, too many
// connections), 55 object state (lock timeout), 57 operator intervention (shutdown, cancel), 58 system (I/O). Of class 25:
// read-only transaction (a standby, a full disk's remedy), and the two time limits by which a server ends a stuck one.
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);
const TRANSIENT_STATES = new Set(['25006', '25P03', '25P04']);
// 22 data exception, 23 integrity constraint violation.
const DATA_CLASSES = new Set(['22', '23']);

/** Classes an error thrown by pg. Errors without SQLSTATE are those of sockets and timeouts: transient. */
export function classifyDatabaseError(error: unknown): ErrorClass {
  if ([TooOldError, CodeConflictError, LetterRefusedError].some((kind) => error instanceof kind))
    return 'data';
  const code = sqlstate(error);
  if (code === undefined) return isProgrammingError(error) ? 'fatal' : 'transient';
  if (code === CONFIGURED_LIMIT) return 'fatal';
  if (TRANSIENT_STATES.has(code) || TRANSIENT_CLASSES.has(code.slice(0, 2))) return 'transient';
  return DATA_CLASSES.has(code.slice(0, 2)) ? 'data' : 'fatal';
}

/** The five-character SQLSTATE, undefined for errors that did not come from the server. */
export function sqlstate(error: unknown): string | undefined {
  if (error instanceof LetterRefusedError) return sqlstate(error.cause);
  return error instanceof DatabaseError ? error.code : undefined;
}

/**
 * What to do about an error of class `fatal`, one sentence for whoever runs the program. Of a limit the server says which one, and what
 * to set, in the message and the hint.
 */
export function remedyOf(error: unknown): string {
  if (sqlstate(error) !== CONFIGURED_LIMIT)
    return 'Check DATABASE_URL, the role’s rights and "npm run db:status"';
  const hint = error instanceof DatabaseError ? error.hint : undefined;
  return (
    `A limit of the server's settings is reached${hint === undefined ? '' : ` (${hint})`}: raise it for this database, as in ` +
    '"ALTER DATABASE ... SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0" or "... SET temp_file_limit = ..."'
  );
}

function isProgrammingError(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError
  );
}
