import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { z } from 'zod';
import { isStill, ownIdentity } from './processTable';

const schema = z.object({ pid: z.int(), startTime: z.string().optional() });

/** Longer than anybody takes between making a lock file and writing into it. */
const WRITTEN_MS = 1_000;

/**
 * Takes a lock file, also that of a process which is gone or died while it wrote it.
 * @returns undefined when it is ours now, else the id of its holder
 */
export async function takeLock(file: string): Promise<number | undefined> {
  const mine = JSON.stringify(ownIdentity());
  for (;;) {
    try {
      await writeFile(file, mine, { flag: 'wx' });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await holderOf(file);
    if (holder !== undefined) return holder;
    await rm(file, { force: true });
  }
}

/** Keeps a second stack out of the same folder. Returns what lets go of it. @throws OperatorError (78) when one runs there */
export async function lockDir(dir: string): Promise<() => Promise<void>> {
  const file = path.join(dir, 'lock');
  const holder = await takeLock(file);
  if (holder !== undefined)
    throw new OperatorError(
      `A stack runs in ${dir} already (process ${holder}): stop it with Ctrl-C there or "kill ${holder}", or use --dir and other ports`,
      EXIT.config,
    );
  return () => rm(file, { force: true });
}

/** The living process that holds a lock. */
async function holderOf(file: string): Promise<number | undefined> {
  const known = (await read(file)) ?? (await sleep(WRITTEN_MS).then(() => read(file)));
  return known !== undefined && isStill(known) ? known.pid : undefined;
}

/** Undefined where a lock is not whole. */
async function read(file: string) {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Gone, half written, or of an earlier version: what it says is not known.
    return undefined;
  }
}
