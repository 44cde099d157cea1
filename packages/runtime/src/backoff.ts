export interface BackoffOptions {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Uniform in [0, 1); for tests. */
  readonly random?: () => number;
}

/**
 * How long to wait before the next try: exponential, capped, with full jitter over its upper half, so that many clients do not
 * come back at once (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt tries that have failed, from 0
 */
export function backoffMs(
  attempt: number,
  { firstDelayMs, maxDelayMs, random = Math.random }: BackoffOptions,
): number {
  const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempt, 30));
  return ceiling * (0.5 + random() / 2);
}

/** Seconds or a date of a Retry-After header (RFC 9110 section 10.2.3) as milliseconds from now; undefined if there is none. */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
