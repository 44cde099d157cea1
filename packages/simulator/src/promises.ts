import { STATUS_DELIVERED } from '@rastreio/contract';
import { AGENCIES } from './calendar';
import { csvCell } from './encode';
import { drawLifecycle, type Step } from './lifecycle';
import { createNetwork } from './network';
import { Random } from './random';
import { DAY_MS } from './units';

/** What a carrier promises for a lane, from the first event to the delivery. */
export interface LanePromise {
  readonly origem: string;
  readonly destino: string;
  /** Whole days. */
  readonly prazo_dias: number;
}

/** Of a lane's deliveries, this share keeps the promise before it is rounded up to whole days; about 0.93 do in the end. */
const KEPT = 0.925;
/** Lives drawn to find out how long a lane takes, posted over a year. */
const LIVES = 200;
/** The weeks of 2026 in which they are posted, counted as the calendar does. Any year would do: a promise is not of a season. */
const FIRST_WEEK = 2922;
const WEEKS = 52;

/** What the carrier of this seed's world promises on each lane: the same for the same seed, whatever happens in the world. */
export function lanePromises(seed: number): LanePromise[] {
  return Array.from(createNetwork(seed).lanes(), (lane, index) => {
    const random = new Random(seed, 'promise', index);
    const times = Array.from({ length: LIVES }, (_, i) => {
      const postedMs = AGENCIES.instantOfShare(FIRST_WEEK + (WEEKS * (i + 0.5)) / LIVES);
      return deliveryTimeMs(drawLifecycle(lane, postedMs, random, []));
    });
    return { origem: lane.origin.name, destino: lane.destination.name, prazo_dias: promisedDays(times) };
  });
}

/** Promises as a CSV file that `rastreio db promises` takes. */
export function promisesCsv(promises: readonly LanePromise[]): string {
  const lines = promises.map(({ origem, destino, prazo_dias: days }) =>
    [origem, destino, days].map(csvCell).join(','),
  );
  return `${['origem,destino,prazo_dias', ...lines].join('\n')}\n`;
}

/** The promise that the carrier keeps with about 93 % of these, in whole days; undefined: not delivered. @throws RangeError for none */
export function promisedDays(deliveryTimesMs: readonly (number | undefined)[]): number {
  const times = deliveryTimesMs.filter((time) => time !== undefined).sort((a, b) => a - b);
  const longest = times[Math.min(times.length - 1, Math.floor(KEPT * times.length))];
  if (longest === undefined) throw new RangeError('no delivery to take a promise from');
  return Math.max(1, Math.ceil(longest / DAY_MS));
}

/** From the first step to the last ENTREGUE, milliseconds; undefined where there is none. */
function deliveryTimeMs(steps: readonly Step[]): number | undefined {
  const delivered = steps.findLast(({ status }) => status === STATUS_DELIVERED);
  const [first] = steps;
  return delivered === undefined || first === undefined ? undefined : delivered.atMs - first.atMs;
}
