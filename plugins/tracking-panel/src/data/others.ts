import { type TrackingOptions } from '../types';
import { textColourOn } from './contrast';
import { OTHERS_PATTERN } from './patterns';
import { type Slice } from './slices';

/** A private-use character: no status of a database begins with it. */
export const OTHERS_ID = '\uE000others';

interface Look {
  colour: string;
  /** The sum with the count field's unit and decimals. */
  format: (value: number) => string;
}

/** More slices than this are gathered unasked: nobody can tell them apart, and each costs time at every refresh. */
export const MAX_SLICES = 100;

/** Whether a slice is this status or gathers it. */
export const standsFor = ({ id, parts }: Slice, status: string | undefined): boolean =>
  status !== undefined && (id === status || parts?.some((part) => part.id === status) === true);

/** Sum of the values that count (finite and positive). */
export const sumOfCounts = (slices: ReadonlyArray<{ value: number }>): number =>
  slices.reduce((sum, { value }) => (value > 0 && Number.isFinite(value) ? sum + value : sum), 0);

/**
 * The slices with the small ones gathered in one, which stands last in every order. Small is what is not among the `top`
 * largest (never more than {@link MAX_SLICES}) or has less than `minShare` percent. One small status alone stays as it is: gathered, it would only lose its
 * name. The percents still sum to what they did; zero and negative counts are listed among the parts and add nothing.
 */
export function gatherOthers(slices: Slice[], options: TrackingOptions, { colour, format }: Look): Slice[] {
  const { top, minShare } = options.others;
  const largest = largestOf(slices, top > 0 ? Math.min(top, MAX_SLICES) : MAX_SLICES);
  const total = sumOfCounts(slices);
  const isSmall = (slice: Slice) => !largest.has(slice) || (minShare > 0 && !((slice.value / total) * 100 >= minShare));
  const parts = slices.filter(isSmall);
  if (parts.length < 2) {
    return slices;
  }
  const value = sumOfCounts(parts);
  const unit = 10 ** options.pie.percentDecimals;
  return [
    ...slices.filter((slice) => !isSmall(slice)),
    {
      id: OTHERS_ID,
      label: options.titles.others,
      value,
      valueText: format(value),
      // Whole units again: sums of decimals are a hair off.
      percent: Math.round(parts.reduce((sum, { percent }) => sum + percent, 0) * unit) / unit,
      colour,
      textColour: textColourOn(colour),
      pattern: OTHERS_PATTERN,
      hiddenFrom: { legend: false, tooltip: false },
      parts,
    },
  ];
}

/** So many of the largest, ties by identity, so that a refresh never swaps two of them. Without sorting all of them. */
function largestOf(slices: readonly Slice[], count: number): ReadonlySet<Slice> {
  const isBefore = (a: Slice, b: Slice) => a.value > b.value || (a.value === b.value && a.id < b.id);
  const kept: Slice[] = [];
  for (const slice of slices) {
    const last = kept[kept.length - 1];
    if (kept.length === count && last && !isBefore(slice, last)) {
      continue;
    }
    let low = 0;
    for (let high = kept.length; low < high;) {
      const middle = (low + high) >> 1;
      const known = kept[middle];
      if (known && isBefore(known, slice)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    kept.splice(low, 0, slice);
    if (kept.length > count) {
      kept.pop();
    }
  }
  return new Set(kept);
}
