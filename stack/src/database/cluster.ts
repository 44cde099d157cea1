import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlstate, withClient } from '@rastreio/database';
import { EXIT, keepSecret, OperatorError, replaceFile } from '@rastreio/runtime';
import { startChild, type Child } from '../child';
import { run } from '../run';
import { waitUntil } from '../waitUntil';
import { holdsCluster, noteProvider } from './existing';
import type { DatabaseOptions, OwnProvider, RunningDatabase } from './types';
import type { ServerUser } from './user';

/** How a provider runs PostgreSQL's programs: directly, under another user, or in a root of their own. */
export interface Binaries {
  readonly name: OwnProvider;
  /** In words. */
  readonly provider: string;
  readonly timescaledb: boolean;
  /** Command line that runs `program` (initdb, postgres) with these arguments. */
  readonly commandLine: (program: string, args: readonly string[]) => readonly [string, ...string[]];
  /** How those programs see a file of the data folder. */
  readonly inside: (file: string) => string;
  readonly dataDir: string;
  /** Makes an empty folder that the server's user owns. */
  readonly makeFolder: (folder: string) => Promise<void>;
  /** The user to run them as; left out, the one we are. */
  readonly user?: ServerUser | undefined;
}

const SUPERUSER = 'postgres';
/** What PostgreSQL says while processes of a killed server have not ended yet; they do by themselves. */
const STILL_THERE = /pre-existing shared memory block .* is still in use/;
const START_TRIES = 20;
const RETRY_MS = 500;
/** PostgreSQL's class "invalid authorization". */
const WRONG_LOGIN = /^28/;

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
  // A query over years of weekly chunks locks each of them with its indexes, and a dashboard asks several at once.
  max_locks_per_transaction: '512',
  log_min_duration_statement: '5000',
};

/**
 * Makes the cluster if there is none, starts it on loopback and waits until it answers: for as long as its process lives, since a recovery
 * takes as long as it takes. A cluster made here that has never answered is taken away again.
 * @throws OperatorError when the server ends, (78) when it does not take our password; the reason of `signal`
 */
export async function startCluster(binaries: Binaries, options: DatabaseOptions): Promise<RunningDatabase> {
  const { dataDir } = binaries;
  const passwordFile = path.join(options.dir, 'superuser-password');
  const made = !(await holdsCluster(dataDir));
  if (made) await initialise(binaries, passwordFile, options.signal);
  try {
    return await serve(binaries, options, await readPassword(passwordFile, dataDir));
  } catch (error) {
    if (made) await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

async function serve(
  { commandLine, inside, dataDir, user, provider, timescaledb }: Binaries,
  { dir, port, settings: own = {}, signal, tell, tellEveryMs }: DatabaseOptions,
  password: string,
): Promise<RunningDatabase> {
  const settings = {
    ...SETTINGS,
    port: String(port),
    ...(timescaledb ? { shared_preload_libraries: 'timescaledb', 'timescaledb.telemetry_level': 'off' } : {}),
    ...own,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = commandLine('postgres', ['-D', inside(dataDir), ...flags]);
  // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
  const start = () => startChild({ name: 'database', command, args, dir, stopSignal: 'SIGINT', user });
  keepSecret(password);
  const adminUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
  const ready = async (child: Child) => {
    try {
      await waitUntil('the database', () => ask(adminUrl, dir), {
        child,
        signal,
        tell,
        ...(tellEveryMs === undefined ? {} : { tellEveryMs }),
      });
    } catch (error) {
      await child.stop();
      throw error;
    }
    return { ...child, provider, timescaledb, ownServer: true, host: '127.0.0.1', port, adminUrl };
  };
  for (let attempt = 1; ; attempt++) {
    const child = start();
    try {
      return await ready(child);
    } catch (error) {
      if (attempt === START_TRIES || !STILL_THERE.test(child.tail())) throw error;
      await sleep(RETRY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

async function ask(adminUrl: string, dir: string): Promise<void> {
  try {
    await withClient(adminUrl, (client) => client.query('SELECT 1'));
  } catch (thrown) {
    const error = thrown instanceof OperatorError ? thrown.cause : thrown;
    if (!WRONG_LOGIN.test(sqlstate(error) ?? '')) throw thrown;
    throw new OperatorError(
      `The database in ${dir} does not take the password in ${path.join(dir, 'superuser-password')} (${(error as Error).message}): put back the file that belongs to it`,
      EXIT.config,
      { cause: error },
    );
  }
}

async function readPassword(file: string, dataDir: string): Promise<string> {
  const password = (await readIfThere(file)).trim();
  if (password !== '') return password;
  throw new OperatorError(
    `${file} is missing or empty, and the database in ${dataDir} lets nobody in without it: put it back from a copy, or forget the data with --reset`,
    EXIT.config,
  );
}

/** A password once drawn stays: some cluster may have been made with it. */
async function drawPassword(file: string): Promise<string> {
  const known = (await readIfThere(file)).trim();
  if (known !== '') return known;
  const password = randomBytes(18).toString('base64url');
  await mkdir(path.dirname(file), { recursive: true });
  await replaceFile(file, password);
  return password;
}

async function readIfThere(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** Whole or not at all: one that was cut off in the middle would be taken for a cluster by the next start. */
async function initialise(binaries: Binaries, passwordFile: string, signal?: AbortSignal): Promise<void> {
  const { name, dataDir, inside, user, commandLine, makeFolder } = binaries;
  const password = await drawPassword(passwordFile);
  const fresh = `${dataDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await makeFolder(fresh);
  // initdb runs as another user, in a root of its own perhaps: it gets a copy beside the data, for as long as it runs.
  const copy = `${dataDir}-password`;
  await writeFile(copy, password);
  // Whatever the umask says.
  await chmod(copy, 0o644);
  try {
    const [command, ...args] = commandLine('initdb', [
      '-D',
      inside(fresh),
      '-U',
      SUPERUSER,
      '--auth=scram-sha-256',
      `--pwfile=${inside(copy)}`,
      '--encoding=UTF8',
      '--no-locale',
    ]);
    await run(command, args, { ...user, signal });
  } finally {
    await rm(copy, { force: true });
  }
  await noteProvider(fresh, name);
  await rename(fresh, dataDir);
}
