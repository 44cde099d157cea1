import { CITIES, distanceKm, type City } from './cities';
import { Random } from './random';

/** One way between two hubs. */
interface Leg {
  readonly to: City;
  /** Median time on it, handling at its end included. */
  readonly medianHours: number;
}

/** How parcels go from one city to another: over the gateways of the two regions. */
export interface Lane {
  readonly origin: City;
  readonly destination: City;
  readonly legs: readonly Leg[];
  /** Slowness of the last mile relative to the others. */
  readonly lastMile: number;
  /** How much more often than on others parcels meet a snag. */
  readonly snags: number;
  /** How much more often than on others nobody is met at the door. */
  readonly missed: number;
}

/** The lanes of one world. Each has its own pace and its own troubles, drawn once from the seed. */
export interface Network {
  /** Draws a lane, busy cities more often. */
  draw(random: Random): Lane;
  /** Every lane that can be drawn. */
  lanes(): Generator<Lane, void>;
}

/** Speed of a lorry over a whole leg, waiting included. */
const KM_PER_HOUR = 80;
const HANDLING_HOURS = 3;
/** Spread of the lanes' pace and of their troubles: the logarithm's standard deviation. */
const PACE_SIGMA = 0.35;
const TROUBLE_SIGMA = 0.5;
/** Some lanes are far worse than the others. */
const BAD_SHARE = 0.06;
const BAD_PACE = 2;
const MAX_TROUBLE = 4;

const TOTAL_WEIGHT = CITIES.reduce((sum, { weight }) => sum + weight, 0);
const BY_NAME = new Map(CITIES.map((city) => [city.name, city]));

/** The network of this seed's world. */
export function createNetwork(seed: number): Network {
  const lanes = new Map<number, Lane>();
  const laneOf = (from: number, to: number): Lane => {
    const key = from * CITIES.length + to;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = buildLane(cityAt(from), cityAt(to), new Random(seed, 'lane', key));
      lanes.set(key, lane);
    }
    return lane;
  };
  return {
    draw(random) {
      const from = drawCity(random, -1);
      return laneOf(from, drawCity(random, from));
    },
    *lanes() {
      for (const from of CITIES.keys())
        for (const to of CITIES.keys()) if (from !== to) yield laneOf(from, to);
    },
  };
}

function buildLane(origin: City, destination: City, random: Random): Lane {
  const pace = random.logNormal(1, PACE_SIGMA) * (random.unit() < BAD_SHARE ? BAD_PACE : 1);
  const lastMile = random.logNormal(1, PACE_SIGMA);
  const trouble = () => Math.min(MAX_TROUBLE, random.logNormal(1, TROUBLE_SIGMA));
  const stops = [named(origin.gateway), named(destination.gateway), destination];
  const legs: Leg[] = [];
  let at = origin;
  for (const stop of stops) {
    // A parcel within one region does not go back through its gateway twice.
    if (stop === at || (origin.gateway === destination.gateway && stop !== destination)) continue;
    legs.push({ to: stop, medianHours: pace * (HANDLING_HOURS + distanceKm(at, stop) / KM_PER_HOUR) });
    at = stop;
  }
  return { origin, destination, legs, lastMile, snags: trouble(), missed: trouble() };
}

function drawCity(random: Random, except: number): number {
  for (;;) {
    let left = random.unit() * TOTAL_WEIGHT;
    const index = CITIES.findIndex(({ weight }) => (left -= weight) < 0);
    if (index >= 0 && index !== except) return index;
  }
}

function cityAt(index: number): City {
  const city = CITIES[index];
  if (city === undefined) throw new RangeError(`there is no city ${index}`);
  return city;
}

function named(name: string): City {
  const city = BY_NAME.get(name);
  if (city === undefined) throw new RangeError(`there is no city ${name}`);
  return city;
}
