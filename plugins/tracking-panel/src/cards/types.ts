export type CardColor = 'none' | 'value' | 'background';
export type CardAlign = 'auto' | 'center';
/** `pt` is Portuguese for every viewer, as in the dashboard this panel was made for; `long` is in the viewer's language. */
export type DurationFormat = 'pt' | 'long' | 'short' | 'iso';
/** What a card's value is compared with; `first` is the first value of its series. */
export type ChangeAgainst = 'previous' | 'target' | 'first';
export type ChangeShown = 'percent' | 'value' | 'both';

export interface CardOptions {
  /** What the color of the value paints. Saved dashboards have it by this name: the one place with another spelling. */
  colour: CardColor;
  /** Names of the fields that become cards, in this order; empty: every number that the guesses of DATA.md find. */
  fields: string[];
  /** Id of the reducer (@grafana/data) that makes one number of a field with several rows. */
  calculation: string;
  durationFormat: DurationFormat;
  /** Whether a card of a series draws it. */
  sparkline: boolean;
  /** Comparisons that are shown where their other value exists. */
  compareWith: ChangeAgainst[];
  /** The query (refId) with the previous period's values, under the same field names; empty: none. */
  previousQuery: string;
  changeShown: ChangeShown;
  /** Decimals of changes in percent, 0 to 3. */
  changeDecimals: number;
  align: CardAlign;
  /** Least width of a card in pixels: decides how many stand side by side. */
  minWidth: number;
  /** Size of the labels in pixels; not set: 14. */
  titleSize?: number;
  /** Size of the values in pixels; not set: the largest that fits all. */
  valueSize?: number;
}

export const DEFAULT_CARD_OPTIONS: CardOptions = {
  colour: 'value',
  fields: [],
  calculation: 'lastNotNull',
  durationFormat: 'pt',
  sparkline: true,
  compareWith: ['previous', 'target'],
  previousQuery: '',
  changeShown: 'percent',
  changeDecimals: 1,
  align: 'auto',
  minWidth: 180,
};

/** Custom properties of a field, set for all or by overrides. */
export interface TrackingFieldConfig {
  hideFrom?: { viz: boolean; legend: boolean; tooltip: boolean };
  /** Which way is good news. `auto`: lower for the mean delivery time, else neither. */
  betterIs?: BetterIs;
  /** `auto`: the panel's format if the field is known to be a duration; `off`: never one. */
  duration?: FieldDuration;
}

export type FieldDuration = 'auto' | 'off' | DurationFormat;
export type BetterIs = 'auto' | 'lower' | 'higher' | 'neither';
