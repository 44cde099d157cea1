import { distance } from 'fastest-levenshtein';
import { STATUS_CATALOGUE } from './statusCatalogue';

/** Of a text's letters, how many may differ. */
const LETTERS_PER_DIFFERENCE = 4;

/**
 * The known status that a text probably means: the same but for accents and signs, or for a few letters, in Portuguese or by its English
 * name. Only a hint for people; an event keeps the status that it has. Null: none is near.
 *
 * @param catalogue left out, the statuses that are shipped
 */
export function nearestStatus(
  text: string,
  catalogue: readonly { readonly status: string; readonly english?: string }[] = STATUS_CATALOGUE,
): string | null {
  const sought = lettersOf(text);
  const [best] = catalogue
    .flatMap(({ status, english }) =>
      [status, english ?? status].map((name) => ({ status, differences: distance(sought, lettersOf(name)) })),
    )
    .sort((a, b) => a.differences - b.differences);
  const isNear = best !== undefined && best.differences <= Math.floor(sought.length / LETTERS_PER_DIFFERENCE);
  return isNear ? best.status : null;
}

function lettersOf(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}
