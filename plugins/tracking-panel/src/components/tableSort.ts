import { type Slice, sortSlices } from '../data/slices';

export type TableColumn = 'status' | 'value' | 'percent';

export interface TableSort {
  column: TableColumn;
  direction: 'asc' | 'desc';
}

/** The next state of a clicked header: its natural direction (names up, numbers down), the other one, none. */
export function toggleSort(current: TableSort | undefined, column: TableColumn): TableSort | undefined {
  const first = column === 'status' ? 'asc' : 'desc';
  if (current?.column !== column) {
    return { column, direction: first };
  }
  return current.direction === first ? { column, direction: first === 'asc' ? 'desc' : 'asc' } : undefined;
}

/** Rows in the order asked for; unasked, in the order of the slices. Shares order as the values they come from. */
export function sortRows(slices: Slice[], sort: TableSort | undefined): Slice[] {
  if (!sort) {
    return slices;
  }
  if (sort.column === 'status') {
    const byName = sortSlices(slices, 'name');
    return sort.direction === 'asc' ? byName : byName.reverse();
  }
  return sortSlices(slices, sort.direction === 'asc' ? 'valueAsc' : 'valueDesc');
}
