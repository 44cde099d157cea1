export type DataFormat = 'auto' | 'long' | 'wide';

/** Where the statuses are in the data. */
export interface StatusFields {
  format: DataFormat;
  /** Name of the field with the statuses; empty: found by guess. */
  statusField?: string;
  /** Name of the field with the counts; empty: found by guess. */
  valueField?: string;
}

/** The order of the statuses in every part; `query`: as the rows come. */
export type SliceSort = 'valueDesc' | 'valueAsc' | 'name' | 'query';

/** Which statuses pie and legend gather in one slice. A status that either rule names is gathered. */
export interface OthersOptions {
  /** So many of the largest statuses stay by themselves, 100 at most; 0: all up to that. */
  top: number;
  /** A status below this percentage is gathered; 0: none. */
  minShare: number;
}

export const DEFAULT_OTHERS_OPTIONS: OthersOptions = { top: 0, minShare: 0.5 };
