import { STATUS_DELIVERED } from '@rastreio/contract';
import type { Step } from './carrier';
import { DAY_MS } from './units';

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
