import type { TrackingOptions } from '../../plugins/tracking-panel/src/types';

/** What differs from the defaults. */
export type Some<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: Some<T[K]> }
    : T;

export interface FieldOverride {
  readonly matcher: { readonly id: string; readonly options: unknown };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** One panel of the gallery: one option, wish or hard case. */
export interface Demo {
  readonly title: string;
  /** What to see. */
  readonly description: string;
  /** One SQL query or several; A, B, C in this order. */
  readonly queries: readonly string[];
  readonly options?: Some<TrackingOptions>;
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly overrides?: readonly FieldOverride[];
  /** Grid rows of 38 px; 8 if left out. */
  readonly height?: number;
}

/** A group of demos; its id is the hundred in the ids of its panels, so that a link to a panel lasts. */
export interface DemoSection {
  readonly id: number;
  readonly title: string;
  readonly demos: readonly Demo[];
}

/** Options that show one part alone, without headings. */
export const ONLY = {
  pie: { show: { pie: true, cards: false, table: false }, titles: { pieHeading: '', pie: '' } },
  cards: {
    show: { pie: false, cards: true, table: false },
    titles: { meanHeading: '', totalHeading: '' },
  },
  table: { show: { pie: false, cards: false, table: true }, titles: { table: '' } },
} satisfies Record<string, Some<TrackingOptions>>;

/** One part alone with some options. */
export function only(part: keyof typeof ONLY, options: Some<TrackingOptions> = {}): Some<TrackingOptions> {
  const base: Some<TrackingOptions> = ONLY[part];
  return { ...base, ...options, titles: { ...base.titles, ...options.titles } };
}

/** Properties for the field of a name. */
export function byName(name: string, properties: Readonly<Record<string, unknown>>): FieldOverride {
  return {
    matcher: { id: 'byName', options: name },
    properties: Object.entries(properties).map(([id, value]) => ({ id, value })),
  };
}
