import { EXIT, OperatorError } from '@rastreio/runtime';
import { postingIntervalForCount, postingIntervalForRate, type World } from './world';

const DAY = 24 * 3_600_000;
/** How far back a bounded run starts, unless `--start` says otherwise. */
const HISTORY_DAYS = 30;

export interface PlanOptions {
  readonly seed: number;
  /** Messages per second of wall time; 0 is as fast as possible. */
  readonly rate: number;
  readonly count: number | undefined;
  readonly durationMs: number | undefined;
  readonly backfillMs: number;
  readonly startMs: number | undefined;
  readonly nowMs: number;
}

/** What to simulate and how to pace it. */
export interface Plan {
  readonly world: World;
  /** Live: each message at its own time, once the past is sent. Bounded: at the rate, until `maxEvents`. */
  readonly live: boolean;
  readonly ratePerSecond: number;
  readonly maxEvents: number;
}

/**
 * Decides between the two ways to run.
 * - Bounded (`--count` or `--duration`): a past world of that many events, in time order, sent at `--rate`.
 * - Live: a world that settles at `--rate` events per second, `--backfill` of it at once, then on and on in real time.
 */
export function planRun(options: PlanOptions): Plan {
  const { seed, rate, nowMs } = options;
  const count = options.count ?? countOf(options);
  if (count === undefined) {
    if (rate <= 0)
      throw new OperatorError(
        '--rate must be above 0 for a run without end; give --rate, --count or --duration',
        EXIT.usage,
      );
    const startMs = options.startMs ?? nowMs - options.backfillMs;
    const world = { seed, startMs, postingIntervalMs: postingIntervalForRate(seed, rate) };
    return { world, live: true, ratePerSecond: 0, maxEvents: Infinity };
  }
  const startMs = options.startMs ?? nowMs - HISTORY_DAYS * DAY;
  if (startMs >= nowMs)
    throw new OperatorError('--start must lie in the past when --count or --duration is given', EXIT.usage);
  // Some more than asked for, so that chance does not make the last one fall into the future.
  const aim = count * (1.05 + 4 / Math.sqrt(count));
  const world = { seed, startMs, postingIntervalMs: postingIntervalForCount(seed, aim, nowMs - startMs) };
  return { world, live: false, ratePerSecond: rate, maxEvents: count };
}

function countOf({ durationMs, rate }: PlanOptions): number | undefined {
  if (durationMs === undefined) return undefined;
  if (rate <= 0) throw new OperatorError('--duration needs a --rate above 0', EXIT.usage);
  return Math.max(1, Math.round((durationMs / 1000) * rate));
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY };

/** Reads `90s`, `15m`, `12h`, `30d` as milliseconds. @throws OperatorError (exit code 2) */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new OperatorError(`"${text}" is no duration; use 90s, 15m, 12h or 30d`, EXIT.usage);
  return Number(match[1]) * unit;
}
