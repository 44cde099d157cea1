import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { answers } from '../run';
import { startCluster } from './cluster';
import { majorOf, ownDataDir } from './existing';
import type { Provider } from './types';
import { makeDataFolder, serverUser } from './user';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';
/** TimescaleDB 2.29 dropped PostgreSQL 15. */
const OLDEST_MAJOR = 16;

/** A PostgreSQL with the TimescaleDB extension that is on this machine already: a private cluster from its binaries. */
export const installed: Provider = {
  name: 'installed',
  async unavailable(dir) {
    const major = await majorOf(ownDataDir(dir));
    if ((await find(major)) !== undefined) return null;
    return `no PostgreSQL ${major ?? `${OLDEST_MAJOR} or newer`} with TimescaleDB is installed`;
  },
  async start(options) {
    const found = await find(await majorOf(ownDataDir(options.dir)));
    if (found === undefined) throw new Error('asked to start although unavailable');
    const user = await serverUser();
    return startCluster(
      {
        name: 'installed',
        provider: `${found.version} with TimescaleDB, installed on this machine`,
        timescaledb: true,
        commandLine: (program, args) => [path.join(found.binDir, program), ...args],
        inside: (file) => file,
        dataDir: ownDataDir(options.dir),
        makeFolder: (folder) => makeDataFolder(options.dir, folder, user),
        user,
      },
      options,
    );
  },
};

/** The newest one, or that of a cluster's major version. */
async function find(wanted: number | undefined): Promise<{ binDir: string; version: string } | undefined> {
  for (const pgConfig of [...(await debianPgConfigs()), 'pg_config']) {
    const output = await answers(pgConfig, ['--bindir', '--sharedir', '--version']);
    const [binDir, shareDir, version] = output?.trim().split('\n') ?? [];
    if (binDir === undefined || shareDir === undefined || version === undefined) continue;
    const major = Number(/\d+/.exec(version)?.[0]);
    const fits = wanted === undefined ? major >= OLDEST_MAJOR : major === wanted;
    if (fits && existsSync(path.join(shareDir, 'extension', 'timescaledb.control')))
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
