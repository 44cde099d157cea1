import {
  FAULTS,
  INCIDENTS,
  NO_FAULTS,
  type Fault,
  type FaultRates,
  type IncidentKind,
} from '@rastreio/simulator';
import { loadYaml, parseDuration } from '@rastreio/runtime';
import { z } from 'zod';
import { parseInstant } from '../common/parse';
import { parseHub } from './parse';

const share = z.number().min(0, 'needs a share from 0 to 1').max(1, 'needs a share from 0 to 1');
const duration = z.string('use a duration such as 90s, 15m, 12h or 30d').transform(by(parseDuration));

const incident = z
  .strictObject({
    kind: z.enum(Object.keys(INCIDENTS) as [IncidentKind, ...IncidentKind[]]),
    hub: z.string().transform(by(parseHub)).optional(),
    at: duration.optional(),
    for: duration.optional(),
    share: share.optional(),
  })
  .transform(({ at, for: length, ...rest }) => ({ ...rest, atMs: at, forMs: length }));

const profileSchema = z
  .strictObject({
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    rate: z.number().min(0).max(1e6),
    speed: z.number().min(1),
    count: z.int().min(1),
    parcels: z.int().min(1),
    duration,
    backfill: duration,
    start: z.string('use an instant such as "2026-11-01T00:00:00Z"').transform(by(parseInstant)),
    faults: z
      .strictObject(Object.fromEntries(Object.keys(FAULTS).map((name) => [name, share.optional()])))
      .transform((rates): FaultRates => ({ ...NO_FAULTS, ...(rates as Partial<Record<Fault, number>>) })),
    coded: share,
    incidents: z.array(incident),
  })
  .partial();

/** What a profile may decide; each has an option of the same name. */
export type Profile = z.output<typeof profileSchema>;

/** Reads a simulation's settings from YAML. @throws OperatorError (exit code 78) with every problem and its line */
export function readProfile(file: string): Promise<Profile> {
  return loadYaml(file, profileSchema);
}

function by<T>(parse: (text: string) => T) {
  return (text: string, context: z.core.$RefinementCtx): T => {
    try {
      return parse(text);
    } catch (error) {
      context.issues.push({ code: 'custom', input: text, message: (error as Error).message });
      return z.NEVER;
    }
  };
}
