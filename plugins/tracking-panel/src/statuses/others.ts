import { t } from '@grafana/i18n';
import { textColorOn } from '../shared/contrast';
import { type NumberFormat } from '../shared/locale';
import { type OthersOptions } from './options';
import { OTHERS_PATTERN } from './patterns';
import { type Slice } from './types';

/** A private-use character: no status of a database begins with it. */
export const OTHERS_ID = '\uE000others';

/** More statuses than this are gathered unasked: nobody can tell them apart, and each costs time at every refresh. */
export const MOST_STATUSES = 100;

/** Whether a slice is this status or gathers it. */
export const standsFor = (slice: Slice, status: string | undefined): boolean =>
  status !== undefined && (slice.id === status || slice.parts?.some((part) => part.id === status) === true);

const counts = (value: number) => value > 0 && Number.isFinite(value);

/** Sum of the values that count (finite and positive). */
export const sumOfCounts = (values: readonly number[]): number =>
  values.reduce((sum, value) => (counts(value) ? sum + value : sum), 0);

/** What to call statuses that are not listed one by one, such as "Outros (50 statuses)". */
export const nameOfRest = (name: string, count: number, numbers: NumberFormat): string =>
  t('table.rest', '{{name}} ({{number}} statuses)', {
    name,
    number: numbers.grouped(count, 0, 0),
    // React escapes.
    interpolation: { escapeValue: false },
  }).trim();

interface Look {
  label: string;
  color: string;
  /** Shares are whole numbers of this part of a percent. */
  unit: number;
  /** The sum with the count field's unit and decimals. */
  format: (value: number) => string;
}

/** The slice that stands for several: their sum. Counts of 0 and less are listed among its parts and add nothing. */
export function othersSlice(parts: Slice[], { label, color, unit, format }: Look): Slice {
  const value = sumOfCounts(parts.map((part) => part.value));
  return {
    id: OTHERS_ID,
    label,
    members: [...new Set(parts.flatMap(({ members }) => members))],
    value,
    valueText: format(value),
    percent: Math.round(parts.reduce((sum, { percent }) => sum + percent * unit, 0)) / unit,
    color,
    textColor: textColorOn(color),
    pattern: OTHERS_PATTERN,
    hiddenFrom: { legend: false, tooltip: false },
    parts,
  };
}

/**
 * The slices with the small ones gathered in one, which stands last in every order. Small is what is not among the `top`
 * largest (never more than {@link MOST_STATUSES}) or, where some status has as much, less than `minShare` percent. One
 * small status alone stays as it is, beside statuses without packages too: gathered, it would only lose its name.
 */
export function gatherOthers(
  slices: Slice[],
  { top, minShare }: OthersOptions,
  gather: (parts: Slice[]) => Slice
): Slice[] {
  const largest = new Set(bySize(slices).slice(0, top > 0 ? Math.min(top, MOST_STATUSES) : MOST_STATUSES));
  const total = sumOfCounts(slices.map(({ value }) => value));
  const reaches = ({ value }: Slice) => (value / total) * 100 >= minShare;
  // Where no status is large, a pie of the others alone would say nothing.
  const byShare = minShare > 0 && slices.some(reaches);
  const isSmall = (slice: Slice) => !largest.has(slice) || (byShare && !reaches(slice));
  const small = slices.filter(isSmall);
  // What has no packages has no slice that could be too small.
  const worth = small.filter((slice) => counts(slice.value) || !largest.has(slice));
  return worth.length < 2 ? slices : [...slices.filter((slice) => !isSmall(slice)), gather(small)];
}

/** The largest first, equal ones by identity, so that a refresh never swaps two of them. */
const bySize = (slices: Slice[]): Slice[] =>
  [...slices].sort((a, b) => (a.value === b.value ? (a.id < b.id ? -1 : 1) : a.value > b.value ? -1 : 1));
