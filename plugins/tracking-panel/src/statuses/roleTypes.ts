import { type DataFrame, type Field } from '@grafana/data';

/** Statuses in rows: a field that names them and a numeric one. */
export interface LongRole {
  kind: 'long';
  /** Where the two fields are: the one frame, or the rows of all of {@link frames} under each other. */
  frame: DataFrame;
  status: Field;
  value: Field;
  /** The frames of the data that were read. */
  frames: readonly DataFrame[];
}

/** The count of one status in a field of its own. */
export interface StatusColumn {
  /** The status: what a label, the field's name or the frame's name calls it. */
  id: string;
  frame: DataFrame;
  field: Field;
}

/** Statuses in columns: a numeric field per status, in one frame or in several. */
export interface WideRole {
  kind: 'wide';
  columns: readonly StatusColumn[];
  /** The frames of the data that were read. */
  frames: readonly DataFrame[];
}

export type StatusRole = LongRole | WideRole;

/** Where a status stands in the data. */
export interface StatusSource {
  frame: DataFrame;
  /** First row of the status. */
  row: number;
  /** Column of the status's count. */
  column: number;
  /** The fields whose links count, the status before its count. */
  fields: Field[];
}
