import TinyQueue from 'tinyqueue';
import { drawLifecycle, type Lifecycle } from './lifecycle';
import { randomStream } from './random';

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
  readonly event: SimulatedEvent;
}

export interface World {
  readonly seed: number;
  /** When the first packages are posted, epoch milliseconds. */
  readonly startMs: number;
  /** Mean time between two postings, milliseconds. */
  readonly postingIntervalMs: number;
}

/** Ids of one seed do not meet those of another, nor the small ids people type. */
const IDS_PER_SEED = 1_000_000_000;
const SEEDS_WITH_OWN_IDS = 9_000_000;
const SAMPLE_SIZE = 2_000;

/** The world's events, endless and in time order: packages posted at random moments, each living its own life. */
export function* worldEvents(world: World): Generator<TimedEvent, never> {
  const postings = randomStream(world.seed, 'postings');
  const underway = new TinyQueue<Scheduled>([], (a, b) => a.atMs - b.atMs || a.index - b.index);
  const idBase = (1 + (world.seed % SEEDS_WITH_OWN_IDS)) * IDS_PER_SEED;
  let nextPosting = world.startMs + postings.exponential(world.postingIntervalMs);
  for (let index = 0; ;) {
    const first = underway.peek();
    if (first === undefined || nextPosting <= first.atMs) {
      const postedMs = Math.ceil(nextPosting / 1000) * 1000;
      underway.push({
        atMs: postedMs,
        postedMs,
        index,
        step: 0,
        life: drawLifecycle(randomStream(world.seed, 'package', index)),
      });
      nextPosting += postings.exponential(world.postingIntervalMs);
      index++;
      continue;
    }
    underway.pop();
    yield { atMs: first.atMs, event: toEvent(idBase + first.index, first) };
    const following = first.life.steps[first.step + 1];
    if (following !== undefined)
      underway.push({ ...first, step: first.step + 1, atMs: first.postedMs + following.offsetMs });
  }
}

interface Scheduled {
  readonly atMs: number;
  readonly postedMs: number;
  readonly index: number;
  readonly step: number;
  readonly life: Lifecycle;
}

function toEvent(id: number, { atMs, life, step }: Scheduled): SimulatedEvent {
  return {
    id_pacote: id,
    origem: life.origem,
    destino: life.destino,
    status_rastreamento: life.steps[step]?.status ?? '',
    data_atualizacao: new Date(atMs).toISOString().replace('.000Z', 'Z'),
  };
}

/** Mean time between postings for which the world settles at this many events per second. */
export function postingIntervalForRate(seed: number, eventsPerSecond: number): number {
  const lives = sampleLives(seed);
  const eventsPerPackage = lives.reduce((sum, life) => sum + life.steps.length, 0) / lives.length;
  return (eventsPerPackage / eventsPerSecond) * 1000;
}

/**
 * Mean time between postings for which about `count` events happen within `windowMs` of the start. A package posted at
 * time s has had those events by the end whose offset is at most windowMs - s; the mean over s is taken on a sample.
 */
export function postingIntervalForCount(seed: number, count: number, windowMs: number): number {
  const lives = sampleLives(seed);
  const meanTimeLeft =
    lives.reduce(
      (sum, life) =>
        sum + life.steps.reduce((left, { offsetMs }) => left + Math.max(0, windowMs - offsetMs), 0),
      0,
    ) / lives.length;
  return meanTimeLeft / count;
}

function sampleLives(seed: number): Lifecycle[] {
  return Array.from({ length: SAMPLE_SIZE }, (_, i) => drawLifecycle(randomStream(seed, 'sample', i)));
}
