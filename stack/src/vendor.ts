import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processTable';
import { vendorDir } from './paths';

const POLL_MS = 500;

/**
 * The folder `name` of the vendor directory, made by `install` if it is not there. Installed whole or not at all: `install`
 * fills a temporary folder that is renamed at the end. Two processes asking at once wait for one another, until `signal` ends
 * the wait.
 */
export async function installOnce(
  name: string,
  install: (dir: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  const target = path.join(vendorDir(), name);
  const lock = `${target}.lock`;
  await mkdir(vendorDir(), { recursive: true });
  for (;;) {
    if (await exists(target)) return target;
    if (await takeLock(lock)) break;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  const staging = `${target}.new`;
  try {
    if (await exists(target)) return target;
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    await install(staging);
    await rename(staging, target);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(lock, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return open(file).then(
    async (handle) => (await handle.close(), true),
    () => false,
  );
}

/** A lock left by a process that is gone is taken over. */
async function takeLock(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (holder > 0 && !isAlive(holder)) await rm(lock, { force: true });
  return false;
}
