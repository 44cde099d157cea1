import { type DisplayValue } from '@grafana/data';
import { type PatternName } from './patterns';
import { type StatusRole, type StatusSource } from './roleTypes';

/** One status with its packages: the one model that pie, legend and table draw. */
export interface Slice {
  /** Identity across refreshes, parts and sort orders: the (first) status as the query gave it, or its text where it is no text. */
  id: string;
  /** What to call it: the value mapping's text, else the status itself; never empty. */
  label: string;
  /** What a variable that selects it holds: the statuses of this name as the query gave them, or its text. */
  members: readonly string[];
  /** Packages; may be negative or 0, which the pie does not draw. */
  value: number;
  /** The count with the field's unit, decimals and mappings. */
  valueText: string;
  /** Share of the whole in percent, rounded so that all shares sum to 100. */
  percent: number;
  color: string;
  /** Black or white, whichever reads better on `color`. */
  textColor: string;
  /** Rows of the status frame that were added up; none for statuses in columns. */
  rows?: readonly number[];
  /** Where it stands in the data; nowhere for the slice of the others. */
  source?: StatusSource;
  /** Drawn over the color where the option asks for patterns. */
  pattern: PatternName;
  /** Where an override keeps the status out of. */
  hiddenFrom: { legend: boolean; tooltip: boolean };
  /** The statuses that this slice gathers; only the slice of the others has any. */
  parts?: Slice[];
}

/** The slices with what is common to them. */
export interface SliceSet {
  /** Every status, in order. */
  slices: Slice[];
  /** A slice that stands for some of them. */
  gather: (parts: Slice[]) => Slice;
  /** What pie and legend draw: the small ones gathered as the options ask, last. */
  gathered: Slice[];
  /** Sum of the values that count (finite and positive). */
  total: number;
  /** The total of the previous period, where the data have it. */
  previousTotal?: number;
  /** The total as the count field displays its values. */
  totalDisplay: DisplayValue;
  /** Headings of the columns, as the query or an override names them. */
  columns: { status: string; value: string };
  /** The name of gathered statuses, as the options have it. */
  othersName: string;
  /** Where the slices are from. */
  role: StatusRole;
}
