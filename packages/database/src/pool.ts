import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { prepareConnection } from './writeEvents';

/** Settings of every connection of ours: a server that is gone is noticed instead of waited for. */
export const CONNECTION_DEFAULTS = {
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
} satisfies PoolConfig;

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
    ...CONNECTION_DEFAULTS,
    connectionString: options.databaseUrl,
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

/** Lends a connection to `use`. One on which it failed is closed rather than reused: its state is unknown. */
export async function withPoolClient<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    return await use(client);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}

/**
 * Keeps a broken connection from ending the process: pg emits it as an `error` event of the client besides rejecting the
 * query in flight, and an event without a listener is thrown. The rejection is what callers go by.
 */
export function surviveDisconnects(pool: Pool): Pool {
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}
