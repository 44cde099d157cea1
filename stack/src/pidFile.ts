import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { startTime } from './processTable';

const schema = z.object({
  pid: z.int(),
  startTime: z.string().optional(),
  /** What asks it to stop; earlier versions did not say. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT']).catch('SIGTERM'),
});

/** A process of ours, for a later run to find if this one is killed. */
export type KnownProcess = z.infer<typeof schema>;

export const pidFileOf = (dir: string, name: string): string => path.join(dir, 'run', `${name}.pid`);

/** Writes down which process runs under a name. */
export function writePidFile(
  dir: string,
  name: string,
  known: Pick<KnownProcess, 'pid' | 'stopSignal'>,
): void {
  writeFileSync(pidFileOf(dir, name), JSON.stringify({ ...known, startTime: startTime(known.pid) }));
}

/** Undefined where there is no file, or half of one: nothing to go by. */
export function readPidFile(dir: string, name: string): KnownProcess | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(pidFileOf(dir, name), 'utf8')));
  } catch {
    return undefined;
  }
}
