import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@rastreio/runtime';
import type { Child } from './child';
import { HOPELESS, whatToDo } from './ends';

/** What can be started again by the same command. */
export type Restartable = Pick<Child, 'name' | 'logFile' | 'ended' | 'tail' | 'stop' | 'again'>;

/** A process that is started again when it ends by itself. */
export interface Supervised extends Pick<Child, 'name' | 'logFile' | 'tail' | 'stop' | 'isRunning'> {
  /** Settles with how it ended the last time, when it was stopped or is not started again any more. */
  readonly ended: Promise<string>;
}

export interface RestartLimits {
  /** One that ends more often than this ... */
  readonly atMost: number;
  /** ... in so long is given up. */
  readonly withinMs: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

const LIMITS: RestartLimits = { atMost: 5, withinMs: 300_000, firstDelayMs: 500, maxDelayMs: 8_000 };

/** Of the log of a part that is started again; of one that is given up there are more. */
const SHOWN_LINES = 3;
const LONGEST_LINE = 300;

/**
 * Starts a process again when it ends by itself, since all of ours go on where they stopped: services by what is committed, servers by
 * their logs. Gives up when it says that a person must act (78, 2), or ends again and again.
 */
export function supervise(
  first: Restartable,
  tell: (text: string) => void,
  { atMost, withinMs, ...delays }: RestartLimits = LIMITS,
): Supervised {
  const stopping = new AbortController();
  let current = first;
  let running = true;
  const watch = async (): Promise<string> => {
    let recent: number[] = [];
    /** Why it could not be started again, such as for a full disk. */
    let refused: string | undefined;
    for (;;) {
      const how = refused ?? (await current.ended);
      const now = Date.now();
      recent = [...recent.filter((at) => now - at < withinMs), now];
      if (stopping.signal.aborted || HOPELESS.includes(how) || recent.length > atMost) return how;
      tell(
        `${first.name} ended with ${how} and is started again (${recent.length} of ${atMost}); ${whatToDo(how)}, see ${first.logFile}`,
      );
      for (const line of refused === undefined ? lastLines(current) : []) tell(`  ${line}`);
      await sleep(backoffMs(recent.length - 1, { ...delays, random: Math.random }), undefined, {
        signal: stopping.signal,
      }).catch(() => undefined);
      if (stopping.signal.aborted) return how;
      try {
        current = current.again();
        refused = undefined;
      } catch (error) {
        refused = error instanceof Error ? error.message : String(error);
      }
    }
  };
  return {
    name: first.name,
    logFile: first.logFile,
    ended: watch().finally(() => (running = false)),
    isRunning: () => running,
    tail: (lines) => current.tail(lines),
    async stop(graceMs) {
      stopping.abort();
      await current.stop(graceMs);
    },
  };
}

/** Of this run alone. */
function lastLines(part: Restartable): string[] {
  return part
    .tail(SHOWN_LINES)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} ...` : line));
}
