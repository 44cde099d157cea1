import { type DisplayValue } from '@grafana/data';
import { type PatternName } from './patterns';
import { type StatusRole } from './role';

/** One status with its packages: the one model that pie, legend and table draw. */
export interface Slice {
  /** The status as the query gave it: identity across refreshes, parts and sort orders. */
  id: string;
  /** What to call it: the value mapping's text, else the status itself. */
  label: string;
  /** Packages; may be negative or 0, which the pie does not draw. */
  value: number;
  /** The count with the field's unit, decimals and mappings. */
  valueText: string;
  /** Share of the whole in percent, rounded so that all shares sum to 100. */
  percent: number;
  colour: string;
  /** Black or white, whichever reads better on `colour`. */
  textColour: string;
  /** Rows of the status frame that were added up; none for statuses in columns. */
  rows?: number[];
  /** Drawn over the colour where the option asks for patterns. */
  pattern: PatternName;
  /** Where an override keeps the status out of. */
  hiddenFrom: { legend: boolean; tooltip: boolean };
  /** The statuses that this slice gathers; only the slice of the others has any. */
  parts?: Slice[];
}

/** Slices of which only those in sight need be made; an array of slices is one too. */
export interface SliceList {
  readonly length: number;
  at: (index: number) => Slice | undefined;
  /** Those from `first` up to, not including, `end`. */
  slice: (first: number, end: number) => Slice[];
}

/** The slices with what is common to them. */
export interface SliceSet {
  /** Every status, in order. */
  list: SliceList;
  /** All of {@link list} at once, made when it is asked for: not to be asked for at a refresh. */
  readonly slices: Slice[];
  /** Whether this status is among them. */
  has: (id: string) => boolean;
  /** The slices of the least and the greatest count. */
  extremes: Slice[];
  /** What pie and legend draw: the small ones gathered as the options ask, last. */
  gathered: Slice[];
  /** Sum of the values that count (finite and positive). */
  total: number;
  /** The total as the count field displays its values. */
  totalDisplay: DisplayValue;
  /** Headings of the columns, as the query or an override names them. */
  columns: { status: string; value: string };
  /** Where the slices are from. */
  role: StatusRole;
}
