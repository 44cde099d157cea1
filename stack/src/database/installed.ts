import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { answers } from '../run';
import { startCluster } from './cluster';
import type { Provider } from './types';
import { makeDataDir, serverUser } from './user';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
/** TimescaleDB 2.29 dropped PostgreSQL 15. */
const OLDEST_MAJOR = 16;

/** A PostgreSQL with the TimescaleDB extension that is on this machine already: a private cluster from its binaries. */
export const installed: Provider = {
  name: 'installed',
  unavailable: async () =>
    (await find()) === undefined
      ? `no PostgreSQL ${OLDEST_MAJOR} or newer with TimescaleDB is installed`
      : null,
  async start(options) {
    const found = await find();
    if (found === undefined) throw new Error('asked to start although unavailable');
    const user = await serverUser();
    return startCluster(
      {
        provider: `${found.version} with TimescaleDB, installed on this machine`,
        timescaledb: true,
        commandLine: (program, args) => [path.join(found.binDir, program), ...args],
        inside: (file) => file,
        dataDir: await makeDataDir(options.dir, user),
        user,
      },
      options,
    );
  },
};

async function find(): Promise<{ binDir: string; version: string } | undefined> {
  for (const pgConfig of [...(await debianPgConfigs()), 'pg_config']) {
    const output = await answers(pgConfig, ['--bindir', '--sharedir', '--version']);
    const [binDir, shareDir, version] = output?.trim().split('\n') ?? [];
    if (binDir === undefined || shareDir === undefined || version === undefined) continue;
    const major = Number(/\d+/.exec(version)?.[0]);
    if (major >= OLDEST_MAJOR && existsSync(path.join(shareDir, 'extension', 'timescaledb.control')))
      return { binDir, version };
  }
  return undefined;
}

async function debianPgConfigs(): Promise<string[]> {
  const versions = await readdir(DEBIAN_VERSIONS).catch(() => []);
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((v) => path.join(DEBIAN_VERSIONS, v, 'bin', 'pg_config'));
}
