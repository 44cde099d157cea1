import TinyQueue from 'tinyqueue';
import { AGENCIES } from './calendar';
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
  /** The parcel's number in this world, from 0. */
  readonly parcelIndex: number;
  /** The event's number in its parcel's life, from 0. */
  readonly step: number;
  readonly event: SimulatedEvent;
}

export interface World {
  readonly seed: number;
  /** When the first parcels are posted, epoch milliseconds. */
  readonly startMs: number;
  /** Mean time between two postings over a week, milliseconds. */
  readonly postingIntervalMs: number;
  /** Parcels in all; Infinity for a world without end. */
  readonly maxParcels: number;
  readonly incidents: readonly Incident[];
}

/** Ids of one seed do not meet those of another, nor the small ids people type. */
const IDS_PER_SEED = 1_000_000_000;
const SEEDS_WITH_OWN_IDS = 9_000_000;
/** Lives drawn to find out how many events a parcel has. */
const SAMPLE_SIZE = 2_000;

/** Number of a seed's first parcel. */
export function firstParcelId(seed: number): number {
  return (1 + (seed % SEEDS_WITH_OWN_IDS)) * IDS_PER_SEED;
}

/** The world's events in time order: parcels posted by hour and weekday, each living its own life. */
export function* worldEvents(world: World): Generator<TimedEvent, void> {
  const underway = new TinyQueue<Underway>([], (a, b) => a.atMs - b.atMs || a.parcelIndex - b.parcelIndex);
  const postings = postingTimes(world);
  const network = createNetwork(world.seed);
  const incidents = worldIncidents(world.incidents);
  const idBase = firstParcelId(world.seed);
  let nextPosting = postings.next().value;
  for (let index = 0; ;) {
    const first = underway.peek();
    if (nextPosting !== undefined && (first === undefined || nextPosting <= first.atMs)) {
      const random = new Random(world.seed, 'package', index);
      const lane = network.draw(random);
      const steps = drawLifecycle(lane, nextPosting, random, incidents);
      underway.push({ atMs: nextPosting, parcelIndex: index, step: 0, lane, steps });
      index++;
      nextPosting = postings.next().value;
      continue;
    }
    if (first === undefined) return;
    underway.pop();
    const { atMs, parcelIndex, step } = first;
    yield { atMs, parcelIndex, step, event: toEvent(idBase + parcelIndex, first) };
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
  readonly parcelIndex: number;
  step: number;
  readonly lane: Lane;
  readonly steps: readonly Step[];
}

/** Instants at which parcels are posted, in whole seconds. */
function* postingTimes({
  seed,
  startMs,
  postingIntervalMs,
  maxParcels,
}: World): Generator<number, undefined> {
  const random = new Random(seed, 'postings');
  const meanShare = postingIntervalMs / WEEK_MS;
  let share = AGENCIES.shareOfInstant(startMs);
  for (let i = 0; i < maxParcels; i++) {
    share += random.exponential(meanShare);
    yield Math.ceil(AGENCIES.instantOfShare(share) / 1000) * 1000;
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
  const eventsPerParcel = lives.reduce((sum, steps) => sum + steps.length, 0) / lives.length;
  return (eventsPerParcel / eventsPerSecond) * 1000;
}

/** Mean time between postings for which about `count` events happen between the two instants, found on a sample of lives. */
export function postingIntervalForCount(seed: number, count: number, startMs: number, endMs: number): number {
  const lives = sampleLives(seed, startMs, endMs);
  const events = lives.reduce((sum, steps) => sum + steps.filter(({ atMs }) => atMs <= endMs).length, 0);
  return ((events / lives.length) * windowShare(startMs, endMs) * WEEK_MS) / count;
}

/** Mean time between postings for which about `parcels` are posted between the two instants. */
export function postingIntervalForParcels(parcels: number, startMs: number, endMs: number): number {
  return (windowShare(startMs, endMs) * WEEK_MS) / parcels;
}

function windowShare(startMs: number, endMs: number): number {
  return AGENCIES.shareOfInstant(endMs) - AGENCIES.shareOfInstant(startMs);
}

/** Lives posted between the two instants as the calendar has it. */
function sampleLives(seed: number, startMs: number, endMs: number): Step[][] {
  const network = createNetwork(seed);
  const from = AGENCIES.shareOfInstant(startMs);
  const share = windowShare(startMs, endMs);
  return Array.from({ length: SAMPLE_SIZE }, (_, i) => {
    const random = new Random(seed, 'sample', i);
    const lane = network.draw(random);
    return drawLifecycle(lane, AGENCIES.instantOfShare(from + share * ((i + 0.5) / SAMPLE_SIZE)), random, []);
  });
}
