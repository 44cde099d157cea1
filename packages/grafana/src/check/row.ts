/** The parts of a check, in the order in which they run. */
export const PARTS = ['data sources', 'plugins', 'queries', 'rules', 'browser', 'notification'] as const;
export type Part = (typeof PARTS)[number];

/** One thing that was checked. */
export interface Row {
  readonly part: Part;
  readonly what: string;
  readonly ok: boolean;
  readonly ms?: number;
  /** What was found, or what is wrong. */
  readonly detail: string;
}
