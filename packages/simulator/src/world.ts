import TinyQueue from 'tinyqueue';
import { instantOfShare, shareOfInstant } from './calendar';
import { worldIncidents, type Incident } from './incidents';
import { drawLifecycle, type Step } from './lifecycle';
import { createNetwork, type Lane } from './network';
import { Random } from './random';
import { WEEK_MS } from './units';

/** An event as a carrier sends it. */
export interface SimulatedEvent {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly status_rastreamento: string;
  readonly data_atualizacao: string;
}

export interface TimedEvent {
  /** Epoch milliseconds of `data_atualizacao`. */
  readonly atMs: number;
  /** The package's number in this world, from 0. */
  readonly packageIndex: number;
  /** The event's number in its package's life, from 0. */
  readonly step: number;
  readonly event: SimulatedEvent;
}

export interface World {
  readonly seed: number;
  /** When the first packages are posted, epoch milliseconds. */
  readonly startMs: number;
  /** Mean time between two postings over a week, milliseconds. */
  readonly postingIntervalMs: number;
  /** Packages in all; Infinity for a world without end. */
  readonly maxPackages: number;
  readonly incidents: readonly Incident[];
}

/** Ids of one seed do not meet those of another, nor the small ids people type. */
const IDS_PER_SEED = 1_000_000_000;
const SEEDS_WITH_OWN_IDS = 9_000_000;
/** Lives drawn to find out how many events a package has. */
const SAMPLE_SIZE = 2_000;

/** Number of a seed's first package. */
export function firstPackageId(seed: number): number {
  return (1 + (seed % SEEDS_WITH_OWN_IDS)) * IDS_PER_SEED;
}

/** The world's events in time order: packages posted by hour and weekday, each living its own life. */
export function* worldEvents(world: World): Generator<TimedEvent, void> {
  const underway = new TinyQueue<Underway>([], (a, b) => a.atMs - b.atMs || a.packageIndex - b.packageIndex);
  const postings = postingTimes(world);
  const network = createNetwork(world.seed);
  const incidents = worldIncidents(world.incidents);
  const idBase = firstPackageId(world.seed);
  let nextPosting = postings.next().value;
  for (let index = 0; ;) {
    const first = underway.peek();
    if (nextPosting !== undefined && (first === undefined || nextPosting <= first.atMs)) {
      const random = new Random(world.seed, 'package', index);
      const lane = network.draw(random);
      const steps = drawLifecycle(lane, nextPosting, random, incidents);
      underway.push({ atMs: nextPosting, packageIndex: index, step: 0, lane, steps });
      index++;
      nextPosting = postings.next().value;
      continue;
    }
    if (first === undefined) return;
    underway.pop();
    const { atMs, packageIndex, step } = first;
    yield { atMs, packageIndex, step, event: toEvent(idBase + packageIndex, first) };
    const following = first.steps[step + 1];
    if (following !== undefined) {
      first.step++;
      first.atMs = following.atMs;
      underway.push(first);
    }
  }
}

interface Underway {
  atMs: number;
  readonly packageIndex: number;
  step: number;
  readonly lane: Lane;
  readonly steps: readonly Step[];
}

/** Instants at which packages are posted, in whole seconds. */
function* postingTimes({
  seed,
  startMs,
  postingIntervalMs,
  maxPackages,
}: World): Generator<number, undefined> {
  const random = new Random(seed, 'postings');
  const meanShare = postingIntervalMs / WEEK_MS;
  let share = shareOfInstant(startMs);
  for (let i = 0; i < maxPackages; i++) {
    share += random.exponential(meanShare);
    yield Math.ceil(instantOfShare(share) / 1000) * 1000;
  }
}

function toEvent(id: number, { atMs, lane, step, steps }: Underway): SimulatedEvent {
  return {
    id_pacote: id,
    origem: lane.origin.name,
    destino: lane.destination.name,
    status_rastreamento: steps[step]?.status ?? '',
    data_atualizacao: formatSecond(atMs),
  };
}

/** Whole seconds as an ISO 8601 instant. */
export function formatSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Mean time between postings for which the world settles at this many events per second. */
export function postingIntervalForRate(seed: number, eventsPerSecond: number): number {
  const lives = sampleLives(seed, 0, WEEK_MS);
  const eventsPerPackage = lives.reduce((sum, steps) => sum + steps.length, 0) / lives.length;
  return (eventsPerPackage / eventsPerSecond) * 1000;
}

/** Mean time between postings for which about `count` events happen between the two instants, found on a sample of lives. */
export function postingIntervalForCount(seed: number, count: number, startMs: number, endMs: number): number {
  const lives = sampleLives(seed, startMs, endMs);
  const events = lives.reduce((sum, steps) => sum + steps.filter(({ atMs }) => atMs <= endMs).length, 0);
  return ((events / lives.length) * windowShare(startMs, endMs) * WEEK_MS) / count;
}

/** Mean time between postings for which about `packages` are posted between the two instants. */
export function postingIntervalForPackages(packages: number, startMs: number, endMs: number): number {
  return (windowShare(startMs, endMs) * WEEK_MS) / packages;
}

function windowShare(startMs: number, endMs: number): number {
  return shareOfInstant(endMs) - shareOfInstant(startMs);
}

/** Lives posted between the two instants as the calendar has it. */
function sampleLives(seed: number, startMs: number, endMs: number): Step[][] {
  const network = createNetwork(seed);
  const from = shareOfInstant(startMs);
  const share = windowShare(startMs, endMs);
  return Array.from({ length: SAMPLE_SIZE }, (_, i) => {
    const random = new Random(seed, 'sample', i);
    const lane = network.draw(random);
    return drawLifecycle(lane, instantOfShare(from + share * ((i + 0.5) / SAMPLE_SIZE)), random, []);
  });
}
