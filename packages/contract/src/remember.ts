import { codePoints, isStorable } from './text';

/** Texts remembered with their cleaned form. Places and statuses are few; a feed of made-up ones only loses the speed. */
const MAX_REMEMBERED = 10_000;
/** A longer text is not worth the memory. */
const MAX_REMEMBERED_LENGTH = 300;

/** The cleaned form of a valid text, undefined of anything else. */
export function remember(
  clean: (text: string) => string,
  maxLength: number,
): (input: unknown) => string | undefined {
  const known = new Map<string, string>();
  return (input) => {
    if (typeof input !== 'string') return undefined;
    const hit = known.get(input);
    if (hit !== undefined) return hit;
    if (input.length > MAX_REMEMBERED_LENGTH || !isStorable(input)) return undefined;
    const cleaned = clean(input);
    if (cleaned === '' || codePoints(cleaned) > maxLength) return undefined;
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(input, cleaned);
    return cleaned;
  };
}
