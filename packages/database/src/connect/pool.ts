import type { Client, Pool, PoolClient, PoolConfig } from 'pg';
import { databaseNotAdmitted } from './failure';
import { sessionOptions } from './session';
import { connectionOf } from './tls';

/** Settings of every connection of ours: a server that is gone is noticed instead of waited for, and no setting of its changes what we read. */
export const CONNECTION_DEFAULTS = {
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  options: sessionOptions(),
} satisfies PoolConfig;

/** The settings of a connection to the database of a URL, TLS with them. @throws OperatorError (78) for wrong settings of TLS */
export function connectTo(databaseUrl: string): PoolConfig {
  return { ...CONNECTION_DEFAULTS, ...connectionOf(databaseUrl) };
}

/** Connects. @throws OperatorError (78) where a person must correct something, else what pg says */
export async function connect(client: Client): Promise<void> {
  await client.connect().catch((error: unknown) => {
    throw databaseNotAdmitted(error);
  });
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
