import { AGENCIES } from './calendar';
import type { Carrier } from './carrier';
import { CITIES } from './cities';
import { GATEWAYS } from './incidents';
import { drawLifecycle } from './lifecycle';
import { createNetwork } from './network';
import { deliveryTimeMs, promisedDays } from './promises';
import { Random } from './random';

/** Lives drawn to find out how long a lane takes, posted over a year. */
const LIVES = 200;
/** The weeks of 2026 in which they are posted, counted as the calendar does. Any year would do: a promise is not of a season. */
const FIRST_WEEK = 2922;
const WEEKS = 52;

/** The made-up carrier of a seed: its lanes and what it promises on them are the same whatever happens in the world. */
export function simulatedCarrier(seed: number): Carrier {
  const network = createNetwork(seed);
  return {
    calendar: AGENCIES,
    hubs: GATEWAYS,
    hasPlace: (place) => CITIES.some(({ name }) => name === place),
    draw(postedMs, random, incidents) {
      const lane = network.draw(random);
      const steps = drawLifecycle(lane, postedMs, random, incidents);
      return { origem: lane.origin.name, destino: lane.destination.name, steps };
    },
    promises: () =>
      Array.from(network.lanes(), (lane, index) => {
        const random = new Random(seed, 'promise', index);
        const times = Array.from({ length: LIVES }, (_, i) => {
          const postedMs = AGENCIES.instantOfShare(FIRST_WEEK + (WEEKS * (i + 0.5)) / LIVES);
          return deliveryTimeMs(drawLifecycle(lane, postedMs, random, []));
        });
        return { origem: lane.origin.name, destino: lane.destination.name, prazo_dias: promisedDays(times) };
      }),
  };
}
