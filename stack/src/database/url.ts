import { withClient } from '@rastreio/database';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { RunningDatabase } from './types';

/** A server that runs already and that we neither start nor stop. @throws OperatorError (78) when it does not answer */
export async function attach(databaseUrl: string): Promise<RunningDatabase> {
  const url = new URL(databaseUrl);
  const timescaledb = await withClient(databaseUrl, async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_available_extensions WHERE name = 'timescaledb'`);
    return rowCount === 1;
  }).catch((error: Error) => {
    throw new OperatorError(`--database-url: ${url.host} does not let us in: ${error.message}`, EXIT.config, {
      cause: error,
    });
  });
  return {
    name: 'database',
    provider: `the server at ${url.host}${timescaledb ? ' with TimescaleDB' : ', without TimescaleDB'}`,
    timescaledb,
    host: url.hostname,
    port: Number(url.port || 5432),
    ownServer: false,
    adminUrl: databaseUrl,
    logFile: 'the server’s own log',
    ended: new Promise(() => undefined),
    isRunning: () => true,
    tail: () => '',
    stop: () => Promise.resolve(),
    kill: () => undefined,
    again: () => {
      throw new Error('a server of others never ends for us');
    },
  };
}
