import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@rastreio/runtime';
import { serviceChild, startChild, type Child } from '@rastreio/stack';

/** Short, so that a run sees many sessions and waits end. */
const SETTINGS = {
  SESSION_TIMEOUT_MS: '6000',
  // A fetched answer is decoded in one go, without heartbeats: as much as such a session has time for on a busy machine.
  FETCH_MAX_BYTES: '8388608',
  WRITER_LOCK_TIMEOUT_MS: '2000',
  WRITER_QUERY_TIMEOUT_MS: '8000',
  METRICS_PORT: '0',
  LOG_LEVEL: 'info',
  NODE_ENV: 'production',
};

/** How long a consumer may take from its start to its failpoint. */
const FAILPOINT_LIMIT_MS = 240_000;

/** Consumer processes by name. One that ends without having been told to is a finding. */
export interface Consumers {
  readonly names: () => string[];
  readonly start: (name: string, more?: Readonly<Record<string, string>>) => void;
  /** SIGKILL. */
  readonly kill: (name: string) => Promise<void>;
  /** SIGTERM. @throws OperatorError unless it ends with exit code 0 */
  readonly stop: (name: string) => Promise<void>;
  readonly freeze: (name: string) => void;
  readonly thaw: (name: string) => void;
  /** Settles when a consumer that was started with a FAILPOINT has reached it. @throws OperatorError if it ends otherwise */
  readonly reachedFailpoint: (name: string) => Promise<void>;
  /** @throws OperatorError naming a consumer that ended by itself, with the end of its log */
  readonly assertRunning: () => void;
  /** The most memory any of them has held so far, MB (resident set, the kernel's own high-water mark). */
  readonly peakMb: () => number;
  readonly killAll: () => void;
}

/** Consumers of one broker and database, with the given environment. */
export function createConsumers(dir: string, env: Readonly<Record<string, string>>): Consumers {
  const running = new Map<string, Child>();
  const lives = new Map<string, number>();
  let peakKb = 0;
  const child = (name: string): Child => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`there is no consumer ${name}`);
    return found;
  };
  const release = (name: string): Child => {
    sample();
    const found = child(name);
    running.delete(name);
    return found;
  };
  const sample = () => {
    for (const { pid } of running.values()) peakKb = Math.max(peakKb, highWaterKb(pid));
  };
  return {
    names: () => [...running.keys()],
    start(name, more = {}) {
      // A log for each life.
      const life = (lives.get(name) ?? 0) + 1;
      lives.set(name, life);
      const environment = { ...SETTINGS, ...env, ...more };
      running.set(name, startChild(serviceChild(`${name}.${life}`, 'consumer', [], dir, environment)));
    },
    async kill(name) {
      const victim = release(name);
      victim.kill();
      await victim.ended;
    },
    async stop(name) {
      const leaving = release(name);
      await leaving.stop();
      const how = await leaving.ended;
      // A process that has said nothing yet is still loading its code: the signal ends it before there is anything to stop.
      const loading = how === 'SIGTERM' && leaving.tail() === '';
      if (how !== 'exit code 0' && !loading)
        throw new OperatorError(
          `${name} was asked to stop and ended with ${how}. Its log:\n${leaving.tail()}`,
        );
    },
    freeze: (name) => void process.kill(child(name).pid, 'SIGSTOP'),
    thaw: (name) => void process.kill(child(name).pid, 'SIGCONT'),
    async reachedFailpoint(name) {
      const armed = release(name);
      const timer = new AbortController();
      const late = sleep(FAILPOINT_LIMIT_MS, 'nothing yet', { signal: timer.signal });
      const how = await Promise.race([armed.ended, late]);
      timer.abort();
      if (armed.isRunning()) armed.kill();
      if (how !== 'SIGKILL')
        throw new OperatorError(
          `${name} was to end at a failpoint and ended with ${how}. Its log:\n${armed.tail()}`,
        );
    },
    assertRunning() {
      for (const [name, found] of running)
        if (!found.isRunning())
          throw new OperatorError(`${name} ended by itself. Its log:\n${found.tail(40)}`);
    },
    peakMb: () => (sample(), Math.round(peakKb / 1024)),
    killAll: () => [...running.values()].forEach((found) => found.kill()),
  };
}

/** Zero for a process that is gone, or on a system without /proc. */
function highWaterKb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    // Ended in the meantime: its earlier samples count.
    return 0;
  }
}
