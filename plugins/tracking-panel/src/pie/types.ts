import { type SliceSort } from '../statuses/options';

export type PieType = 'pie' | 'donut';
export type SliceLabel = 'name' | 'value' | 'percent';
/** `auto`: inside where the whole label fits, outside else. */
export type LabelPlacement = 'inside' | 'outside' | 'auto';
/** `selected`: the status that pointer or focus is on, else the total. `kpi`: the field named in `centreField`. */
export type DonutCentre = 'none' | 'total' | 'selected' | 'kpi';
/** Grafana's own values: one slice, all of them, no tooltip. */
export type TooltipMode = 'single' | 'multi' | 'none';
export type LegendValue = 'value' | 'percent';
export type LegendMode = 'list' | 'table';
export type LegendPlacement = 'bottom' | 'right';

export interface PieOptions {
  type: PieType;
  sort: SliceSort;
  labels: SliceLabel[];
  labelPlacement: LabelPlacement;
  /** Font size of the labels in pixels. */
  labelSize: number;
  /** Decimals of every percent, 0 to 3. */
  percentDecimals: number;
  /** Width of a donut's ring in percent of its radius. */
  donutThickness: number;
  /** What stands in a donut's hole. */
  centre: DonutCentre;
  /** Name of the field whose first value is the KPI in the hole. */
  centreField?: string;
  /** Tells statuses apart by a pattern too, not by color alone. */
  patterns: boolean;
}

export interface LegendOptions {
  show: boolean;
  mode: LegendMode;
  placement: LegendPlacement;
  values: LegendValue[];
  /** Width in pixels on the right side; unset: what its texts need. */
  width?: number;
}

export interface TooltipOptions {
  mode: TooltipMode;
  hideZeros: boolean;
}

export const DEFAULT_PIE_OPTIONS: PieOptions = {
  type: 'pie',
  sort: 'valueDesc',
  labels: ['percent'],
  labelPlacement: 'inside',
  labelSize: 12,
  percentDecimals: 1,
  donutThickness: 42,
  centre: 'none',
  patterns: false,
};

export const DEFAULT_LEGEND_OPTIONS: LegendOptions = {
  show: true,
  mode: 'table',
  placement: 'right',
  values: ['value', 'percent'],
};

export const DEFAULT_TOOLTIP_OPTIONS: TooltipOptions = { mode: 'single', hideZeros: false };
