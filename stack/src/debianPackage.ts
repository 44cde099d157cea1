import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { answers, run } from './run';

export interface AptOptions {
  /** What the operator can do when it fails. */
  readonly hint?: string;
  readonly signal?: AbortSignal | undefined;
}

/** apt-get waits two minutes for a registry that does not answer, several times over. */
const PATIENCE = [
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::https::Timeout=20',
  '-o',
  'Acquire::Retries=1',
];

/** One at a time: apt-get locks its package lists, and a second one fails at once. */
let updates: Promise<unknown> = Promise.resolve();

/** Null where Debian packages can be fetched and unpacked, else one sentence that says why not. */
export async function debianPackagesUnavailable(what: string): Promise<string | null> {
  if (process.platform !== 'linux') return `${what} needs Linux`;
  return (await answers('apt-get', ['--version'])) === undefined ? `${what} needs apt-get` : null;
}

/**
 * Unpacks a package of this machine's Debian release into `dir`; nothing is installed on the machine itself.
 * @throws OperatorError with the end of apt-get's output and the hint
 */
export async function unpackDebianPackage(name: string, dir: string, options: AptOptions): Promise<void> {
  const folder = path.join(dir, '.package');
  await mkdir(folder, { recursive: true });
  const download = () => run('apt-get', ['download', name, ...PATIENCE], { ...options, cwd: folder });
  // A fresh machine has no package lists yet, and old lists name files that are gone.
  await download().catch(async () => {
    options.signal?.throwIfAborted();
    await update(options);
    await download();
  });
  const [archive = ''] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
  await run('dpkg', ['-x', path.join(folder, archive), dir], options);
  await rm(folder, { recursive: true });
}

async function update(options: AptOptions): Promise<void> {
  const mine = updates.then(() => run('apt-get', ['update', ...PATIENCE], options));
  updates = mine.catch(() => undefined);
  await mine;
}
