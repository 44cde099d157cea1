import { isoDay } from '../calendar';
import { Random } from '../random';
import { DAY_MS } from '../units';
import type { TimedEvent } from '../world';

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
