import TinyQueue from 'tinyqueue';
import { AGENCIES, type Calendar } from './calendar';
import type { Carrier, Life } from './carrier';
import { worldIncidents, type Incident } from './incidents';
import { Random } from './random';
import { simulatedCarrier } from './simulatedCarrier';
import { WEEK_MS } from './units';

/** An event as a carrier sends it. */
export interface SimulatedEvent {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly status_rastreamento: string;
  readonly data_atualizacao: string;
  /** Takes back the event of the same parcel, instant and status. */
  readonly correcao?: 'mesmo';
}

export interface TimedEvent {
  /** Epoch milliseconds of `data_atualizacao`. */
  readonly atMs: number;
  /** The parcel's number in this world, from 0. */
  readonly parcelIndex: number;
  /** The event's number in its parcel's life, from 0. */
  readonly step: number;
  /** When the parcel was posted, epoch milliseconds. */
  readonly postedMs: number;
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
  /** Left out: the made-up carrier of the seed. */
  readonly carrier?: Carrier | undefined;
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
  const carrier = carrierOf(world);
  const incidents = worldIncidents(world.incidents);
  const idBase = firstParcelId(world.seed);
  let nextPosting = postings.next().value;
  for (let index = 0; ;) {
    const first = underway.peek();
    if (nextPosting !== undefined && (first === undefined || nextPosting <= first.atMs)) {
      const random = new Random(world.seed, 'package', index);
      const life = carrier.draw(nextPosting, random, incidents);
      underway.push({ atMs: nextPosting, parcelIndex: index, step: 0, life });
      index++;
      nextPosting = postings.next().value;
      continue;
    }
    if (first === undefined) return;
    underway.pop();
    const { atMs, parcelIndex, step } = first;
    const postedMs = first.life.steps[0]?.atMs ?? atMs;
    yield { atMs, parcelIndex, step, postedMs, event: toEvent(idBase + parcelIndex, first) };
    const following = first.life.steps[step + 1];
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
  readonly life: Life;
}

function carrierOf({ seed, carrier }: Pick<World, 'seed' | 'carrier'>): Carrier {
  return carrier ?? simulatedCarrier(seed);
}

/** Instants at which parcels are posted, in whole seconds. */
function* postingTimes(world: World): Generator<number, undefined> {
  const { calendar } = carrierOf(world);
  const random = new Random(world.seed, 'postings');
  const meanShare = world.postingIntervalMs / WEEK_MS;
  let share = calendar.shareOfInstant(world.startMs);
  for (let i = 0; i < world.maxParcels; i++) {
    share += random.exponential(meanShare);
    yield Math.ceil(calendar.instantOfShare(share) / 1000) * 1000;
  }
}

function toEvent(id: number, { atMs, step, life }: Underway): SimulatedEvent {
  return {
    id_pacote: id,
    origem: life.origem,
    destino: life.destino,
    status_rastreamento: life.steps[step]?.status ?? '',
    data_atualizacao: formatSecond(atMs),
  };
}

/** Whole seconds as an ISO 8601 instant. */
export function formatSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Mean time between postings for which the world settles at this many events per second. */
export function postingIntervalForRate(
  seed: number,
  eventsPerSecond: number,
  carrier = simulatedCarrier(seed),
): number {
  const lives = sampleLives(seed, carrier, 0, WEEK_MS);
  const eventsPerParcel = lives.reduce((sum, { steps }) => sum + steps.length, 0) / lives.length;
  return (eventsPerParcel / eventsPerSecond) * 1000;
}

/** Mean time between postings for which about `count` events happen between the two instants, found on a sample of lives. */
export function postingIntervalForCount(
  seed: number,
  count: number,
  startMs: number,
  endMs: number,
  carrier = simulatedCarrier(seed),
): number {
  const lives = sampleLives(seed, carrier, startMs, endMs);
  const events = lives.reduce((sum, { steps }) => sum + steps.filter(({ atMs }) => atMs <= endMs).length, 0);
  return ((events / lives.length) * windowShare(carrier.calendar, startMs, endMs) * WEEK_MS) / count;
}

/** Mean time between postings for which about `parcels` are posted between the two instants. */
export function postingIntervalForParcels(
  parcels: number,
  startMs: number,
  endMs: number,
  calendar: Calendar = AGENCIES,
): number {
  return (windowShare(calendar, startMs, endMs) * WEEK_MS) / parcels;
}

function windowShare(calendar: Calendar, startMs: number, endMs: number): number {
  return calendar.shareOfInstant(endMs) - calendar.shareOfInstant(startMs);
}

/** Lives posted between the two instants as the calendar has it. */
function sampleLives(seed: number, carrier: Carrier, startMs: number, endMs: number): Life[] {
  const { calendar } = carrier;
  const from = calendar.shareOfInstant(startMs);
  const share = windowShare(calendar, startMs, endMs);
  return Array.from({ length: SAMPLE_SIZE }, (_, i) => {
    const postedMs = calendar.instantOfShare(from + share * ((i + 0.5) / SAMPLE_SIZE));
    return carrier.draw(postedMs, new Random(seed, 'sample', i), []);
  });
}
