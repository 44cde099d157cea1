import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process with this id exists (it may be another user's). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process was started, as a text to compare: with the id it tells a process from a later one of the same id. */
export function startTime(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    // Field 22 of /proc/PID/stat, counted after the name in parentheses, which may hold spaces (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // No such process, which is the answer.
    return undefined;
  }
}

/** What a file says about the process that wrote it: enough to tell it from a later one of the same id. */
export interface Identity {
  readonly pid: number;
  readonly startTime?: string | undefined;
}

/** Ours. */
export function ownIdentity(): Identity {
  return { pid: process.pid, startTime: startTime(process.pid) };
}

/** Whether the very process is still there. */
export function isStill({ pid, startTime: startedAt }: Identity): boolean {
  return pid > 0 && isAlive(pid) && startTime(pid) === startedAt;
}

/** Signals a process and all that it has started in its session; no error when they are gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
