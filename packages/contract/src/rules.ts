/** What depends on who reads events, and when. */
export interface EventRules {
  /** Milliseconds since the epoch: what "the future" is measured against. */
  readonly now: () => number;
  /** How far ahead of `now` a timestamp may lie, in milliseconds (clocks differ). */
  readonly maxFutureSkewMs: number;
  /** IANA zone for timestamps without offset; left out, they are rejected. */
  readonly naiveTimezone?: string | undefined;
}

export const DEFAULT_MAX_FUTURE_SKEW_MS = 24 * 3_600_000;

export const DEFAULT_RULES: EventRules = { now: Date.now, maxFutureSkewMs: DEFAULT_MAX_FUTURE_SKEW_MS };
