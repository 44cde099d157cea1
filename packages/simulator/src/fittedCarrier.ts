import { STATUS_CATALOGUE } from '@rastreio/contract';
import { createCalendar, hourOfWeek } from './calendar';
import type { Carrier, Life, Step } from './carrier';
import type { EventSample, ObservedLife } from './eventSample';
import { meet, type WorldIncident } from './incidents';
import { deliveryTimeMs, promisedDays } from './promises';
import type { Random } from './random';
import { MINUTE_MS } from './units';

const FINAL: ReadonlySet<string> = new Set(
  STATUS_CATALOGUE.filter(({ terminal }) => terminal).map(({ status }) => status),
);
/** A lane with fewer deliveries promises what the carrier keeps over all. */
const ENOUGH_DELIVERIES = 20;
/** Each time between two events is drawn this much longer or shorter at most, and never by more than the minutes. */
const JITTER = 0.02;
const MAX_JITTER_MS = 10 * MINUTE_MS;
const BUSY_PLACES = 5;
const HOURS = 168;

/**
 * A carrier that lives the lives of somebody's own parcels again: for a posting in some hour of the week, the whole life of a parcel
 * that was posted in that hour, with its lane, statuses and times, each shifted a little. Why so: docs/decisions/0015-fit-by-whole-lives.md.
 *
 * @throws RangeError that says what the events lack: a parcel, or a delivered one
 */
export function fittedCarrier(sample: EventSample): Carrier {
  const all = sample.lives();
  if (all.length === 0) throw new RangeError('there is no valid event');
  const times = sorted(all.map(({ steps }) => deliveryTimeMs(steps)));
  const slow = times[Math.floor(0.99 * times.length)];
  if (slow === undefined)
    throw new RangeError('no parcel has an ENTREGUE, so there is no delivery time to learn');
  const lives = all.filter((life) => !isUnderWay(life, sample.latestMs() - slow));
  const byHour = Array.from({ length: HOURS }, (): ObservedLife[] => []);
  for (const life of lives) byHour[hourOfWeek(life.steps[0]?.atMs ?? 0)]?.push(life);
  const places = placesOf(lives);
  return {
    calendar: createCalendar(byHour.map((own) => own.length)),
    hubs: places.slice(0, BUSY_PLACES),
    hasPlace: (name) => places.includes(name),
    draw(postedMs, random, incidents) {
      // Rounding to a second may lead into an hour in which nothing was posted.
      const own = byHour[hourOfWeek(postedMs)] ?? [];
      return liveAgain(random.pick(own.length === 0 ? lives : own), postedMs, random, incidents);
    },
    promises: () => promisesOf(lives),
  };
}

/** Open at the end of the file and not for so long that it must be forgotten: how it goes on is not known. */
function isUnderWay({ steps }: ObservedLife, sinceMs: number): boolean {
  const last = steps.at(-1);
  if (last === undefined) return true;
  return deliveryTimeMs(steps) === undefined && !FINAL.has(last.status) && last.atMs > sinceMs;
}

function liveAgain(
  { origem, destino, steps: observed }: ObservedLife,
  postedMs: number,
  random: Random,
  incidents: readonly WorldIncident[],
): Life {
  const steps: Step[] = [];
  let atMs = postedMs;
  let left = false;
  for (const [i, { atMs: seenMs, status }] of observed.entries()) {
    const dwellMs = seenMs - (observed[i - 1]?.atMs ?? seenMs);
    const jitterMs = (2 * random.unit() - 1) * Math.min(JITTER * dwellMs, MAX_JITTER_MS);
    const unit = random.unit();
    if (i > 0) atMs += Math.max(MINUTE_MS, dwellMs + jitterMs);
    // Only the lane is known: up to the departure a parcel is taken to be at its origin, then at its destination.
    const met = meet(incidents, { atMs, status, place: { name: left ? destino : origem }, unit });
    if (status === 'EM TRÂNSITO') left = true;
    atMs = i === 0 ? postedMs : Math.ceil(met.atMs / 1000) * 1000;
    steps.push({ atMs, status: met.reported ?? met.status });
    if (met.status !== status) break;
  }
  return { origem, destino, steps };
}

function promisesOf(lives: readonly ObservedLife[]) {
  const lanes = new Map<string, { origem: string; destino: string; times: (number | undefined)[] }>();
  for (const { origem, destino, steps } of lives) {
    const key = JSON.stringify([origem, destino]);
    const lane = lanes.get(key) ?? { origem, destino, times: [] };
    lanes.set(key, lane);
    lane.times.push(deliveryTimeMs(steps));
  }
  const usual = promisedDays([...lanes.values()].flatMap(({ times }) => times));
  return [...lanes.values()].map(({ origem, destino, times }) => ({
    origem,
    destino,
    prazo_dias: sorted(times).length < ENOUGH_DELIVERIES ? usual : promisedDays(times),
  }));
}

/** Every origin and destination, the busiest first. */
function placesOf(lives: readonly ObservedLife[]): string[] {
  const parcels = new Map<string, number>();
  for (const { origem, destino } of lives)
    for (const place of [origem, destino]) parcels.set(place, (parcels.get(place) ?? 0) + 1);
  return [...parcels].sort((a, b) => b[1] - a[1]).map(([place]) => place);
}

function sorted(times: readonly (number | undefined)[]): number[] {
  return times.filter((time) => time !== undefined).sort((a, b) => a - b);
}
