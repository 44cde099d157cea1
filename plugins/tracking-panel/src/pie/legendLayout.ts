import { type Slice } from '../data/slices';
import { formatPercent } from '../locale';
import { type TrackingOptions } from '../types';

export const LEGEND_ROW_HEIGHT = 24;
/** Icon, gaps and padding of one legend row, beside its texts. */
const ROW_EXTRA = 36;
/** Padding of a number. */
const VALUE_GAP = 16;
/** A name shorter than this cannot be told from another: then the legend goes below. */
const MIN_NAME = 80;
/** Least width of the pie beside a legend; the smaller one where a legend below would leave it even less height. */
const MIN_PIE_BESIDE = 160;
const MIN_PIE_BESIDE_SHORT = 120;
const MIN_PIE_ABOVE = 140;
const MAX_SHARE = 0.6;

/** Width in pixels of a text in the legend's font. Injected, because only a browser can measure. */
export type Measure = (text: string) => number;

export interface LegendLayout {
  placement: 'bottom' | 'right';
  /** Set for the right side only. */
  width?: number;
  /** Height with all its items, at this width. */
  height: number;
}

/** The numbers of an item, in the order chosen. */
export function legendTexts(slice: Slice, options: TrackingOptions): string[] {
  return options.legend.values.map((value) =>
    value === 'value' ? slice.valueText : formatPercent(slice.percent, options.pie.percentDecimals)
  );
}

/**
 * Where the legend goes and how large it is, so that its numbers are always whole: on the right it is as wide as its
 * longest name and number need, at most 60 % of the room; a name may be shortened, a number never. Where that leaves too
 * little for the names or the pie, the legend goes to the bottom. `height` is what pie and legend have together, if that
 * is settled already.
 */
export function layoutLegend(
  slices: Slice[],
  options: TrackingOptions,
  measure: Measure,
  room: { width: number; height?: number }
): LegendLayout {
  const widest = (texts: string[]) => Math.ceil(Math.max(0, ...texts.map(measure)));
  const names = widest(slices.map(({ label }) => label));
  const numbers = options.legend.values
    .map((_, column) => widest(slices.map((slice) => legendTexts(slice, options)[column] ?? '')) + VALUE_GAP)
    .reduce((sum, width) => sum + width, 0);
  const rows = options.legend.mode === 'table' ? slices.length : countFlowRows(slices, options, room.width, measure);
  const below: LegendLayout = { placement: 'bottom', height: rows * LEGEND_ROW_HEIGHT + 8 };
  if (options.legend.placement === 'bottom') {
    return below;
  }
  const width = Math.min(names + numbers + ROW_EXTRA, Math.floor(room.width * MAX_SHARE));
  const nameRoom = width - numbers - ROW_EXTRA;
  const isShort = room.height !== undefined && room.height - below.height < MIN_PIE_ABOVE;
  const fits =
    nameRoom >= Math.min(names, MIN_NAME) && room.width - width >= (isShort ? MIN_PIE_BESIDE_SHORT : MIN_PIE_BESIDE);
  return fits ? { placement: 'right', width, height: slices.length * LEGEND_ROW_HEIGHT } : below;
}

/** Lines that items of a list take when they flow like words. */
function countFlowRows(slices: Slice[], options: TrackingOptions, room: number, measure: Measure): number {
  let rows = 1;
  let used = 0;
  for (const slice of slices) {
    const numbers = legendTexts(slice, options).reduce((sum, text) => sum + measure(text) + VALUE_GAP, 0);
    const width = Math.min(room, measure(slice.label) + numbers + ROW_EXTRA);
    if (used > 0 && used + width > room) {
      rows += 1;
      used = 0;
    }
    used += width;
  }
  return rows;
}
