import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@rastreio/runtime';
import { isAlive, startTime } from './processTable';

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
  readonly stopSignal?: NodeJS.Signals;
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
  /** Asks it to stop and kills it if it does not. */
  stop(): Promise<void>;
  kill(): void;
  /** The end of its log. */
  tail(lines?: number): string;
}

const DEFAULT_STOP_TIMEOUT_MS = 30_000;

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
  const pidFile = path.join(dir, 'run', `${name}.pid`);
  for (const file of [logFile, pidFile]) mkdirSync(path.dirname(file), { recursive: true });
  const output = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', output, output],
    detached: true,
    ...options.user,
  });
  closeSync(output);
  const ended = endOf(child, pidFile);
  const { pid } = child;
  if (pid === undefined) throw new OperatorError(`${command} cannot be run; is it installed and on PATH?`);
  writeFileSync(pidFile, JSON.stringify({ pid, startTime: startTime(pid) }));
  let running = true;
  void ended.then(() => (running = false));
  const kill = () => signalGroup(pid, 'SIGKILL');
  return {
    name,
    pid,
    logFile,
    ended,
    isRunning: () => running,
    kill,
    async stop() {
      if (!running) return;
      child.kill(stopSignal);
      const timer = new AbortController();
      const late = sleep(stopTimeoutMs, 'late' as const, { signal: timer.signal }).catch(
        () => 'stopped' as const,
      );
      if ((await Promise.race([ended, late])) === 'late') kill();
      timer.abort();
      await ended;
    },
    tail: (lines = 15) => tailOf(logFile, lines),
  };
}

/** Ends what an earlier run left behind when it was killed itself. Tells the names. */
export function killLeftovers(dir: string, names: readonly string[]): string[] {
  return names.filter((name) => {
    const pidFile = path.join(dir, 'run', `${name}.pid`);
    let known: { pid: number; startTime?: string };
    try {
      known = JSON.parse(readFileSync(pidFile, 'utf8')) as typeof known;
    } catch {
      // No file, or half of one: nothing to go by.
      return false;
    }
    rmSync(pidFile, { force: true });
    if (!isAlive(known.pid) || startTime(known.pid) !== known.startTime) return false;
    signalGroup(known.pid, 'SIGKILL');
    return true;
  });
}

function endOf(child: ChildProcess, pidFile: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      rmSync(pidFile, { force: true });
      resolve(signal === null ? `exit code ${code}` : signal);
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function tailOf(file: string, lines: number): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
