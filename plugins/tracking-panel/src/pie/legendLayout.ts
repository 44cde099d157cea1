import { formattedValueToString } from '@grafana/data';
import { type Slice, type SliceSet } from '../data/slices';
import { SCROLLBAR } from '../layout';
import { formatPercent } from '../locale';
import { type LegendValue, type TrackingOptions } from '../types';
import { type Measure, steadyDigits } from './text';

export const LEGEND_ROW_HEIGHT = 24;
/** Of a row whose name takes two lines. */
export const LEGEND_LINE_HEIGHT = 16;
const TWO_LINES = LEGEND_ROW_HEIGHT + LEGEND_LINE_HEIGHT;
/** Icon, gaps and padding of one legend row, beside its texts. */
const ROW_EXTRA = 36;
/** Padding of a number. */
const VALUE_GAP = 16;
/** A name shorter than this cannot be told from another: then the legend goes below. */
const MIN_NAME = 80;
/** Below the pie, where there is no better place, a name may be as short as this. */
const MIN_NAME_BELOW = 40;
/** Least width of the pie beside a legend; the smaller one where a legend below would leave it even less height. */
const MIN_PIE_BESIDE = 160;
const MIN_PIE_BESIDE_SHORT = 120;
const MIN_PIE_ABOVE = 140;
const MAX_SHARE = 0.6;
/** Of Grafana's legend, above and below together. */
const PADDING = 8;

export interface LegendLayout {
  placement: 'bottom' | 'right';
  /** Set for the right side only. */
  width?: number;
  /** Height with all its items, at this width. */
  height: number;
  /** Whether there is no room for a name beside its numbers: they stand below it, in lines of their own if they must. */
  isStacked?: boolean;
}

/** A number of an item as text. */
export const legendText = (slice: Slice, value: LegendValue, { pie }: TrackingOptions): string =>
  value === 'value' ? slice.valueText : formatPercent(slice.percent, pie.percentDecimals);

/** The slices that the legend lists: all but those that an override keeps out of it. */
export const legendSlices = ({ gathered }: SliceSet): Slice[] =>
  gathered.filter(({ hiddenFrom }) => !hiddenFrom.legend);

/**
 * Where the legend goes and how large it is, so that its numbers are always whole: on the right it is as wide as its
 * longest name and number need (or as the options say), at most 60 % of the room; a name may take two lines and then be
 * shortened, a number never. Where that leaves too little for the names or the pie, the legend goes to the bottom.
 * `height` is what pie and legend have together, if that is settled already. Numbers count with the width of the total
 * and of 100 %, so that the legend keeps its size while counts change.
 */
export function layoutLegend(
  statuses: SliceSet,
  options: TrackingOptions,
  measure: Measure,
  room: { width: number; height?: number }
): LegendLayout {
  const slices = legendSlices(statuses);
  const widest = (texts: string[]) => Math.ceil(Math.max(0, ...texts.map(measure)));
  const names = widest(slices.map(({ label }) => label));
  const most = {
    value: formattedValueToString(statuses.totalDisplay),
    percent: formatPercent(100, options.pie.percentDecimals),
  };
  const numbers = options.legend.values
    .map(
      (value) =>
        widest([most[value], ...slices.map((slice) => legendText(slice, value, options))].map(steadyDigits)) + VALUE_GAP
    )
    .reduce((sum, width) => sum + width, 0);
  const heightWith = (nameRoom: number) =>
    slices.reduce((sum, { label }) => sum + (measure(label) > nameRoom ? TWO_LINES : LEGEND_ROW_HEIGHT), 0);

  const below: LegendLayout =
    numbers + ROW_EXTRA + Math.min(names, MIN_NAME_BELOW) > room.width
      ? {
          placement: 'bottom',
          isStacked: true,
          height:
            PADDING +
            slices.length *
              (TWO_LINES + LEGEND_LINE_HEIGHT * (numbers > room.width - ROW_EXTRA ? options.legend.values.length : 1)),
        }
      : {
          placement: 'bottom',
          height:
            PADDING +
            (options.legend.mode === 'table'
              ? heightWith(room.width - numbers - ROW_EXTRA)
              : flowHeight(slices, numbers, room.width, measure)),
        };
  if (options.legend.placement === 'bottom') {
    return below;
  }
  const limit = Math.floor(room.width * MAX_SHARE);
  const least = numbers + ROW_EXTRA + Math.min(names, MIN_NAME);
  const widthFor = (extra: number) =>
    Math.min(Math.max(options.legend.width ?? names + numbers + ROW_EXTRA + extra, least + extra), limit);
  const isFull = room.height !== undefined && heightWith(widthFor(0) - numbers - ROW_EXTRA) + PADDING > room.height;
  const scrollbar = isFull ? SCROLLBAR : 0;
  const width = widthFor(scrollbar);
  const isShort = room.height !== undefined && room.height - below.height < MIN_PIE_ABOVE;
  const fits = width >= least + scrollbar && room.width - width >= (isShort ? MIN_PIE_BESIDE_SHORT : MIN_PIE_BESIDE);
  const nameRoom = width - scrollbar - numbers - ROW_EXTRA;
  return fits ? { placement: 'right', width, height: heightWith(nameRoom) + PADDING } : below;
}

/** Height of a list whose items flow like words, each with its numbers beside its name. */
function flowHeight(slices: Slice[], numbers: number, room: number, measure: Measure): number {
  let height = 0;
  let used = Number.POSITIVE_INFINITY;
  for (const { label } of slices) {
    const width = measure(label) + numbers + ROW_EXTRA;
    if (used + width > room) {
      height += width > room ? TWO_LINES : LEGEND_ROW_HEIGHT;
      used = 0;
    }
    used += Math.min(room, width);
  }
  return height;
}
