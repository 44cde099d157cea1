/** A change of one instance's state. */
export interface Change {
  readonly rule: string;
  /** Its own labels, as JSON with sorted names. */
  readonly instance: string;
  readonly atMs: number;
  /** State and reason, in Grafana's words. */
  readonly to: string;
}

export interface Comparison {
  /** The same change at the same evaluation. */
  readonly equal: number;
  /** The same change at the evaluation before or after. */
  readonly shifted: readonly (readonly [live: Change, replayed: Change])[];
  readonly onlyLive: readonly Change[];
  readonly onlyReplayed: readonly Change[];
}

/**
 * Pairs what a Grafana did with what the replay did.
 *
 * @param intervalMs of a rule
 */
export function compareChanges(
  live: readonly Change[],
  replayed: readonly Change[],
  intervalMs: (rule: string) => number,
): Comparison {
  const left = new Map<string, Change[]>();
  for (const change of replayed) left.set(keyOf(change), [...(left.get(keyOf(change)) ?? []), change]);
  const take = (change: Change, withinMs: number): Change | undefined => {
    const candidates = left.get(keyOf(change)) ?? [];
    const at = candidates.findIndex(({ atMs }) => Math.abs(atMs - change.atMs) <= withinMs);
    return at < 0 ? undefined : candidates.splice(at, 1)[0];
  };
  const unequal = live.filter((change) => take(change, 0) === undefined);
  const shifted: (readonly [Change, Change])[] = [];
  const onlyLive = unequal.filter((change) => {
    const near = take(change, intervalMs(change.rule));
    if (near !== undefined) shifted.push([change, near]);
    return near === undefined;
  });
  return { equal: live.length - unequal.length, shifted, onlyLive, onlyReplayed: [...left.values()].flat() };
}

function keyOf({ rule, instance, to }: Change): string {
  return JSON.stringify([rule, instance, to]);
}

/** The offset that instants have within an interval: that of most of them. */
export function offsetOf(instants: readonly number[], intervalMs: number): number | undefined {
  const counts = new Map<number, number>();
  for (const atMs of instants) counts.set(atMs % intervalMs, (counts.get(atMs % intervalMs) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Labels as one text, whatever their order. */
export function instanceOf(labels: Readonly<Record<string, string>>): string {
  // The instance that stands for a whole query has the data source's uid, which the replay does not know.
  if ('ref_id' in labels) return '(whole query)';
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort()));
}
