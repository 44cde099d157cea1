import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { bringUp, type StackParts } from './bringUp';
import { makeStackFolder } from './checks';
import { endLeftovers } from './leftovers';
import { lockDir } from './lock';
import { assertResettable, type StackOptions } from './options';
import type { Progress } from './progress';
import { stopAll, type Stoppable } from './stopAll';

/** A stack that runs, and can be stopped. */
export interface Stack extends StackParts {
  /** In a hurry after something has failed. */
  readonly stop: (hurry?: boolean) => Promise<void>;
}

const CHILDREN = [
  'simulator',
  'notices',
  'preview',
  'grafana',
  'prometheus',
  'http',
  'consumer',
  'kafka',
  'database',
];

/** Deletes what a stack keeps in its folder; the downloaded programs stay. */
async function resetStack(dir: string): Promise<void> {
  const entries = await readdir(dir).catch(() => []);
  assertResettable(dir, entries);
  for (const entry of entries.filter((e) => e !== 'vendor' && e !== 'lock'))
    await rm(path.join(dir, entry), { recursive: true, force: true });
}

/**
 * Starts everything and waits until each part is ready. When anything fails or `signal` aborts, what has been started is stopped again
 * before the error is thrown.
 */
export async function startStack(
  options: StackOptions,
  progress: Progress,
  signal: AbortSignal,
  reset = false,
): Promise<Stack> {
  await makeStackFolder(options.dir);
  const lock = await lockDir(options.dir, (text) => progress.note(text), signal);
  const started: Stoppable[] = [];
  let stopping: Promise<void> | undefined;
  const ending = new AbortController();
  const stop = (hurry = false) => {
    ending.abort();
    const said = lock
      .saysStopping()
      // A full disk: whoever starts a stack now is told that one runs here, and this one stops all the same.
      .catch((error: Error) => progress.note(`${error.message}; a start meanwhile will not wait`));
    return (stopping ??= said.then(() => stopAll(started, hurry)).finally(lock.release));
  };
  try {
    const leftovers = await endLeftovers(options.dir, CHILDREN);
    if (leftovers.length > 0) progress.note(`ended what an earlier run left behind: ${leftovers.join(', ')}`);
    if (reset) await progress.step('Data of earlier runs deleted', () => resetStack(options.dir));
    const stack = await bringUp(options, progress, AbortSignal.any([signal, ending.signal]), started);
    return { ...stack, stop };
  } catch (error) {
    await stop(true);
    throw error;
  }
}
