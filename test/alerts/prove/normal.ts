import { backtest, episodesOf, transitionsOf, type Rule, type RuleRun } from '@rastreio/alerts';
import { DAY_MS, HOUR_MS } from '@rastreio/simulator';
import { EVERYDAY, historyOf } from './feed';

/** Days without any incident: with weekends, holidays and month's end as they fall, everyday faults, and a consumer restarted once a day. */
export interface Days {
  readonly seed: number;
  readonly parcelsPerDay: number;
  /** The database begins so much earlier. */
  readonly warmupDays: number;
  readonly fromMs: number;
  readonly days: number;
}

/** What a rule did on days on which it had nothing to say. */
export interface Quiet {
  readonly uid: string;
  /** Alerts of its instances, each a false one. */
  readonly alarms: readonly {
    readonly key: string;
    readonly atMs: number;
    readonly value: number | undefined;
  }[];
  /** The worst value. */
  readonly worst: number | undefined;
}

/** Figures of deliveries move slowly, and a month of each minute would take a day. */
const EVERY_MS = HOUR_MS;

export async function proveQuiet(
  adminUrl: string,
  rules: readonly Rule[],
  { seed, parcelsPerDay, warmupDays, fromMs, days }: Days,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<readonly Quiet[]> {
  const startMs = fromMs - warmupDays * DAY_MS;
  const toMs = fromMs + days * DAY_MS;
  const feed = { seed, startMs, parcelsPerDay, incidents: [], changeMs: toMs, faults: EVERYDAY, aheadMs: 0 };
  const { runs } = await backtest({
    adminUrl,
    history: historyOf(feed, { fromMs: -Infinity, toMs }),
    rules,
    by: 'received',
    fromMs,
    everyMs: ({ intervalMs, forMs }, withEvents) =>
      withEvents
        ? Math.max(intervalMs, EVERY_MS)
        : Math.max(intervalMs, Math.floor(forMs / intervalMs) * intervalMs),
    offsetMs: 0,
    onProgress,
    signal,
  });
  return runs.map(quietOf);
}

function quietOf({ rule, recording, errors }: RuleRun): Quiet {
  if (errors.size > 0) throw new Error(`${rule.uid}: ${[...errors.keys()].join('; ')}`);
  const values = recording.values();
  return {
    uid: rule.uid,
    alarms: episodesOf(transitionsOf(recording, rule))
      .filter(({ firingMs }) => firingMs !== undefined)
      .map(({ key, firingMs, value }) => ({ key, atMs: firingMs as number, value })),
    worst: rule.fires.type.startsWith('l') ? values[0] : values.at(-1),
  };
}
