import { z } from 'zod';
import { DEFAULT_MAX_FUTURE_SKEW_MS, type EventRules } from './rules';
import { isTimezone } from './timeZone';

const HOUR_MS = 3_600_000;

/** The settings by which whoever reads events judges them; each is an environment variable. */
export const eventSettings = {
  /** How far ahead a timestamp may lie. */
  MAX_FUTURE_SKEW_HOURS: z.coerce
    .number()
    .min(0)
    .default(DEFAULT_MAX_FUTURE_SKEW_MS / HOUR_MS),
  /** IANA zone for timestamps without offset; unset, they are rejected. */
  NAIVE_TIMEZONE: z
    .string()
    .refine(isTimezone, 'is no IANA time zone; use one such as America/Sao_Paulo')
    .optional(),
};

export interface EventSettings {
  readonly MAX_FUTURE_SKEW_HOURS: number;
  readonly NAIVE_TIMEZONE?: string | undefined;
}

/** The rules that the settings ask for. */
export function eventRules({ MAX_FUTURE_SKEW_HOURS, NAIVE_TIMEZONE }: EventSettings): EventRules {
  return {
    now: Date.now,
    maxFutureSkewMs: MAX_FUTURE_SKEW_HOURS * HOUR_MS,
    naiveTimezone: NAIVE_TIMEZONE,
  };
}
