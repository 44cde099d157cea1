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
