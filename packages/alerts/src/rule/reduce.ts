import type { Reducer, Reduction } from './rule';

/**
 * One number of a series as Grafana's reduce expression makes it: null is no value. In the mode `strict` one point that is missing or
 * no number makes the result NaN, except for `count` and `last`.
 */
export function reduce(
  { reducer, mode, replaceWith }: Reduction,
  points: readonly (number | null)[],
): number | null {
  if (mode === 'strict') return apply(reducer, points);
  const isNumber = (point: number | null): point is number => point !== null && Number.isFinite(point);
  const result =
    mode === 'drop'
      ? apply(reducer, points.filter(isNumber))
      : apply(
          reducer,
          points.map((point) => (isNumber(point) ? point : replaceWith)),
        );
  if (result === null || !Number.isNaN(result)) return result;
  return mode === 'drop' ? null : replaceWith;
}

function apply(reducer: Reducer, points: readonly (number | null)[]): number | null {
  if (reducer === 'count') return points.length;
  if (reducer === 'last') return points.length === 0 ? NaN : (points.at(-1) ?? null);
  const numbers = points.map((point) => point ?? NaN);
  if (numbers.some(Number.isNaN)) return NaN;
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (reducer === 'sum') return sum;
  if (numbers.length === 0) return NaN;
  switch (reducer) {
    case 'mean':
      return sum / numbers.length;
    case 'min':
      return numbers.reduce((least, number) => Math.min(least, number));
    case 'max':
      return numbers.reduce((greatest, number) => Math.max(greatest, number));
    case 'median':
      return median(numbers);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
