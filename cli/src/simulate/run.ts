import { randomInt } from 'node:crypto';
import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { simulatedCarrier, withFaults, withTrackingNumbers, worldEvents } from '@rastreio/simulator';
import type { Carrier, Message, TimedEvent } from '@rastreio/simulator';
import { fitFile } from './fit';
import type { SimulateOptions } from './options';
import { planRun, type Pace } from './plan';
import { ORIGINAL_MESSAGES } from './originalScenario';
import { keepState, readState, type SimulatorState, type StateKeeper } from './state';

/** All that is decided before the first message. */
export interface Run {
  readonly title: string;
  readonly seed: number;
  readonly messages: Iterable<Message>;
  /** Null: nobody’s parcels. */
  readonly carrier: Carrier | null;
  readonly pace: Pace;
  readonly maxWallMs: number;
  /** Messages per second asked for, null where the run is as fast as it can be. */
  readonly askedRate: number | null;
  /** Events to send, undefined for a run without a known end. */
  readonly total: number | undefined;
  readonly state: StateKeeper;
}

/** Further ahead than this a state is of a clock that has been set back. */
const CLOCK_TOLERANCE_MS = 60_000;

const NO_STATE: StateKeeper = { remember: () => undefined, settle: () => Promise.resolve() };

/** Decides what to send. @throws OperatorError when options contradict each other or a file is wrong */
export async function prepareRun(options: SimulateOptions, nowMs: number, log: Log): Promise<Run> {
  if (options.scenario === 'original') {
    const pace: Pace = { by: 'nothing' };
    const total = ORIGINAL_MESSAGES.length;
    const title = 'the original’s three events';
    return {
      title,
      seed: 0,
      messages: ORIGINAL_MESSAGES,
      carrier: null,
      pace,
      maxWallMs: Infinity,
      askedRate: null,
      total,
      state: NO_STATE,
    };
  }
  const { known, resumedFromMs } = await knownState(options.state, nowMs, log);
  const seed = known?.seed ?? (options.seed === 0 ? randomInt(1, 2 ** 31) : options.seed);
  const rate = known?.rate ?? options.rate;
  const carrier = options.fit === undefined ? simulatedCarrier(seed) : await fit(options, options.fit, log);
  const plan = planRun({
    seed,
    carrier,
    rate,
    speed: options.speed,
    count: options.count,
    parcels: options.parcels,
    durationMs: options.duration,
    backfillMs: options.backfill,
    startMs: known?.startMs ?? options.start ?? resumedFromMs,
    incidents: options.incident,
    nowMs,
  });
  const live = plan.untilMs === Infinity;
  if (options.state !== undefined && !live)
    throw new OperatorError(
      '--state is for live runs; leave out --count, --parcels and --duration',
      EXIT.usage,
    );
  const events = limited(worldEvents(plan.world), plan.maxEvents, plan.untilMs);
  const messages = after(
    told(withFaults(events, options.faults, seed, plan.world.incidents), options.coded, seed),
    known?.sentUntilMs ?? -Infinity,
  );
  const since = iso(known?.sentUntilMs ?? plan.world.startMs);
  const bounded = Number.isFinite(plan.maxEvents);
  return {
    title: `seed ${seed}: ${bounded ? `${plan.maxEvents} events` : live ? 'live' : 'a past world'} since ${since}`,
    seed,
    messages,
    carrier,
    pace: plan.pace,
    maxWallMs: plan.maxWallMs,
    askedRate: plan.pace.by === 'rate' ? plan.pace.perSecond : live ? (rate ?? null) : null,
    total: bounded ? plan.maxEvents : undefined,
    state:
      options.state === undefined
        ? NO_STATE
        : keepState(options.state, { seed, rate: rate ?? 0, startMs: plan.world.startMs }),
  };
}

function fit({ naiveTimezone }: SimulateOptions, file: string, log: Log): Promise<Carrier> {
  return fitFile({
    file,
    naiveTimezone,
    onRejected: (count, first) =>
      log.warn({ count, first }, 'lines of --fit that are no valid event were passed over'),
  });
}

async function knownState(
  file: string | undefined,
  nowMs: number,
  log: Log,
): Promise<{ known?: SimulatorState; resumedFromMs?: number }> {
  const found = file === undefined ? undefined : await readState(file);
  if (file === undefined || found === undefined) return {};
  const sentUntilMs = found.kind === 'known' ? found.state.sentUntilMs : found.sentUntilMs;
  if (sentUntilMs > nowMs + CLOCK_TOLERANCE_MS)
    log.warn(
      { file, sentUntil: iso(sentUntilMs), now: iso(nowMs) },
      `everything until ${iso(sentUntilMs)} was sent, and this machine's clock says ${iso(nowMs)}: nothing is sent before that time; correct the clock, or delete ${file} to start a new world`,
    );
  if (found.kind === 'known') return { known: found.state };
  log.warn({ file }, 'the state is of an older simulator; a new world begins where it stopped');
  return { resumedFromMs: found.sentUntilMs };
}

function* limited(events: Iterable<TimedEvent>, maxEvents: number, untilMs: number): Generator<TimedEvent> {
  let sent = 0;
  for (const event of events) {
    if (event.atMs > untilMs || sent++ >= maxEvents) return;
    yield event;
  }
}

function told(messages: Iterable<Message>, coded: number | undefined, seed: number): Iterable<Message> {
  return coded === undefined ? messages : withTrackingNumbers(messages, coded, seed);
}

function* after(messages: Iterable<Message>, sentUntilMs: number): Generator<Message> {
  for (const message of messages) if (message.dueMs > sentUntilMs) yield message;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
