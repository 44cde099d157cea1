/** Evaluations that a replay of events, parcels and all figures does within a minute on two processors; of accounts alone it does more. */
const MOST_WITH_EVENTS = 3_000;
const MOST_WITHOUT_EVENTS = 50_000;
/** Several rules share one replay, and with it the time that evaluations take: fewer instants then, but so many. */
const LEAST = 700;
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440];

/**
 * How often a rule is looked at unless told otherwise: at its own interval where the range is short enough, else at the smallest
 * multiple of it that keeps within what a minute's work is.
 */
export function chooseEvery(
  rangeMs: number,
  intervalMs: number,
  { withEvents, rules }: { readonly withEvents: boolean; readonly rules: number },
): number {
  const most = withEvents ? Math.max(LEAST, MOST_WITH_EVENTS / rules) : MOST_WITHOUT_EVENTS;
  const fits = STEPS.find((step) => rangeMs / (step * intervalMs) <= most);
  return (fits ?? Math.ceil(rangeMs / (most * intervalMs))) * intervalMs;
}

/** Full multiples of a step since 1970, each some time later, as Grafana's clock ticks; those after the first instant up to the second. */
export function instantsOf(
  fromMs: number,
  toMs: number,
  everyMs: number,
  offsetMs: number,
): readonly number[] {
  const first = Math.floor((fromMs - offsetMs) / everyMs) + 1;
  const last = Math.floor((toMs - offsetMs) / everyMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * everyMs + offsetMs);
}

/** What an evaluation takes beside the events before it, and an event that is loaded with all others before a range, in events written between instants. */
const INSTANT_IN_EVENTS = 70;
const LOADED_IN_EVENTS = 0.6;

/**
 * Where to divide a range so that both parts take about as long: the second has to load the first's events before it begins.
 *
 * @param writtenUntil how many events are written up to an instant; 0 for a replay without events
 * @returns how many instants the first part has, none of both parts being empty where there are two
 */
export function halve(instants: readonly number[], writtenUntil: (ms: number) => number): number {
  const [first, last] = [writtenUntil(instants[0] ?? 0), writtenUntil(instants.at(-1) ?? 0)];
  let [low, high] = [1, Math.max(1, instants.length - 1)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const before = writtenUntil(instants[middle - 1] as number) - first;
    const after = last - first - before;
    const takes = middle * INSTANT_IN_EVENTS + before;
    const rest = (instants.length - middle) * INSTANT_IN_EVENTS + after + before * LOADED_IN_EVENTS;
    if (takes < rest) low = middle + 1;
    else high = middle;
  }
  return low;
}
