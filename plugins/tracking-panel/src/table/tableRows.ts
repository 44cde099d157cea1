import { type TableColumn } from './columns';
import { collator } from '../statuses/slices';
import { type Slice, type SliceList, type SliceSet } from '../statuses/types';

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
  return current.direction === first ? { column: id, direction: first === 'asc' ? 'desc' : 'asc' } : undefined;
}

/**
 * Rows in the order asked for: numbers by value, anything else by its text. Equal ones keep the order of the slices,
 * missing ones come last either way.
 */
export function sortRows(slices: Slice[], column: TableColumn, direction: TableSort['direction']): Slice[] {
  const sign = direction === 'asc' ? 1 : -1;
  const keyed = slices.map((slice) => ({
    slice,
    raw: column.raw(slice),
    text: column.numeric ? '' : column.text(slice),
  }));
  keyed.sort((a, b) => {
    if (a.raw === null || b.raw === null) {
      return Number(a.raw === null) - Number(b.raw === null);
    }
    return sign * (column.numeric ? Number(a.raw) - Number(b.raw) : collator.compare(a.text, b.text));
  });
  return keyed.map(({ slice }) => slice);
}

const MARKS = /\p{M}/gu;

/** Text as a search compares it: without accents and case. */
export const searchable = (text: string) => text.normalize('NFD').replace(MARKS, '').toLowerCase();

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

/** What the table lists: the statuses as they are; sorted or searched, which alone asks for all of them. */
export function listRows(
  statuses: SliceSet,
  columns: TableColumn[],
  sort: TableSort | undefined,
  query: string
): SliceList {
  const column = columns.find(({ id }) => id === sort?.column);
  if (!column && query.trim() === '') {
    return statuses.list;
  }
  const sorted = column && sort ? sortRows(statuses.slices, column, sort.direction) : statuses.slices;
  return searchRows(sorted, query, columns);
}

/** Rows beyond the visible ones that are kept drawn on either side, so that scrolling shows no gaps. */
const OVERSCAN = 6;

/**
 * The part of a list of rows that has to be drawn: `first` up to, not including, `end`. Moves in steps, so that not every
 * pixel of scrolling draws again. All lengths in pixels.
 */
export function rowWindow(
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number
): { first: number; end: number } {
  const step = Math.floor(Math.max(0, scrollTop) / rowHeight / OVERSCAN) * OVERSCAN;
  const visible = Math.ceil(Math.max(0, height) / rowHeight) + 1;
  const first = Math.max(0, Math.min(step, count - visible) - OVERSCAN);
  return { first, end: Math.min(count, step + visible + 2 * OVERSCAN) };
}
