/**
 * Shares of a whole, rounded to `decimals` so that they add up to exactly 100 at that precision (largest remainder,
 * also called Hamilton's method). Answers integers in units of `10^-decimals` percent: 517 is 51.7 % for one decimal.
 * A larger value never gets a smaller share. Values that are not finite and positive count as nothing; if none is
 * left, every share is 0.
 */
export function largestRemainderShares(values: readonly number[], decimals: number): number[] {
  const units = 100 * 10 ** decimals;
  const { total, scale } = totalOf(values);
  const shares: number[] = [];
  if (total === 0) {
    return values.map(() => 0);
  }
  const remainders = new Float64Array(values.length);
  const sizes = new Uint32Array(CLASSES);
  let missing = units;
  for (let index = 0; index < values.length; index++) {
    const weight = weightOf(values[index]);
    const exact = (weight / scale / total) * units;
    const whole = Math.floor(exact);
    shares.push(whole);
    missing -= whole;
    if (weight > 0) {
      const remainder = exact - whole;
      remainders[index] = remainder;
      sizes[classOf(remainder)] = (sizes[classOf(remainder)] ?? 0) + 1;
    } else {
      remainders[index] = NOTHING;
    }
  }
  for (const index of greatestRemainders(remainders, sizes, values, missing)) {
    shares[index] = (shares[index] ?? 0) + 1;
  }
  return shares;
}

const weightOf = (value = 0) => (value > 0 && value < Number.POSITIVE_INFINITY ? value : 0);

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

/** Remainders, which are from 0 to 1, are counted in so many classes: only those of one class need be sorted. */
const CLASSES = 1024;
const classOf = (remainder: number) => Math.min(CLASSES - 1, Math.floor(remainder * CLASSES));
/** Instead of a remainder, for what has no weight. */
const NOTHING = -1;

/**
 * The `count` places with the greatest remainders; of equal ones the greater values, then the first. `sizes` says how
 * many are in each class.
 */
function greatestRemainders(
  remainders: Float64Array,
  sizes: Uint32Array,
  values: readonly number[],
  count: number
): number[] {
  let above = 0;
  let last = CLASSES - 1;
  while (last > 0 && above + (sizes[last] ?? 0) < count) {
    above += sizes[last] ?? 0;
    last -= 1;
  }
  const chosen: number[] = [];
  const rest: number[] = [];
  for (let index = 0; index < remainders.length; index++) {
    const remainder = remainders[index] ?? NOTHING;
    if (remainder >= 0 && classOf(remainder) >= last) {
      (classOf(remainder) > last ? chosen : rest).push(index);
    }
  }
  const at = (column: ArrayLike<number>, index: number) => column[index] ?? 0;
  rest.sort((a, b) => at(remainders, b) - at(remainders, a) || at(values, b) - at(values, a) || a - b);
  return chosen.concat(rest.slice(0, Math.max(0, count - above)));
}
