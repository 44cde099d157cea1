import { type TableColumn } from './columns';
import { MOST_STATUSES } from '../statuses/others';
import { collator } from '../statuses/slices';
import { type Slice } from '../statuses/types';

export interface TableSort {
  column: TableColumn['id'];
  direction: 'asc' | 'desc';
}

/** The next state of a clicked header: its natural direction (names up, numbers down), the other one, none. */
export function toggleSort(
  current: TableSort | undefined,
  { id, numeric }: Pick<TableColumn, 'id' | 'numeric'>
): TableSort | undefined {
  const first = numeric ? 'desc' : 'asc';
  if (current?.column !== id) {
    return { column: id, direction: first };
  }
  return current.direction === first
    ? { column: id, direction: first === 'asc' ? 'desc' : 'asc' }
    : undefined;
}

/**
 * Rows in the order asked for: by value where the column has one (numbers, times), anything else by its text. Equal ones
 * keep the order of the slices, missing ones come last either way.
 */
export function sortRows(slices: Slice[], column: TableColumn, direction: TableSort['direction']): Slice[] {
  const sign = direction === 'asc' ? 1 : -1;
  const keyed = slices.map((slice) => {
    const raw = column.raw(slice);
    const place = column.order?.(slice) ?? (column.numeric && raw !== null ? Number(raw) : null);
    return { slice, isMissing: raw === null, place, text: place === null ? column.text(slice) : '' };
  });
  keyed.sort((a, b) => {
    if (a.isMissing || b.isMissing) {
      return Number(a.isMissing) - Number(b.isMissing);
    }
    if (a.place === null || b.place === null) {
      // Values before texts, where a column has both.
      const kinds = Number(a.place === null) - Number(b.place === null);
      return sign * (kinds || collator.compare(a.text, b.text));
    }
    return sign * (a.place - b.place);
  });
  return keyed.map(({ slice }) => slice);
}

const MARKS = /\p{M}/gu;

/** Text as a search compares it: without accents and case. */
const searchable = (text: string) => text.normalize('NFD').replace(MARKS, '').toLowerCase();

/** Rows in which each word of the query occurs in some of the columns' texts, accents and case aside. */
export function searchRows(slices: Slice[], query: string, columns: TableColumn[]): Slice[] {
  const words = searchable(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return slices;
  }
  return slices.filter((slice) => {
    const text = searchable(columns.map((column) => column.text(slice)).join('\n'));
    return words.every((word) => text.includes(word));
  });
}

/** Every row there is to the sort and the search. */
export function listRows(
  slices: Slice[],
  columns: TableColumn[],
  sort: TableSort | undefined,
  query: string
): Slice[] {
  const column = columns.find(({ id }) => id === sort?.column);
  return searchRows(column && sort ? sortRows(slices, column, sort.direction) : slices, query, columns);
}

/**
 * What is listed of these rows: all of them, or the first hundred and one row for the rest, as pie and legend have it. A
 * rest of one row would only lose its name.
 */
export function foldRows(rows: Slice[], gather: (parts: Slice[]) => Slice): { shown: Slice[]; rest?: Slice } {
  return rows.length > MOST_STATUSES + 1
    ? { shown: rows.slice(0, MOST_STATUSES), rest: gather(rows.slice(MOST_STATUSES)) }
    : { shown: rows };
}
