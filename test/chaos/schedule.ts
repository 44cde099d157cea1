import { Random } from '@rastreio/simulator';

/**
 * What can go wrong, with how long it is held (milliseconds) and how many seconds after that the pipeline may usually need.
 * The second figure only spaces the faults out; a recovery that takes longer makes the next fault wait.
 */
export const FAULTS = {
  consumer_killed: { holdMs: [0, 3_000], settleSeconds: 9 },
  killed_before_database_commit: { holdMs: [0, 1_000], settleSeconds: 14 },
  killed_after_database_commit: { holdMs: [0, 1_000], settleSeconds: 14 },
  killed_after_dead_letters: { holdMs: [0, 1_000], settleSeconds: 14 },
  consumer_frozen: { holdMs: [9_000, 12_000], settleSeconds: 5 },
  consumers_rebalanced: { holdMs: [1_000, 3_000], settleSeconds: 14 },
  producer_killed: { holdMs: [0, 1_000], settleSeconds: 6 },
  kafka_killed: { holdMs: [0, 3_000], settleSeconds: 14 },
  kafka_restarted: { holdMs: [0, 2_000], settleSeconds: 12 },
  kafka_frozen: { holdMs: [3_000, 7_000], settleSeconds: 6 },
  kafka_half_open: { holdMs: [1_000, 4_000], settleSeconds: 36 },
  database_killed: { holdMs: [0, 3_000], settleSeconds: 6 },
  database_restarted: { holdMs: [0, 2_000], settleSeconds: 6 },
  database_half_open: { holdMs: [2_000, 6_000], settleSeconds: 12 },
  database_cut: { holdMs: [0, 0], settleSeconds: 3 },
  database_locked: { holdMs: [4_000, 7_000], settleSeconds: 5 },
  database_read_only: { holdMs: [2_000, 6_000], settleSeconds: 5 },
  database_slow: { holdMs: [4_000, 8_000], settleSeconds: 4 },
  dead_letters_refused: { holdMs: [3_000, 7_000], settleSeconds: 5 },
} as const satisfies Readonly<
  Record<string, { readonly holdMs: readonly [number, number]; readonly settleSeconds: number }>
>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** Harm to the whole of Kafka by way of one process or one proxy: not with several brokers. */
export const NEED_ALL_BROKERS: ReadonlySet<FaultKind> = new Set([
  'kafka_restarted',
  'kafka_frozen',
  'kafka_half_open',
]);

export interface PlannedFault {
  readonly kind: FaultKind | 'database_outage';
  /** It begins once this many messages have been sent, and not before the one before it is over. */
  readonly atMessages: number;
  /** How long it lasts. */
  readonly holdMs: number;
  /** Picks the victim among several and the like: uniform in [0, 1). */
  readonly draw: number;
}

export interface Schedule {
  readonly faults: readonly PlannedFault[];
  readonly messagesPerSecond: number;
}

export interface ScheduleOptions {
  readonly seed: number;
  /** Events that are sent in all. */
  readonly events: number;
  readonly faults: number;
  /** Only these, to look into one; all by default. */
  readonly kinds?: readonly FaultKind[] | undefined;
  /** How long sending takes; left out, as long as the faults need and no faster than this machine can be expected to follow. */
  readonly seconds?: number | undefined;
  /** One database outage of this length on top; 0 for none. */
  readonly outageSeconds?: number;
}

/** Before the first fault and after the last one. */
const CALM_SECONDS = 5;
const OUTAGE_SETTLE_SECONDS = 15;
const MAX_RATE = 5_000;

type Slot = Omit<PlannedFault, 'atMessages'> & { readonly seconds: number };

/**
 * What happens when, from a seed alone. Every kind comes once before any comes twice. A fault's share of the events is as
 * large as its share of the time, so that there is load throughout.
 */
export function planChaos(options: ScheduleOptions): Schedule {
  const { seed, events, outageSeconds = 0 } = options;
  const random = new Random(seed, 'chaos');
  const planned = chosen(options.faults, options.kinds ?? FAULT_KINDS, random).map((kind): Slot => {
    const [from, to] = FAULTS[kind].holdMs;
    const holdMs = Math.round(from + random.unit() * (to - from));
    return { kind, holdMs, draw: random.unit(), seconds: holdMs / 1000 + FAULTS[kind].settleSeconds };
  });
  if (outageSeconds > 0) {
    const place = random.below(planned.length + 1);
    const seconds = outageSeconds + OUTAGE_SETTLE_SECONDS;
    const outage = {
      kind: 'database_outage',
      holdMs: outageSeconds * 1000,
      draw: random.unit(),
      seconds,
    } as const;
    planned.splice(place, 0, outage);
  }
  const needed = planned.reduce((sum, { seconds }) => sum + seconds, 2 * CALM_SECONDS);
  const seconds = options.seconds ?? Math.max(needed, events / MAX_RATE);
  let at = CALM_SECONDS;
  const faults = planned.map(({ kind, holdMs, draw, seconds: own }): PlannedFault => {
    const atMessages = Math.round((events * at) / needed);
    at += own;
    return { kind, atMessages, holdMs, draw };
  });
  return { faults, messagesPerSecond: Math.max(1, Math.ceil(events / seconds)) };
}

/** Rounds of all kinds, each in an order of its own. */
function chosen(count: number, kinds: readonly FaultKind[], random: Random): FaultKind[] {
  const list: FaultKind[] = [];
  while (list.length < count) list.push(...shuffled(kinds, random));
  return list.slice(0, count);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
