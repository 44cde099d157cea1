import { z } from 'zod';
import type { Refusal, RejectionReason } from './rejection';
import type { EventRules } from './rules';
import { codePoints, isStorable } from './text';
import { EARLIEST_EVENT, formatTimestamp, parseTimestamp } from './timestamp';

export type Context = z.core.$RefinementCtx;

/** Has zod refuse a value of a field; `why` goes on after the value. */
export function refuse(context: Context, reason: RejectionReason, input: unknown, why?: string): never {
  context.issues.push({ code: 'custom', input, params: { reason, why } satisfies Refusal });
  return z.NEVER;
}

/** A text as it is stored: cleaned, not empty, of at most `maxLength` code points. */
export function toText(
  text: string,
  maxLength: number,
  clean: (text: string) => string,
  context: Context,
): string {
  if (!isStorable(text)) return refuse(context, 'invalid_character', text);
  const cleaned = clean(text);
  if (cleaned === '') return refuse(context, 'empty', text);
  if (codePoints(cleaned) > maxLength) return refuse(context, 'too_long', text);
  return cleaned;
}

/** An instant that is neither from before the first event that can be nor in the future. */
export function toInstant(text: string, rules: EventRules, context: Context): string {
  const parsed = parseTimestamp(text, rules.naiveTimezone);
  if (!parsed.ok) return refuse(context, parsed.problem, text, parsed.why);
  if (parsed.utc < EARLIEST_EVENT) return refuse(context, 'out_of_range', text);
  if (parsed.utc > formatTimestamp(rules.now() + rules.maxFutureSkewMs))
    return refuse(context, 'future_timestamp', text);
  return parsed.utc;
}
