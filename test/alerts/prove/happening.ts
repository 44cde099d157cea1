import {
  NO_FAULTS,
  resolveIncident,
  type FaultRates,
  type Incident,
  type IncidentSpec,
} from '@rastreio/simulator';
import { EVERYDAY, type Feed } from './feed';

/** Something that goes wrong. Instants are milliseconds after the moment at which it begins to. */
export interface Happening {
  /** For docs/alerts.md, in English, without a full stop. */
  readonly words: string;
  /** To parcels or on their way into Kafka; `atMs` counts from that moment. */
  readonly incidents?: readonly IncidentSpec[];
  /** Beside everyday faults, from that moment on. */
  readonly faults?: Partial<FaultRates>;
  readonly consumer?: Feed['consumer'];
  /** By how much all clocks are ahead. */
  readonly aheadMs?: number;
  /** Statements as the tables' owner, at that moment. */
  readonly statements?: readonly string[];
  /** How long it is looked at. */
  readonly watchMs: number;
}

/** The feed of a world in which it happens. */
export function feedOf(
  base: Pick<Feed, 'seed' | 'startMs' | 'parcelsPerDay'>,
  { incidents = [], faults, consumer, aheadMs = 0 }: Happening,
  atMs: number,
): Feed {
  return {
    ...base,
    incidents: incidents.map((spec, i): Incident =>
      resolveIncident({ ...spec, atMs: spec.atMs ?? 0 }, base.seed, atMs, i),
    ),
    changeMs: atMs,
    faults: { ...NO_FAULTS, ...EVERYDAY, ...faults },
    aheadMs,
    consumer,
  };
}
