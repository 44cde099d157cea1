import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Carrier } from './keys';

/** How many events each carrier may still send this minute. */
export interface CarrierLimits {
  /**
   * Takes `events` from the carrier's minute. A request larger than a whole minute's worth is let in while nothing is used,
   * or it could never be sent.
   *
   * @returns 0, or the seconds to wait when they are too many
   */
  readonly take: (carrier: Carrier, events: number) => Promise<number>;
}

const WINDOW_SECONDS = 60;

/** Limits kept in this process: with several instances each grants its own minute. */
export function createCarrierLimits(): CarrierLimits {
  // Its own limit is not used: each carrier has another one.
  const used = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
  return {
    async take({ name, eventsPerMinute }, events) {
      const state = await used.get(name);
      if (state !== null && state.consumedPoints > 0 && state.consumedPoints + events > eventsPerMinute)
        return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
      await used.penalty(name, events);
      return 0;
    },
  };
}
