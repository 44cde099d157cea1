import { formattedValueToString } from '@grafana/data';
import { type Slice, type SliceSet } from '../statuses/types';
import { numberFormatOf } from '../shared/locale';
import { type TrackingOptions } from '../types';
import { type LegendMode, type LegendValue } from './types';
import { SCROLLBAR } from '../shared/sizes';
import { type Measure, steadyDigits } from '../shared/text';

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
  /** Width of each of an item's numbers, the same for all items. */
  numberWidths: number[];
}

/** A number of an item as text. */
export const legendText = (slice: Slice, value: LegendValue, { pie, numbers }: TrackingOptions): string =>
  value === 'value' ? slice.valueText : numberFormatOf(numbers).percent(slice.percent, pie.percentDecimals);

/** The slices that the legend lists: all but those that an override keeps out of it. */
export const legendSlices = ({ gathered }: SliceSet): Slice[] =>
  gathered.filter(({ hiddenFrom }) => !hiddenFrom.legend);

/** What there is to write, in pixels. */
export interface LegendTexts {
  /** Width of each item's name. */
  names: number[];
  /** Width of the widest word of all names. */
  word: number;
  /** Width of each of an item's numbers with its padding: that of the widest one. */
  numbers: number[];
}

/**
 * Measures a legend's texts. Numbers count with the width of the total and of 100 %, and their digits alike, so that the
 * legend keeps its size while counts change.
 */
export function measureLegend(statuses: SliceSet, options: TrackingOptions, measure: Measure): LegendTexts {
  const slices = legendSlices(statuses);
  const most = {
    value: formattedValueToString(statuses.totalDisplay),
    percent: numberFormatOf(options.numbers).percent(100, options.pie.percentDecimals),
  };
  const widest = (texts: string[]) => Math.ceil(Math.max(0, ...Array.from(new Set(texts), measure)));
  return {
    names: slices.map(({ label }) => measure(label)),
    word: widest(slices.flatMap(({ label }) => label.split(/\s+/))),
    numbers: options.legend.values.map(
      (value) =>
        widest([most[value], ...slices.map((slice) => legendText(slice, value, options))].map(steadyDigits)) +
        VALUE_GAP
    ),
  };
}

/**
 * Where the legend goes and how large it is, so that its numbers are always whole: on the right it is as wide as its
 * longest name and number need (or as the options say), at most 60 % of the room; a name may take two lines and then be
 * shortened, a number never. Where that leaves too little for the names or the pie, the legend goes to the bottom, and
 * where a word of a name has no room beside the numbers there, they stand below it.
 * `height` is what pie and legend have together, if that is settled already.
 */
export function layoutLegend(
  texts: LegendTexts,
  { legend: options }: TrackingOptions,
  room: { width: number; height?: number }
): LegendLayout {
  const numbers = sum(texts.numbers);
  const names = Math.ceil(Math.max(0, ...texts.names));
  const heightsWith = (nameRoom: number) =>
    texts.names.map((name) => (name > nameRoom ? TWO_LINES : LEGEND_ROW_HEIGHT));
  const below = layoutBelow(texts, options.mode, numbers, heightsWith, room.width);
  if (options.placement === 'bottom') {
    return below;
  }
  const limit = Math.floor(room.width * MAX_SHARE);
  const least = numbers + ROW_EXTRA + Math.min(names, MIN_NAME);
  const widthFor = (extra: number) =>
    Math.min(Math.max(options.width ?? names + numbers + ROW_EXTRA + extra, least + extra), limit);
  const heightFor = (nameRoom: number) => sum(heightsWith(nameRoom)) + PADDING;
  const isFull = room.height !== undefined && heightFor(widthFor(0) - numbers - ROW_EXTRA) > room.height;
  const scrollbar = isFull ? SCROLLBAR : 0;
  const width = widthFor(scrollbar);
  const isShort = room.height !== undefined && room.height - below.height < MIN_PIE_ABOVE;
  const fits =
    width >= least + scrollbar && room.width - width >= (isShort ? MIN_PIE_BESIDE_SHORT : MIN_PIE_BESIDE);
  const nameRoom = width - scrollbar - numbers - ROW_EXTRA;
  return fits
    ? {
        placement: 'right',
        width,
        height: heightFor(nameRoom),
        numberWidths: texts.numbers,
      }
    : below;
}

function layoutBelow(
  texts: LegendTexts,
  mode: LegendMode,
  numbers: number,
  heightsWith: (nameRoom: number) => number[],
  width: number
): LegendLayout {
  const shared = { placement: 'bottom', numberWidths: texts.numbers } as const;
  const nameRoom = width - numbers - ROW_EXTRA;
  if (
    texts.names.length > 0 &&
    Math.max(texts.word, Math.min(MIN_NAME_BELOW, Math.ceil(Math.max(...texts.names)))) > nameRoom
  ) {
    const lines = numbers > width - ROW_EXTRA ? texts.numbers.length : 1;
    return {
      ...shared,
      isStacked: true,
      height: PADDING + texts.names.length * (TWO_LINES + LEGEND_LINE_HEIGHT * lines),
    };
  }
  if (mode === 'table') {
    return { ...shared, height: PADDING + sum(heightsWith(nameRoom)) };
  }
  return { ...shared, height: PADDING + flowHeight(texts.names, numbers, width) };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Height of a list whose items flow like words, each with its numbers beside its name. */
function flowHeight(names: number[], numbers: number, room: number): number {
  let height = 0;
  let used = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const width = name + numbers + ROW_EXTRA;
    if (used + width > room) {
      height += width > room ? TWO_LINES : LEGEND_ROW_HEIGHT;
      used = 0;
    }
    used += Math.min(room, width);
  }
  return height;
}
