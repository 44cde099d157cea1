import { cleanStatus, foldText, isKnownStatus, nearestStatus, STATUS_CATALOGUE } from '@rastreio/contract';
import { z } from 'zod';

/** Carriers' words, folded, and the status of the catalogue that each means. */
export type Aliases = ReadonlyMap<string, Alias>;

interface Alias {
  /** As the profile writes it. */
  readonly word: string;
  readonly status: string;
}

export interface Translation {
  /** A status of the catalogue, or the carrier's word as it came: nothing is guessed. */
  readonly status: string;
  readonly known: boolean;
}

/** A word or several of them. */
const words = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(
    z.string().trim().min(1, 'is empty; write a word, or take it out'),
    'use a word or a list of words',
  ),
);

/** A table of a profile: by status of the catalogue, the words for it. Each word, folded, may stand in it once. */
export const wordsByStatus = z.record(z.string(), words).transform((table, context) => {
  const meanings = new Map<string, Alias>();
  for (const [name, list] of Object.entries(table)) {
    const status = cleanStatus(name);
    if (!isKnownStatus(status)) {
      context.addIssue({ code: 'custom', path: [name], message: unknownStatus(name) });
      continue;
    }
    list.forEach((word, i) => {
      const other = meanings.get(foldText(word))?.status;
      if (other === undefined) meanings.set(foldText(word), { word, status });
      else
        context.addIssue({
          code: 'custom',
          path: [name, i],
          message: `${JSON.stringify(word)} means ${other} already (case and accents do not count); take one of them out`,
        });
    });
  }
  return meanings;
});

function unknownStatus(name: string): string {
  const nearest = nearestStatus(name);
  const hint =
    nearest === null
      ? `use one of ${STATUS_CATALOGUE.map(({ status }) => status).join(', ')}`
      : `did you mean ${nearest}?`;
  return `${JSON.stringify(name)} is no status of the catalogue; ${hint}`;
}

/** What a carrier's code and text mean: the code is looked for first, and what no table has is passed on as it came. Null: both are absent. */
export function translate(
  code: string | null,
  text: string | null,
  { codes, texts }: { readonly codes: Aliases; readonly texts: Aliases },
): Translation | null {
  const found =
    (code === null ? undefined : codes.get(foldText(code))) ??
    (text === null ? undefined : texts.get(foldText(text)));
  if (found !== undefined) return { status: found.status, known: true };
  const word = text ?? code;
  return word === null ? null : { status: word, known: isKnownStatus(cleanStatus(word)) };
}
