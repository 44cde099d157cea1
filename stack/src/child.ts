import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@rastreio/runtime';
import { closeLog, openLog, shortenLog } from './logFile';
import { pidFileOf, writePidFile, type KnownProcess } from './pidFile';
import { signalGroup } from './processTable';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Holds `logs/NAME.log` and `run/NAME.pid`. */
  readonly dir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks it to stop. */
  readonly stopSignal?: KnownProcess['stopSignal'];
  /** How long it may take to stop before it is killed. */
  readonly stopTimeoutMs?: number;
}

/** A process of ours: its output goes to a log file, it can be waited for, stopped and killed. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when it has ended, with how. Never rejects. */
  readonly ended: Promise<string>;
  isRunning(): boolean;
  /** Asks it to stop and kills it if it does not, after its own time or this one. */
  stop(graceMs?: number): Promise<void>;
  kill(): void;
  /** The end of its log, as far as it is of this process. */
  tail(lines?: number): string;
  /** Starts the same once more, when it has ended. */
  again(): Child;
}

const DEFAULT_STOP_TIMEOUT_MS = 30_000;
const SHORTEN_EVERY_MS = 60_000;

/** Starts a process in a session of its own, so that Ctrl-C reaches only us and we decide the order of stopping. */
export function startChild(options: ChildOptions): Child {
  const {
    name,
    command,
    args,
    dir,
    stopSignal = 'SIGTERM',
    stopTimeoutMs = DEFAULT_STOP_TIMEOUT_MS,
  } = options;
  const logFile = path.join(dir, 'logs', `${name}.log`);
  const pidFile = pidFileOf(dir, name);
  for (const file of [logFile, pidFile]) mkdirSync(path.dirname(file), { recursive: true });
  const log = openLog(logFile);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log.descriptor, log.descriptor],
    detached: true,
    ...options.user,
  });
  closeLog(log);
  let noted = false;
  const ended = endOf(child, () => {
    if (noted) rmSync(pidFile, { force: true });
  });
  const { pid } = child;
  if (pid === undefined) throw new OperatorError(`${command} cannot be run; is it installed and on PATH?`);
  try {
    writePidFile(dir, name, { pid, stopSignal });
    noted = true;
  } catch (error) {
    // On a full disk: were we killed, the next start could not find it. When it has ended, the file may be that of its successor.
    signalGroup(pid, 'SIGKILL');
    rmSync(pidFile, { force: true });
    throw error;
  }
  const shortening = setInterval(() => shortenLog(logFile), SHORTEN_EVERY_MS).unref();
  let running = true;
  void ended.then(() => {
    running = false;
    clearInterval(shortening);
  });
  const kill = () => signalGroup(pid, 'SIGKILL');
  return {
    name,
    pid,
    logFile,
    ended,
    isRunning: () => running,
    kill,
    async stop(graceMs = stopTimeoutMs) {
      if (!running) return;
      child.kill(stopSignal);
      const timer = new AbortController();
      const late = sleep(graceMs, 'late' as const, { signal: timer.signal }).catch(() => 'stopped' as const);
      if ((await Promise.race([ended, late])) === 'late') kill();
      timer.abort();
      await ended;
    },
    tail: (lines = 15) => log.tail(lines),
    again: () => startChild(options),
  };
}

/** How a process ended, in words. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit code ${code}`;
}

function endOf(child: ChildProcess, forget: () => void): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      forget();
      resolve(describeExit(code, signal));
    });
  });
}
