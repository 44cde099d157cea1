import { type TrackingOptions } from '../types';
import { textColourOn } from '../shared/contrast';
import { OTHERS_PATTERN } from './patterns';
import { type Slice } from './types';
import { remembered } from './read';

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
export const standsFor = (slice: Slice, status: string | undefined): boolean =>
  status !== undefined && (slice.id === status || slice.parts?.some((part) => part.id === status) === true);

/** Sum of the values that count (finite and positive). */
export function sumOfCounts(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) {
    if (value > 0 && Number.isFinite(value)) {
      sum += value;
    }
  }
  return sum;
}

/** All statuses in the order of drawing. */
interface Ordered {
  values: readonly number[];
  /** Shares in units of the options' decimals. */
  shares: readonly number[];
  idAt: (place: number) => string;
  sliceAt: (place: number) => Slice;
}

/**
 * The slices with the small ones gathered in one, which stands last in every order. Small is what is not among the `top`
 * largest (never more than {@link MAX_SLICES}) or, where some status has as much, less than `minShare` percent. One small status alone stays as it is,
 * beside statuses without packages too: gathered, it would only lose its name. The percents still sum to what they did;
 * zero and negative counts are listed among the parts and add nothing.
 */
export function gatherOthers(
  { values, shares, idAt, sliceAt }: Ordered,
  options: TrackingOptions,
  { colour, format }: Look
): Slice[] {
  const { top, minShare } = options.others;
  const largest = largestOf(values, idAt, top > 0 ? Math.min(top, MAX_SLICES) : MAX_SLICES);
  const total = minShare > 0 ? sumOfCounts(values) : 0;
  const reaches = (value: number) => (value / total) * 100 >= minShare;
  // Where no status is large, a pie of the others alone would say nothing.
  const byShare = minShare > 0 && values.some(reaches);
  const isSmall = (place: number) => largest[place] !== 1 || (byShare && !reaches(values[place] ?? 0));
  const kept: number[] = [];
  const sums = { worth: 0, value: 0, share: 0 };
  for (let place = 0; place < values.length; place++) {
    if (isSmall(place)) {
      const value = values[place] ?? 0;
      const counts = value > 0 && Number.isFinite(value);
      // What has no packages has no slice that could be too small.
      sums.worth += counts || largest[place] !== 1 ? 1 : 0;
      sums.value += counts ? value : 0;
      sums.share += shares[place] ?? 0;
    } else {
      kept.push(place);
    }
  }
  if (sums.worth < 2) {
    return Array.from(values, (_, place) => sliceAt(place));
  }
  const unit = 10 ** options.pie.percentDecimals;
  const parts = remembered(() => values.flatMap((_, place) => (isSmall(place) ? [sliceAt(place)] : [])));
  return [
    ...kept.map(sliceAt),
    {
      id: OTHERS_ID,
      label: options.titles.others,
      value: sums.value,
      valueText: format(sums.value),
      percent: sums.share / unit,
      colour,
      textColour: textColourOn(colour),
      pattern: OTHERS_PATTERN,
      hiddenFrom: { legend: false, tooltip: false },
      get parts() {
        return parts();
      },
    },
  ];
}

/** Marks so many of the largest with 1, ties by identity, so that a refresh never swaps two of them. Without sorting all of them. */
function largestOf(values: readonly number[], idAt: (place: number) => string, count: number): Uint8Array {
  const isBefore = (a: number, b: number) => {
    const difference = (values[a] ?? 0) - (values[b] ?? 0);
    return difference > 0 || (difference === 0 && idAt(a) < idAt(b));
  };
  const kept: number[] = [];
  for (let place = 0; place < values.length; place++) {
    const last = kept[kept.length - 1];
    if (kept.length === count && last !== undefined && !isBefore(place, last)) {
      continue;
    }
    let low = 0;
    for (let high = kept.length; low < high;) {
      const middle = (low + high) >> 1;
      const known = kept[middle];
      if (known !== undefined && isBefore(known, place)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    kept.splice(low, 0, place);
    if (kept.length > count) {
      kept.pop();
    }
  }
  const marks = new Uint8Array(values.length);
  kept.forEach((place) => (marks[place] = 1));
  return marks;
}
