import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { isAlive, startTime } from './processTable';

/** Keeps a second stack out of the same folder. Returns what lets go of it. @throws OperatorError (78) when one runs there */
export async function lockDir(dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true });
  const file = path.join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startTime: startTime(process.pid) });
  try {
    await writeFile(file, mine, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = JSON.parse((await readFile(file, 'utf8')) || '{"pid":0}') as {
      pid: number;
      startTime?: string;
    };
    if (holder.pid > 0 && isAlive(holder.pid) && startTime(holder.pid) === holder.startTime) {
      throw new OperatorError(
        `A stack runs in ${dir} already (process ${holder.pid}): stop it with Ctrl-C there, or use --dir and other ports`,
        EXIT.config,
      );
    }
    await writeFile(file, mine);
  }
  return () => rm(file, { force: true });
}
