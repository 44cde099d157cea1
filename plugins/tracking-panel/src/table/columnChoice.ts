import { type ColumnId } from './types';

/** A stored choice of columns; undefined where there is none that can be read. */
export function parseChoice(text: string | null | undefined): ColumnId[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Array.isArray(value) && value.length > 0 && value.every(isColumnId) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isColumnId = (value: unknown): value is ColumnId =>
  typeof value === 'string' && (['status', 'count', 'share'].includes(value) || value.startsWith('field:'));

type Hears = (ids: ColumnId[] | undefined) => void;

const hearing = new Map<string, Set<Hears>>();

/** Calls `hears` with every choice that is made under this key from now on; answers how to stop that. */
export function hearChoices(key: string, hears: Hears): () => void {
  const all = hearing.get(key) ?? new Set();
  hearing.set(key, all.add(hears));
  return () => {
    all.delete(hears);
  };
}

/** Tells a choice to all that are drawn under its key: a panel and its repetitions, which store one choice, show one. */
export function tellChoice(key: string, ids: ColumnId[] | undefined): void {
  hearing.get(key)?.forEach((hears) => hears(ids));
}
