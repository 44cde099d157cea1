import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withClient } from '@rastreio/database';
import { startChild } from '../child';
import { run } from '../run';
import { waitUntil } from '../waitUntil';
import type { DatabaseOptions, RunningDatabase } from './types';
import type { ServerUser } from './user';

/** How a provider runs PostgreSQL's programs: directly, under another user, or in a root of their own. */
export interface Binaries {
  readonly provider: string;
  readonly timescaledb: boolean;
  /** Command line that runs `program` (initdb, postgres) with these arguments. */
  readonly commandLine: (program: string, args: readonly string[]) => readonly [string, ...string[]];
  /** How those programs see a file of the data folder. */
  readonly inside: (file: string) => string;
  /** The data folder, made beforehand and owned by the user that runs the server. */
  readonly dataDir: string;
  /** The user to run them as; left out, the one we are. */
  readonly user?: ServerUser | undefined;
}

const SUPERUSER = 'postgres';
const START_TIMEOUT_MS = 60_000;

/** For a machine with a few GB to spare. fsync stays on: what is committed survives a kill of the machine. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Works without /dev/shm.
  dynamic_shared_memory_type: 'mmap',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  max_connections: '100',
  log_min_duration_statement: '5000',
};

/** Makes the cluster if it is new, starts it on loopback and waits until it answers. */
export async function startCluster(
  binaries: Binaries,
  { dir, port, settings: own = {} }: DatabaseOptions,
): Promise<RunningDatabase> {
  const { dataDir, user, provider, timescaledb, inside } = binaries;
  const passwordFile = path.join(dir, 'superuser-password');
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) await initialise(binaries, passwordFile);
  const password = await readFile(passwordFile, 'utf8');

  const settings = {
    ...SETTINGS,
    port: String(port),
    ...(timescaledb ? { shared_preload_libraries: 'timescaledb', 'timescaledb.telemetry_level': 'off' } : {}),
    ...own,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = binaries.commandLine('postgres', ['-D', inside(dataDir), ...flags]);
  // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
  const child = startChild({ name: 'database', command, args, dir, stopSignal: 'SIGINT', user });
  const adminUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  try {
    await waitUntil('the database', () => withClient(adminUrl, (client) => client.query('SELECT 1')), {
      timeoutMs: START_TIMEOUT_MS,
      child,
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { ...child, provider, timescaledb, host: '127.0.0.1', port, adminUrl };
}

async function initialise(binaries: Binaries, passwordFile: string): Promise<void> {
  const { dataDir, inside, user } = binaries;
  const password = randomBytes(18).toString('base64url');
  await mkdir(path.dirname(passwordFile), { recursive: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  // initdb runs as another user, in a root of its own perhaps: it gets a copy beside the data, for as long as it runs.
  const copy = `${dataDir}-password`;
  await writeFile(copy, password);
  // Whatever the umask says.
  await chmod(copy, 0o644);
  try {
    const [command, ...args] = binaries.commandLine('initdb', [
      '-D',
      inside(dataDir),
      '-U',
      SUPERUSER,
      '--auth=scram-sha-256',
      `--pwfile=${inside(copy)}`,
      '--encoding=UTF8',
      '--no-locale',
    ]);
    await run(command, args, { ...user });
  } finally {
    await rm(copy, { force: true });
  }
}
