import type { Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { PROBLEMS, RefusedError } from './problem';
import type { HttpLimits } from './httpLimits';

/**
 * A body's bytes as long as they come fast enough: each byte earns its sender time to bring the next ones, up to
 * `bodyStallMs`. Only time in which we wait for the sender counts, not time in which the sender waits for us. Leaving early
 * leaves the stream open.
 *
 * @throws RefusedError (408)
 */
export async function* paced(
  body: Readable,
  { bodyStallMs, bodyBytesPerSecond }: Pick<HttpLimits, 'bodyStallMs' | 'bodyBytesPerSecond'>,
): AsyncGenerator<Buffer> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  let leftMs = bodyStallMs;
  for (;;) {
    const askedAt = performance.now();
    const result = await within(leftMs, chunks.next());
    if (result === undefined)
      throw new RefusedError(
        PROBLEMS.tooSlow(
          `the body brought fewer than ${bodyBytesPerSecond} bytes a second for ${bodyStallMs / 1000} seconds`,
        ),
      );
    if (result.done === true) return;
    const earnedMs = (result.value.length / bodyBytesPerSecond) * 1000;
    leftMs = Math.min(bodyStallMs, Math.max(0, leftMs - (performance.now() - askedAt)) + earnedMs);
    yield result.value;
  }
}

/** What the promise gives within this time, else undefined. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal })
    // A process that stood still itself first looks at what has arrived meanwhile.
    .then(() => turn(undefined))
    .catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    // Where it comes too late, its failure is of no interest.
    promise.catch(() => undefined);
  }
}
