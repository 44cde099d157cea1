const MICROS_PER_MS = 1000;
const FIRST_MS = 25;
/** Ten years: longer durations share the last bucket. */
const LAST_MS = 315_360_000_000;

/** Where buckets 1, 2, ... begin, in microseconds: the recurrence of sql/functions/02_baldes.sql, in whole numbers. */
export const BUCKET_STARTS: Float64Array = starts();

/** The bucket of a duration in microseconds, as `balde()` in SQL gives it; 0 below 25 ms, negative durations included. */
export function bucketOf(micros: number): number {
  let low = 0;
  let high = BUCKET_STARTS.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((BUCKET_STARTS[middle] as number) <= micros) low = middle + 1;
    else high = middle;
  }
  return low;
}

function starts(): Float64Array {
  const list: number[] = [];
  for (let ms = FIRST_MS; ; ms += Math.max(1, Math.floor((ms * 4) / 100))) {
    list.push(ms * MICROS_PER_MS);
    if (ms >= LAST_MS) return Float64Array.from(list);
  }
}
