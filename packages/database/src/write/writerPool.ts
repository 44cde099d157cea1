import { Pool } from 'pg';
import { connectTo, surviveDisconnects } from '../connect/pool';
import { prepareConnection } from './writeEvents';

export interface WriterPoolOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly applicationName: string;
  /** Milliseconds a statement may wait for a lock before it fails with 55P03 (transient). */
  readonly lockTimeoutMs?: number;
  /** Milliseconds the client waits for an answer: bounds the wait on a half-open connection. */
  readonly queryTimeoutMs?: number;
}

/** A pool whose connections are ready for {@link writeBatch}. */
export function createWriterPool(options: WriterPoolOptions): Pool {
  const queryTimeoutMs = options.queryTimeoutMs ?? 60_000;
  const pool = new Pool({
    ...connectTo(options.databaseUrl),
    max: options.connections,
    application_name: options.applicationName,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    query_timeout: queryTimeoutMs,
    // The server's own limits: a client that is stopped or cut off between statements must not keep its locks. One that is in
    // the middle of a COPY does, see endAbandonedTransactions.
    statement_timeout: queryTimeoutMs,
    idle_in_transaction_session_timeout: queryTimeoutMs,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- pg-pool awaits it; only its types say void
    onConnect: prepareConnection,
  });
  return surviveDisconnects(pool);
}
