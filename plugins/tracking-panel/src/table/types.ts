/** The status, its count, its share, or any other field of the status frame by its name in the query. */
export type ColumnId = 'status' | 'count' | 'share' | `field:${string}`;
export type ExportText = 'shown' | 'raw';

export interface TableOptions {
  /** Columns of a viewer who has not chosen any, in this order. */
  columns: ColumnId[];
  /** Whether viewers may choose columns; their choice is stored per user. */
  chooseColumns: boolean;
  search: boolean;
  shareBars: boolean;
  /** Whether there is a button that saves what is shown as CSV. */
  export: boolean;
  /** Texts as shown, or values without unit and mapping. */
  exportText: ExportText;
}

export const DEFAULT_TABLE_OPTIONS: TableOptions = {
  columns: ['status', 'count', 'share'],
  chooseColumns: false,
  search: false,
  shareBars: true,
  export: false,
  exportText: 'shown',
};
