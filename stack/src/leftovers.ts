import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidFileOf, readPidFile } from './pidFile';
import { isStill, signalGroup, type Identity } from './processTable';

const GENTLE_MS = 60_000;
const POLL_MS = 50;

/**
 * Ends what an earlier run left behind when it was killed itself, one after the other as a stop would, and waits until each is gone: only
 * then are its port and its files free. What does not go is killed.
 * @returns the names
 */
export async function endLeftovers(
  dir: string,
  names: readonly string[],
  gentleMs = GENTLE_MS,
): Promise<string[]> {
  const ended: string[] = [];
  for (const name of names) {
    const known = readPidFile(dir, name);
    if (known !== undefined && isStill(known)) {
      process.kill(known.pid, known.stopSignal);
      if (!(await isGone(known, gentleMs))) {
        signalGroup(known.pid, 'SIGKILL');
        await isGone(known, Infinity);
      }
      // What it had started itself.
      signalGroup(known.pid, 'SIGKILL');
      ended.push(name);
    }
    rmSync(pidFileOf(dir, name), { force: true });
  }
  return ended;
}

async function isGone(process: Identity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isStill(process)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
