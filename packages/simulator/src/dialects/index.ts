import type { Format } from '../encode';
import type { Fault } from '../faults';
import { AFTERSHIP } from './aftership';
import { CORREIOS } from './correios';
import { EPCIS } from './epcis';
import { payloadFormat, type Words } from './words';

/** The words in which a world can be told: those of a source profile that is shipped. */
export interface Dialect {
  /** Name of the source profile that reads it. */
  readonly profile: string;
  /** Faults that cannot be told in it, and why. */
  readonly untellable: Partial<Readonly<Record<Fault, string>>>;
  /** Before this instant, epoch milliseconds, it could not be read rightly. */
  readonly earliestMs: number;
  /** Messages as payloads, one event each. */
  readonly format: (seed: number) => Format;
}

/** Until then Brazil put its clocks forward in summer, which the world's own do not know. */
const SAME_CLOCKS_SINCE = Date.parse('2019-03-01T00:00:00Z');

const dialect = (
  profile: string,
  words: Words,
  untellable: Dialect['untellable'],
  earliestMs = -Infinity,
): Dialect => ({ profile, untellable, earliestMs, format: (seed) => payloadFormat(seed, words) });

/** By name, as `--as` takes it. */
export const DIALECTS = {
  correios: dialect(
    'correios-sro',
    CORREIOS,
    { naive: 'Correios write all times without offset' },
    SAME_CLOCKS_SINCE,
  ),
  aftership: dialect('aftership', AFTERSHIP, { mistake: 'AfterShip takes no checkpoint back' }),
  epcis: dialect('epcis', EPCIS, {}),
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof DIALECTS;
