/**
 * Shares of a whole, rounded to `decimals` so that they add up to exactly 100 at that precision (largest remainder,
 * also called Hamilton's method). Answers integers in units of `10^-decimals` percent: 517 is 51.7 % for one decimal.
 * A larger value never gets a smaller share. Values that are not finite and positive count as nothing; if none is
 * left, every share is 0.
 */
export function largestRemainderShares(values: readonly number[], decimals: number): number[] {
  const units = 100 * 10 ** decimals;
  const { total, scale } = totalOf(values);
  if (total === 0) {
    return values.map(() => 0);
  }
  const exact = values.map((value) => (weightOf(value) / scale / total) * units);
  const shares = exact.map(Math.floor);
  const missing = units - shares.reduce((sum, share) => sum + share, 0);
  const at = (numbers: readonly number[], index: number) => numbers[index] ?? 0;
  const remainder = (index: number) => at(exact, index) - at(shares, index);
  // Those with the greatest remainders; of equal ones the greater values, then the first.
  const places = Array.from(values.keys()).filter((index) => weightOf(at(values, index)) > 0);
  places.sort((a, b) => remainder(b) - remainder(a) || at(values, b) - at(values, a) || a - b);
  for (const index of places.slice(0, missing)) {
    shares[index] = at(shares, index) + 1;
  }
  return shares;
}

const weightOf = (value: number) => (value > 0 && value < Number.POSITIVE_INFINITY ? value : 0);

/** The sum of the weights by `scale`, which is 1 unless the sum of huge values would not be finite. */
function totalOf(values: readonly number[]): { total: number; scale: number } {
  let total = 0;
  let largest = 0;
  for (const value of values) {
    total += weightOf(value);
    largest = Math.max(largest, weightOf(value));
  }
  return Number.isFinite(total)
    ? { total, scale: 1 }
    : { total: values.reduce((sum, value) => sum + weightOf(value) / largest, 0), scale: largest };
}
