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
  const largest = Math.max(0, ...weights);
  if (largest === 0) {
    return weights.map(() => 0);
  }
  const scaled = weights.map((weight) => weight / largest);
  const total = scaled.reduce((sum, weight) => sum + weight, 0);
  const exact = scaled.map((weight) => (weight / total) * units);
  const shares = exact.map(Math.floor);
  const missing = units - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share), weight: scaled[index] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.remainder - a.remainder || b.weight - a.weight || a.index - b.index);
  for (const { index } of byRemainder.slice(0, Math.max(0, missing))) {
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}
