/** Something that the database says otherwise than the ground truth. */
export interface Difference {
  readonly what: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

const KEPT = 100;

/** Counts differences by section and keeps the first of them, so that a wholly wrong database does not fill the memory. */
export class Differences {
  readonly kept: Difference[] = [];
  readonly counts: Record<string, number> = {};

  /** Compares two values as JSON; numbers may differ by a millionth of their size, which is what float8 sums leave. */
  same(section: string, what: string, expected: unknown, actual: unknown): boolean {
    this.counts[section] ??= 0;
    if (isSame(expected, actual)) return true;
    this.counts[section]++;
    if (this.kept.length < KEPT) this.kept.push({ what, expected, actual });
    return false;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, n) => sum + n, 0);
  }
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') {
    if (Number.isInteger(expected) && Number.isInteger(actual)) return expected === actual;
    return Math.abs(expected - actual) <= 1e-6 * Math.max(1, Math.abs(expected));
  }
  return JSON.stringify(expected) === JSON.stringify(actual);
}
