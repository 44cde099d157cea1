import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Carrier } from './keys';

/** Events that were taken from a carrier's minute before it is known what becomes of them. */
interface Reservation {
  /** 0, or the seconds to wait because they are too many; then nothing was taken. */
  readonly waitSeconds: number;
  /** Says how many of them were stored; the others go back to the minute that they were taken from. */
  readonly settle: (stored: number) => Promise<void>;
}

/** How many events each carrier may still send this minute. */
export interface CarrierLimits {
  /**
   * Takes `events` from the carrier's minute. A request larger than a whole minute's worth is let in while nothing is used,
   * or it could never be sent.
   */
  readonly reserve: (carrier: Carrier | undefined, events: number) => Promise<Reservation>;
}

const WINDOW_SECONDS = 60;
const UNLIMITED: Reservation = { waitSeconds: 0, settle: () => Promise.resolve() };

/** Limits kept in this process: with several instances each grants its own minute. */
export function createCarrierLimits(): CarrierLimits {
  // Its own limit is not used: each carrier has another one.
  const used = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
  return {
    async reserve(carrier, events) {
      if (carrier === undefined) return UNLIMITED;
      const { name, eventsPerMinute } = carrier;
      // Taken first and looked at afterwards: requests side by side must not both find room.
      const { consumedPoints, msBeforeNext } = await used.penalty(name, events);
      if (consumedPoints > eventsPerMinute && consumedPoints > events) {
        await used.reward(name, events);
        return { ...UNLIMITED, waitSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
      }
      const endsAt = performance.now() + msBeforeNext;
      return {
        waitSeconds: 0,
        async settle(stored) {
          // A minute that is over has nothing to give to the next one.
          if (stored < events && performance.now() < endsAt) await used.reward(name, events - stored);
        },
      };
    },
  };
}
