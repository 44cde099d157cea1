import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@rastreio/runtime';
import type { Child } from './child';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Waited for; ends the wait at once when it is gone. */
  readonly child?: Child;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Asks again and again until `check` no longer throws. @throws OperatorError with the last reason, after the time or the child's end */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T>,
  { timeoutMs, everyMs = 250, child, signal }: WaitOptions,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let reason: unknown;
    try {
      return await check();
    } catch (error) {
      reason = error;
    }
    if (child?.isRunning() === false) {
      throw new OperatorError(
        `${child.name} ended with ${await child.ended}. The end of ${child.logFile}:\n${child.tail()}`,
      );
    }
    if (Date.now() > deadline) {
      const text = reason instanceof Error ? reason.message : String(reason);
      const log = child === undefined ? '' : `. The end of ${child.logFile}:\n${child.tail()}`;
      throw new OperatorError(`${what} was not ready after ${Math.round(timeoutMs / 1000)} s: ${text}${log}`);
    }
    await sleep(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}
