import type { Calendar } from './calendar';
import type { WorldIncident } from './incidents';
import type { Random } from './random';

/** What is reported of a parcel. */
export interface Step {
  /** Epoch milliseconds, whole seconds, at least a minute after the step before. */
  readonly atMs: number;
  readonly status: string;
}

/** A parcel's whole life. */
export interface Life {
  readonly origem: string;
  readonly destino: string;
  readonly steps: readonly Step[];
}

/** What a carrier promises for a lane, from the first event to the delivery. */
export interface LanePromise {
  readonly origem: string;
  readonly destino: string;
  /** Whole days. */
  readonly prazo_dias: number;
}

/** Whose parcels a world has: how they are posted, what becomes of them, and what was promised. */
export interface Carrier {
  readonly calendar: Calendar;
  /** Where an incident may be when nobody says where: names of busy places. */
  readonly hubs: readonly string[];
  /** Whether an incident can be there. */
  readonly hasPlace: (name: string) => boolean;
  /** One parcel's life, first step at `postedMs`; the same for the same stream of random numbers. */
  draw(postedMs: number, random: Random, incidents: readonly WorldIncident[]): Life;
  promises(): LanePromise[];
}
