import { z } from 'zod';
import type { Refusal, RejectionReason } from './rejection';
import { codePoints, isStorable } from './text';

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
