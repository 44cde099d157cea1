import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { Child } from './child';

export interface WaitOptions {
  /** Left out for what takes as long as it takes, such as a recovery: then `child` or `signal` ends the wait. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Waited for; ends the wait at once when it is gone. */
  readonly child?: Pick<Child, 'name' | 'isRunning' | 'ended' | 'logFile' | 'tail'>;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told now and then what is still waited for, and why. */
  readonly tell?: ((text: string) => void) | undefined;
  readonly tellEveryMs?: number;
}

const TELL_EVERY_MS = 15_000;

/**
 * Asks again and again until `check` no longer throws. An OperatorError (78) of it ends the wait: only a person mends that.
 * @throws OperatorError that of `check`, or one with the last reason, after the time or the child's end
 */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T>,
  {
    timeoutMs = Infinity,
    everyMs = 250,
    child,
    signal,
    tell = () => undefined,
    tellEveryMs = TELL_EVERY_MS,
  }: WaitOptions,
): Promise<T> {
  const startedAt = Date.now();
  let told = startedAt;
  // A check may take minutes to see that nobody answers any more.
  const ends = child === undefined ? [] : [child.ended.then(() => Promise.reject<T>(new Error('it ended')))];
  for (const end of ends) end.catch(() => undefined);
  for (;;) {
    let reason: unknown;
    try {
      return await Promise.race([check(), ...ends]);
    } catch (error) {
      if (error instanceof OperatorError && error.exitCode === EXIT.config) throw error;
      reason = error;
    }
    const text = reason instanceof Error ? reason.message : String(reason);
    if (child?.isRunning() === false) {
      throw new OperatorError(
        `${child.name} ended with ${await child.ended}. The end of ${child.logFile}:\n${child.tail()}`,
      );
    }
    const now = Date.now();
    const waited = `${Math.round((now - startedAt) / 1000)} s`;
    if (now - startedAt > timeoutMs) {
      const log = child === undefined ? '' : `. The end of ${child.logFile}:\n${child.tail()}`;
      throw new OperatorError(`${what} was not ready after ${waited}: ${text}${log}`);
    }
    if (now - told >= tellEveryMs) {
      told = now;
      tell(
        `${what} has not answered for ${waited} (${text}); waiting${child === undefined ? '' : `, see ${child.logFile}`}`,
      );
    }
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}
