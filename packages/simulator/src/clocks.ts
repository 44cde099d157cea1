import { Random } from './random';
import { HOUR_MS, MINUTE_MS } from './units';
import type { TimedEvent } from './world';

/** A clock goes wrong, or is set right, at the beginning of such a time. */
const WINDOW_MS = 6 * HOUR_MS;
const LEAST_MS = 2 * MINUTE_MS;
const MOST_MS = 45 * MINUTE_MS;

/**
 * Dates events as the clocks of their origins show; they are still sent when they happen. A wrong instant never falls on a whole
 * second, and those of neighbouring windows not on the same millisecond, so that no event becomes another's duplicate.
 *
 * @param share of the time during which an origin's clock is wrong, from 0 to 1
 */
export function* withWrongClocks(
  events: Iterable<TimedEvent>,
  share: number,
  seed: number,
): Generator<TimedEvent> {
  for (const timed of events) {
    const skewMs = share > 0 ? skewOf(timed, share, seed) : 0;
    if (skewMs === 0) yield timed;
    else {
      const data_atualizacao = new Date(timed.atMs + skewMs).toISOString();
      yield { ...timed, event: { ...timed.event, data_atualizacao } };
    }
  }
}

function skewOf({ atMs, event }: TimedEvent, share: number, seed: number): number {
  const window = Math.floor(atMs / WINDOW_MS);
  const random = new Random(seed, `clock of ${event.origem}`, window);
  if (random.unit() >= share) return 0;
  const seconds = Math.round((LEAST_MS + random.unit() * (MOST_MS - LEAST_MS)) / 1000);
  const sign = random.unit() < 0.5 ? -1 : 1;
  return sign * seconds * 1000 + 1 + (window % 999);
}
