import { EXIT, OperatorError } from '@rastreio/runtime';
import {
  DAY_MS,
  postingIntervalForCount,
  postingIntervalForParcels,
  postingIntervalForRate,
  resolveIncident,
  type Carrier,
  type Incident,
  type IncidentSpec,
  type World,
  worldEvents,
} from '@rastreio/simulator';

export interface PlanOptions {
  readonly seed: number;
  readonly carrier: Carrier;
  /** Messages per second of wall time; 0 is as fast as possible. */
  readonly rate: number | undefined;
  /** Virtual seconds per second of wall time. */
  readonly speed: number | undefined;
  readonly count: number | undefined;
  readonly parcels: number | undefined;
  readonly durationMs: number | undefined;
  readonly backfillMs: number | undefined;
  readonly startMs: number | undefined;
  readonly incidents: readonly IncidentSpec[];
  readonly nowMs: number;
}

/** What to simulate and how to pace it. */
export interface Plan {
  readonly world: World;
  /** Events after this instant are not sent: they have not happened. Infinity for a live world. */
  readonly untilMs: number;
  readonly maxEvents: number;
  /** Wall time after which the run ends, whatever is left; Infinity without `--duration`. */
  readonly maxWallMs: number;
  readonly pace: Pace;
}

/** When a message is meant to be sent. */
export type Pace =
  | { readonly by: 'rate'; readonly perSecond: number }
  /** At its own time in a world that runs `speed` times as fast until it has reached the present. */
  | { readonly by: 'time'; readonly startMs: number; readonly speed: number }
  | { readonly by: 'nothing' };

/** How far back a bounded run starts and a backfill reaches, unless said otherwise. */
const HISTORY_MS = 30 * DAY_MS;
const DEFAULT_LIVE_RATE = 10;
/** Of more events than this the five per cent on top are always enough, so they are not counted beforehand. */
const CHANCE_EVENS_OUT = 50_000;
/** Each has a quarter more: after these a world has no events in its time at all. */
const MOST_TRIES = 10;

/**
 * Decides between the two ways to run.
 * - Bounded (`--count`, `--parcels` or `--duration`): a past world of `--backfill` length, sent at `--rate` or `--speed`.
 * - Live: a world whose weekly mean is `--rate` events per second, `--backfill` of it at `--speed`, then on and on in real time.
 *
 * @throws OperatorError (exit code 2) when options contradict each other
 */
export function planRun(options: PlanOptions): Plan {
  const { seed, carrier, nowMs, count, parcels, durationMs } = options;
  const bounded = count !== undefined || parcels !== undefined || durationMs !== undefined;
  const startMs = bounded ? boundedStart(options) : liveStart(options);
  const incidents = options.incidents.map((spec, i) => incidentOf(spec, i, options, startMs));
  const base = { seed, carrier, incidents, startMs, maxParcels: parcels ?? Infinity };
  const postingIntervalMs = bounded ? boundedInterval(options, base) : liveInterval(options);
  const world = { ...base, postingIntervalMs };
  return {
    world,
    untilMs: bounded ? nowMs : Infinity,
    maxEvents: count ?? Infinity,
    maxWallMs: durationMs ?? Infinity,
    pace: bounded ? boundedPace(options, world.startMs) : livePace(options, world.startMs),
  };
}

function incidentOf(
  spec: IncidentSpec,
  index: number,
  { seed, carrier }: PlanOptions,
  startMs: number,
): Incident {
  if (spec.hub !== undefined && !carrier.hasPlace(spec.hub))
    throw usage(
      `--incident ${spec.kind}: hub=${spec.hub} is no place of this world; use ${carrier.hubs.join(', ')}`,
    );
  return resolveIncident(spec, seed, startMs, index, carrier.hubs);
}

function liveStart({ backfillMs = 0, startMs, nowMs }: PlanOptions): number {
  return startMs ?? nowMs - backfillMs;
}

function liveInterval({ seed, carrier, rate = DEFAULT_LIVE_RATE }: PlanOptions): number {
  if (rate <= 0)
    throw usage('--rate must be above 0 for a run without end; give --rate, --count or --duration');
  return postingIntervalForRate(seed, rate, carrier);
}

function livePace({ speed = Infinity }: PlanOptions, startMs: number): Pace {
  return { by: 'time', startMs, speed };
}

function boundedStart({ startMs, nowMs, backfillMs = HISTORY_MS }: PlanOptions): number {
  const start = startMs ?? nowMs - backfillMs;
  if (start >= nowMs)
    throw usage('--start must lie in the past when --count, --parcels or --duration is given');
  return start;
}

/** Mean time between postings with which the world has what was asked for when the time of its history is over. */
function boundedInterval(options: PlanOptions, base: Omit<World, 'postingIntervalMs'>): number {
  const { seed, carrier, parcels, backfillMs = HISTORY_MS } = options;
  const { startMs } = base;
  // Not cut at the present: the same options must give the same world at any time.
  const endMs = startMs + backfillMs;
  if (parcels !== undefined) return postingIntervalForParcels(parcels, startMs, endMs, carrier.calendar);
  const events = options.count ?? countOf(options);
  const forOne = postingIntervalForCount(seed, 1, startMs, endMs, carrier);
  // Some more than asked for, since the number is left to chance; and where chance gives too few, more again.
  let world = { ...base, postingIntervalMs: forOne / (events * (1.05 + 4 / Math.sqrt(events))) };
  for (let i = 0; i < MOST_TRIES && events <= CHANCE_EVENS_OUT && !hasEvents(world, events, endMs); i++)
    world = { ...base, postingIntervalMs: world.postingIntervalMs / 1.25 };
  return world.postingIntervalMs;
}

function hasEvents(world: World, count: number, endMs: number): boolean {
  let found = 0;
  for (const { atMs } of worldEvents(world)) {
    if (atMs > endMs) return false;
    if (++found === count) return true;
  }
  return false;
}

function boundedPace({ rate, speed }: PlanOptions, startMs: number): Pace {
  if (rate !== undefined && speed !== undefined)
    throw usage(
      '--rate and --speed contradict each other when --count, --parcels or --duration is given; give one',
    );
  if (speed !== undefined) return { by: 'time', startMs, speed };
  return rate === undefined || rate === 0 ? { by: 'nothing' } : { by: 'rate', perSecond: rate };
}

function countOf({ durationMs = 0, rate }: PlanOptions): number {
  if (rate === undefined || rate <= 0)
    throw usage('--duration needs a --rate above 0, a --count or --parcels');
  return Math.max(1, Math.round((durationMs / 1000) * rate));
}

function usage(message: string): OperatorError {
  return new OperatorError(message, EXIT.usage);
}
