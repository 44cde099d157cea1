/**
 * Shares of a whole, rounded to `decimals` so that they add up to exactly 100 at that precision (largest remainder,
 * also called Hamilton's method). Answers integers in units of `10^-decimals` percent: 517 is 51.7 % for one decimal.
 * A larger value never gets a smaller share. Values that are not finite and positive count as nothing; if none is
 * left, every share is 0.
 */
export function largestRemainderShares(values: readonly number[], decimals: number): number[] {
  const units = 100 * 10 ** decimals;
  const weights = values.map((value) => (Number.isFinite(value) && value > 0 ? value : 0));
  // Scaled by the largest first, so that sums of huge values stay finite.
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === 0) {
    return weights.map(() => 0);
  }
  const scaled = weights.map((weight) => weight / largest);
  const total = scaled.reduce((sum, weight) => sum + weight, 0);
  const exact = scaled.map((weight) => (weight / total) * units);
  const shares = exact.map(Math.floor);
  const missing = units - shares.reduce((sum, share) => sum + share, 0);
  for (const index of greatestRemainders(exact, shares, scaled, missing)) {
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}

/**
 * The `count` places with the greatest remainders; of equal ones the greater weights, then the first. Numbers are sorted
 * natively, which ten thousand of them make worth while, and only the equal ones are compared.
 */
function greatestRemainders(exact: number[], whole: number[], weights: number[], count: number): number[] {
  const remainder = (index: number) => (exact[index] ?? 0) - (whole[index] ?? 0);
  const counted = exact.flatMap((_, index) => ((weights[index] ?? 0) > 0 ? [index] : []));
  if (count <= 0 || counted.length <= count) {
    return count <= 0 ? [] : counted;
  }
  const last = Float64Array.from(counted, remainder).sort()[counted.length - count] ?? 0;
  const greater = counted.filter((index) => remainder(index) > last);
  const equal = counted
    .filter((index) => remainder(index) === last)
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  return [...greater, ...equal.slice(0, count - greater.length)];
}
