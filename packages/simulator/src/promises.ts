import { STATUS_DELIVERED } from '@rastreio/contract';
import { isoDay } from './calendar';
import type { Step } from './carrier';
import { Random } from './random';
import { DAY_MS } from './units';
import type { TimedEvent } from './world';

/** Of a lane's deliveries, this share keeps the promise before it is rounded up to whole days; about 0.93 do in the end. */
const KEPT = 0.925;
/** The promise that the carrier keeps with about 93 % of these, in whole days; undefined: not delivered. @throws RangeError for none */
export function promisedDays(deliveryTimesMs: readonly (number | undefined)[]): number {
  const times = deliveryTimesMs.filter((time) => time !== undefined).sort((a, b) => a - b);
  const longest = times[Math.min(times.length - 1, Math.floor(KEPT * times.length))];
  if (longest === undefined) throw new RangeError('no delivery to take a promise from');
  return Math.max(1, Math.ceil(longest / DAY_MS));
}

/** From the first step to the last ENTREGUE, milliseconds; undefined where there is none. */
export function deliveryTimeMs(steps: readonly Step[]): number | undefined {
  const delivered = steps.findLast(({ status }) => status === STATUS_DELIVERED);
  const [first] = steps;
  return delivered === undefined || first === undefined ? undefined : delivered.atMs - first.atMs;
}

const FEWEST_DAYS = 3;
const MOST_DAYS = 12;
/** Of the parcels, this share is promised anew on the way. */
const REVISED = 0.25;

/**
 * What the carrier promises of a parcel at a moment: a day, `YYYY-MM-DD` in Brasília. Of some parcels it is another one from some moment of
 * their first week on. Drawn from a stream of its own.
 *
 * @param nowMs when the carrier says it, epoch milliseconds
 */
export function parcelPromise(
  seed: number,
  { parcelIndex, postedMs }: Pick<TimedEvent, 'parcelIndex' | 'postedMs'>,
  nowMs: number,
): string {
  const random = new Random(seed, 'parcel promise', parcelIndex);
  const days = FEWEST_DAYS + random.below(MOST_DAYS - FEWEST_DAYS + 1);
  const revisedAfterMs = random.unit() < REVISED ? random.unit() * 7 * DAY_MS : Infinity;
  const more = random.below(6) - 2;
  return isoDay(postedMs + (days + (nowMs - postedMs >= revisedAfterMs ? more : 0)) * DAY_MS);
}
