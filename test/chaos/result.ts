import type { ChaosOptions } from './options';
import type { ChaosRun } from './run';
import type { PlannedFault } from './schedule';

/** Whether nothing was found. */
export function allIsWell({ first, afterReplay }: ChaosRun): boolean {
  return first.ok && afterReplay.ok;
}

/** The last line of stdout. */
export function resultLine(
  { faults, recoveriesMs, first, afterReplay, peakMb, odd }: ChaosRun,
  { events, seed, consumers, brokers }: ChaosOptions,
  about: { readonly database: string; readonly seconds: number },
): Record<string, unknown> {
  const worst = (of: (compared: ChaosRun['first']) => number) => Math.max(of(first), of(afterReplay));
  return {
    command: 'chaos',
    events,
    seed,
    faults: byKind(faults),
    lost: worst((c) => c.lost + c.deadLetters.missing),
    duplicated: worst((c) => c.duplicated + c.deadLetters.unknown),
    wrong_states: worst((c) => c.wrongStates + c.derived),
    wrong_names: worst((c) => c.parcels.wrongNames),
    recovery_ms: { p50: percentile(recoveriesMs, 0.5), p95: percentile(recoveriesMs, 0.95) },
    peak_mb: peakMb,
    ok: first.ok && afterReplay.ok,
    consumers,
    brokers,
    parcels: first.parcels.compared,
    names: namesOf(first),
    rejected: first.rejected,
    sent_twice: first.resent,
    odd_records: odd,
    consumed_twice: first.accounts.redelivered,
    replay: { consumed: afterReplay.accounts.consumed, inserted: afterReplay.accounts.inserted },
    ...about,
  };
}

function namesOf({ names: { given, said, joined, takenBack } }: ChaosRun['first']): Record<string, number> {
  return { given, said, joined, taken_back: takenBack };
}

function byKind(faults: readonly PlannedFault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** By nearest rank; null without values. */
function percentile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
}
