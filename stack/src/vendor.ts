import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeLock } from './lock';
import { vendorDir } from './paths';

const POLL_MS = 500;

/** Whether `installOnce` has been here. */
export function isInstalled(name: string, env?: NodeJS.ProcessEnv): boolean {
  return existsSync(path.join(vendorDir(env), name));
}

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
    if (existsSync(target)) return target;
    if ((await takeLock(lock)) === undefined) break;
    await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  // Of our own name: tools of a run that was killed may still be writing into theirs.
  const staging = `${target}.new-${process.pid}`;
  try {
    if (existsSync(target)) return target;
    await removeLeftovers(`${name}.new`);
    await mkdir(staging, { recursive: true });
    await install(staging);
    await rename(staging, target);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(lock, { force: true });
  }
}

/** What runs that were killed had begun. What cannot be removed now is only in nobody's way. */
async function removeLeftovers(prefix: string): Promise<void> {
  const names = (await readdir(vendorDir())).filter((name) => name.startsWith(prefix));
  for (const name of names)
    await rm(path.join(vendorDir(), name), { recursive: true, force: true }).catch(() => undefined);
}
