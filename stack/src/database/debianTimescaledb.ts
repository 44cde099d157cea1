import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { debianPackagesUnavailable, unpackDebianPackage } from '../debianPackage';
import { answers, run } from '../run';
import { installOnce } from '../vendor';
import { startCluster } from './cluster';
import type { Provider } from './types';

const SUITE = 'trixie';
const PACKAGE = 'postgresql-17-timescaledb';
const BIN = '/usr/lib/postgresql/17/bin';
const MOUNT = 'data';

/** What a server does not need of the root: just-in-time compiler, package lists, documentation. */
const TRIM = [
  'usr/lib/llvm-19',
  'var/cache/apt',
  'var/lib/apt/lists',
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/i18n',
];

/**
 * TimescaleDB (Apache edition) and PostgreSQL 17 from Debian's package registry, unpacked into a private root folder, for
 * Debian-like systems of any release. Nothing is installed on the machine itself.
 */
export const debianTimescaledb: Provider = {
  name: 'timescaledb',
  async unavailable() {
    const reason = await debianPackagesUnavailable('Debian’s TimescaleDB package');
    if (reason !== null) return reason;
    if (isRoot()) return null;
    return (await answers('unshare', ['-U', '-r', 'true'])) === undefined
      ? 'this user may not make user namespaces (unshare -U)'
      : null;
  },
  async start(options) {
    const root = await privateRoot(options.dir);
    const dataDir = path.join(root, MOUNT, 'pg');
    if (!existsSync(dataDir)) {
      await mkdir(path.dirname(dataDir), { recursive: true });
      await mkdir(dataDir, { mode: 0o700 });
      if (isRoot()) await run('chroot', [root, 'chown', '-R', 'postgres:postgres', `/${MOUNT}`]);
    }
    return startCluster(
      {
        provider: 'PostgreSQL 17 with TimescaleDB (Apache edition) from Debian’s packages',
        timescaledb: true,
        commandLine: (program, args) => [...inRoot(root, program), ...args],
        inside: (file) => `/${path.relative(root, file)}`,
        dataDir,
      },
      options,
    );
  },
};

/** Command line of one of PostgreSQL's programs out of these packages, which need no server of their own; null where they cannot be had. */
export async function debianProgram(program: string): Promise<readonly [string, ...string[]] | null> {
  if ((await debianTimescaledb.unavailable()) !== null) return null;
  return inRoot(await installOnce(`${SUITE}-${PACKAGE}`, unpack), program);
}

const isRoot = () => process.getuid?.() === 0;

function inRoot(root: string, program: string): [string, ...string[]] {
  const command = `${BIN}/${program}`;
  return isRoot()
    ? ['chroot', '--userspec=postgres', root, command]
    : ['unshare', '-U', '--map-user=1000', '--keep-caps', 'chroot', root, command];
}

/** The stack's own root: hard links to the shared one, so that each stack keeps its data beside its programs at no cost. */
async function privateRoot(dir: string): Promise<string> {
  const shared = await installOnce(`${SUITE}-${PACKAGE}`, unpack);
  const root = path.join(dir, 'database', 'root');
  if (!existsSync(path.join(root, 'usr'))) {
    await mkdir(path.dirname(root), { recursive: true });
    await rm(root, { recursive: true, force: true });
    await run('cp', ['-al', shared, root]).catch(async () => {
      // Another file system: no hard links.
      await rm(root, { recursive: true, force: true });
      await cp(shared, root, { recursive: true, verbatimSymlinks: true });
    });
  }
  return root;
}

async function unpack(dir: string): Promise<void> {
  const hint =
    'Check that apt-get reaches its package registry (apt-get update), or use --database embedded.';
  const tools = path.join(dir, 'tools');
  await mkdir(tools);
  await unpackDebianPackage('debootstrap', tools, { hint });
  // Not "root": its content, which has a folder of that name, moves up one level at the end.
  const root = path.join(dir, 'debootstrap');
  const debootstrap = path.join(tools, 'usr', 'sbin', 'debootstrap');
  const args = ['--variant=minbase', `--include=${PACKAGE}`, SUITE, root];
  const env = { ...process.env, DEBOOTSTRAP_DIR: path.join(tools, 'usr', 'share', 'debootstrap') };
  if (isRoot()) await run(debootstrap, args, { env, hint });
  else await run('unshare', ['-U', '-r', '--map-auto', debootstrap, ...args], { env, hint });
  for (const part of TRIM) await rm(path.join(root, part), { recursive: true, force: true });
  await rm(tools, { recursive: true });
  for (const entry of await readdir(root)) await run('mv', [path.join(root, entry), path.join(dir, entry)]);
  await rm(root, { recursive: true });
}
