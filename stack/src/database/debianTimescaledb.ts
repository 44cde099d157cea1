import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { debianPackagesUnavailable, unpackDebianPackage } from '../debianPackage';
import { run } from '../run';
import { installOnce } from '../vendor';
import { startCluster } from './cluster';
import { debianDataDir, debianRoot } from './existing';
import type { Provider } from './types';

const SUITE = 'trixie';
const PACKAGE = 'postgresql-17-timescaledb';
const BIN = '/usr/lib/postgresql/17/bin';

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
  unavailable,
  async start(options) {
    const root = await privateRoot(options.dir, options.signal);
    const inside = (file: string) => `/${path.relative(root, file)}`;
    return startCluster(
      {
        name: 'timescaledb',
        provider: 'PostgreSQL 17 with TimescaleDB (Apache edition) from Debian’s packages',
        timescaledb: true,
        commandLine: (program, args) => [...inRoot(root, program), ...args],
        inside,
        dataDir: debianDataDir(options.dir),
        async makeFolder(folder) {
          await mkdir(path.dirname(folder), { recursive: true });
          await mkdir(folder, { mode: 0o700 });
          await run('chroot', [root, 'chown', 'postgres:postgres', inside(folder)]);
        },
      },
      options,
    );
  },
};

/** Command line of one of PostgreSQL's programs out of these packages, which need no server of their own; null where they cannot be had. */
export async function debianProgram(program: string): Promise<readonly [string, ...string[]] | null> {
  if ((await unavailable()) !== null) return null;
  return inRoot(await sharedRoot(), program);
}

async function unavailable(): Promise<string | null> {
  const reason = await debianPackagesUnavailable('Debian’s TimescaleDB package');
  if (reason !== null) return reason;
  // Its tool makes device files, which no user namespace allows.
  return process.getuid?.() === 0 ? null : 'Debian’s TimescaleDB package is unpacked by root only';
}

function inRoot(root: string, program: string): [string, ...string[]] {
  return ['chroot', '--userspec=postgres', root, `${BIN}/${program}`];
}

const sharedRoot = (signal?: AbortSignal) =>
  installOnce(`${SUITE}-${PACKAGE}`, (dir) => unpack(dir, signal), signal);

/**
 * The stack's own root: hard links to the shared one, so that each stack keeps its data beside its programs at no cost. Made whole or
 * not at all; data that are there already stay.
 */
async function privateRoot(dir: string, signal?: AbortSignal): Promise<string> {
  const shared = await sharedRoot(signal);
  const root = debianRoot(dir);
  if (existsSync(path.join(root, 'usr'))) return root;
  const fresh = `${root}.new`;
  await mkdir(path.dirname(root), { recursive: true });
  await rm(fresh, { recursive: true, force: true });
  await run('cp', ['-al', shared, fresh], { signal }).catch(async () => {
    signal?.throwIfAborted();
    // Another file system: no hard links.
    await rm(fresh, { recursive: true, force: true });
    await cp(shared, fresh, { recursive: true, verbatimSymlinks: true });
  });
  await mkdir(root, { recursive: true });
  // What shows that it is whole comes last.
  const names = (await readdir(fresh)).sort((a, b) => Number(a === 'usr') - Number(b === 'usr'));
  for (const name of names) {
    await rm(path.join(root, name), { recursive: true, force: true });
    await rename(path.join(fresh, name), path.join(root, name));
  }
  await rm(fresh, { recursive: true });
  return root;
}

async function unpack(dir: string, signal?: AbortSignal): Promise<void> {
  const hint =
    'Check that apt-get reaches its package registry (apt-get update), or use --database embedded.';
  const tools = path.join(dir, 'tools');
  await mkdir(tools);
  await unpackDebianPackage('debootstrap', tools, { hint, signal });
  // Not "root": its content, which has a folder of that name, moves up one level at the end.
  const root = path.join(dir, 'debootstrap');
  const debootstrap = path.join(tools, 'usr', 'sbin', 'debootstrap');
  const args = ['--variant=minbase', `--include=${PACKAGE}`, SUITE, root];
  const env = { ...process.env, DEBOOTSTRAP_DIR: path.join(tools, 'usr', 'share', 'debootstrap') };
  await run(debootstrap, args, { env, hint, signal });
  for (const part of TRIM) await rm(path.join(root, part), { recursive: true, force: true });
  await rm(tools, { recursive: true });
  for (const entry of await readdir(root)) await run('mv', [path.join(root, entry), path.join(dir, entry)]);
  await rm(root, { recursive: true });
}
