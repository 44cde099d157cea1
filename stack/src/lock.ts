import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatorError, replaceFile } from '@rastreio/runtime';
import { z } from 'zod';
import { isStill, ownIdentity } from './processTable';

const schema = z.object({
  pid: z.int(),
  startTime: z.string().optional(),
  /** It stops, and the lock is free soon. */
  stopping: z.boolean().optional(),
});
type Holder = z.infer<typeof schema>;

/** Longer than anybody takes between making a lock file and writing into it. */
const WRITTEN_MS = 1_000;

/** A stack takes some seconds to stop. */
const ASK_AGAIN_MS = 250;

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
    if (holder !== undefined) return holder.pid;
    await rm(file, { force: true });
  }
}

/** The lock of a stack's folder. */
export interface DirLock {
  /** Tells whoever starts a stack there meanwhile to wait. */
  readonly saysStopping: () => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Keeps a second stack out of the same folder. One that is stopping there is waited for.
 * @param tell is told once what is waited for
 * @throws OperatorError (78) when one runs there
 */
export async function lockDir(
  dir: string,
  tell: (text: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<DirLock> {
  const file = path.join(dir, 'lock');
  let told = false;
  for (;;) {
    const holder = await takeLock(file);
    if (holder === undefined) break;
    const { stopping = false } = (await holderOf(file)) ?? { stopping: true };
    if (!stopping)
      throw new OperatorError(
        `A stack runs in ${dir} already (process ${holder}): stop it with Ctrl-C there or "kill ${holder}", or use --dir and other ports`,
        EXIT.config,
      );
    if (!told) tell(`waiting for the stack of process ${holder}, which is stopping in ${dir}`);
    told = true;
    await sleep(ASK_AGAIN_MS, undefined, signal === undefined ? {} : { signal });
  }
  return {
    saysStopping: () => replaceFile(file, JSON.stringify({ ...ownIdentity(), stopping: true })),
    release: () => rm(file, { force: true }),
  };
}

/** The process of the stack that runs, or stops, in a folder; undefined where none does. */
export async function runningHolder(dir: string): Promise<number | undefined> {
  return (await readHolder(path.join(dir, 'lock')))?.pid;
}

/** The living process that holds a lock, as far as the file says. */
export async function readHolder(file: string): Promise<Holder | undefined> {
  const known = await read(file);
  return known !== undefined && isStill(known) ? known : undefined;
}

/** The same of a file that is perhaps being written. */
async function holderOf(file: string): Promise<Holder | undefined> {
  const known = (await read(file)) ?? (await sleep(WRITTEN_MS).then(() => read(file)));
  return known !== undefined && isStill(known) ? known : undefined;
}

/** Undefined where a lock is not whole. */
async function read(file: string): Promise<Holder | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Gone, half written, or of an earlier version: what it says is not known.
    return undefined;
  }
}
