import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@rastreio/runtime';

const PATIENCE_MS = 120_000;

/** What is asked of a stack whose parts are killed. */
export interface KilledStack {
  readonly stackDir: string;
  /** All that the stack has told so far. */
  readonly notes: readonly string[];
  /** Rejects until everything works again: from an event that is sent to its row in the database, and the pages. */
  readonly works: () => Promise<void>;
}

/**
 * Kills each of these parts, one after the other, with SIGKILL: each is named with what to do, started again as another process, and then
 * everything works again.
 * @throws OperatorError with the part that does not come back
 */
export async function killParts(
  { stackDir, notes, works }: KilledStack,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const before = await pidOf(stackDir, name);
    if (before === undefined) throw new OperatorError(`${name} has no pid file, and is to be killed`);
    const told = notes.length;
    process.kill(before, 'SIGKILL');
    await until(`${name} is named and started again after kill -9`, async () => {
      const now = await pidOf(stackDir, name);
      const named = notes
        .slice(told)
        .some((note) => note.startsWith(`${name} ended with SIGKILL and is started again`));
      if (!named) throw new Error(`it was not named: ${JSON.stringify(notes.slice(told))}`);
      if (now === undefined || now === before) throw new Error('there is no other process');
    });
    await until(`everything works after kill -9 of ${name}`, works);
  }
}

async function pidOf(dir: string, name: string): Promise<number | undefined> {
  const text = await readFile(path.join(dir, 'run', `${name}.pid`), 'utf8').catch(() => '');
  return text === '' ? undefined : (JSON.parse(text) as { pid: number }).pid;
}

async function until(what: string, check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw new OperatorError(`not so: ${what}: ${(error as Error).message}`);
    }
    await sleep(100);
  }
}
