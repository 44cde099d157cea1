import { setTimeout as sleep } from 'node:timers/promises';

/** What a promise gives, or undefined where it takes longer; it is then left alone. @throws what the promise throws in time */
export async function within<T>(ms: number, promise: Promise<T> | undefined): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}
