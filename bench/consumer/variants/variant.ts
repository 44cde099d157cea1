import type { Bed } from '../bed';
import type { Measured } from '../meter';

/** One way from Kafka to rows. */
export interface Variant {
  readonly name: string;
  /** The program, where several variants are settings of one: the fastest of them counts for it. */
  readonly program?: string;
  /** A program of others: it is fetched, and may not be had here. */
  readonly optional?: true;
  /** It reads the events in a carrier's words, from a broker of their own. */
  readonly coded?: true;
  /** Whether it takes part when no variants are asked for; left out, it does. */
  readonly whenNotAsked?: () => boolean;
  /** Fetches what it needs; called once. Left out where there is nothing to fetch. */
  readonly prepare?: () => Promise<void>;
  /** Runs it once into an empty database. `label` is a name for its database, group and files. */
  readonly run: (bed: Bed, label: string) => Promise<Measured>;
}
