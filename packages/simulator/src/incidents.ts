import { STATUS_DELIVERED } from '@rastreio/contract';
import { CITIES } from './cities';
import { Random } from './random';
import { DAY_MS, HOUR_MS } from './units';

/** What goes wrong for a while; the text of `--help`. Each must show on a dashboard. */
export const INCIDENTS = {
  frozen_hub:
    'nothing is scanned in one city (hub=...): parcels on its lanes get old, the mean delivery time hides it',
  strike: 'no courier delivers anywhere: nothing goes out, no delivery, no attempt',
  silence: 'the carrier reports nothing (hub=...: only of parcels from there) and sends all of it afterwards',
  lost_burst: 'a share (share=.5) of what is scanned in one city (hub=...) is lost',
  false_deliveries:
    'a share (share=.5) of the failed attempts is reported as delivered; these parcels go out again days later',
  duplicated_feed: 'every message is sent a second time',
} as const;

export type IncidentKind = keyof typeof INCIDENTS;

/** An incident as asked for; what is left out is drawn from the seed or has the kind's default. */
export interface IncidentSpec {
  readonly kind: IncidentKind;
  /** Name of a place of the world. */
  readonly hub?: string | undefined;
  /** Milliseconds after the world's start; a day by default. */
  readonly atMs?: number | undefined;
  readonly forMs?: number | undefined;
  /** From 0 to 1. */
  readonly share?: number | undefined;
}

/** An incident with everything decided. */
export interface Incident {
  readonly kind: IncidentKind;
  /** Null: everywhere. */
  readonly hub: string | null;
  readonly fromMs: number;
  readonly toMs: number;
  readonly share: number;
}

/** A scan about to happen. */
interface ScanAttempt {
  readonly atMs: number;
  readonly status: string;
  readonly place: { readonly name: string };
  /** Uniform in [0, 1), the parcel's own. */
  readonly unit: number;
}

/** What an incident makes of a scan. */
interface Effect {
  readonly atMs: number;
  /** What happens to the parcel. */
  readonly status: string;
  /** What is said of it instead. */
  readonly reported?: string;
}

/** What an incident makes of a scan; undefined leaves it alone. */
export type WorldIncident = (scan: ScanAttempt) => Effect | undefined;

const DEFAULT_DURATION_MS: Readonly<Record<IncidentKind, number>> = {
  frozen_hub: 2 * DAY_MS,
  strike: 1 * DAY_MS,
  silence: 3 * HOUR_MS,
  lost_burst: 12 * HOUR_MS,
  false_deliveries: 1 * DAY_MS,
  duplicated_feed: 1 * HOUR_MS,
};
const NEEDS_HUB: ReadonlySet<IncidentKind> = new Set<IncidentKind>(['frozen_hub', 'lost_burst']);
/** Of the simulated carrier. */
export const GATEWAYS: readonly string[] = CITIES.filter(({ name, gateway }) => name === gateway).map(
  ({ name }) => name,
);
const DEFAULT_SHARE = 0.5;
/** Work piled up during a stop is scanned within this time after it. */
const CATCH_UP_MS = 8 * HOUR_MS;
const BY_COURIERS: ReadonlySet<string> = new Set(['EM ROTA DE ENTREGA', 'TENTATIVA DE ENTREGA', 'ENTREGUE']);

/**
 * Decides what a spec leaves open: the hub by the seed.
 *
 * @param hubs busy places to choose from, so that the incident is worth seeing
 */
export function resolveIncident(
  spec: IncidentSpec,
  seed: number,
  startMs: number,
  index: number,
  hubs: readonly string[] = GATEWAYS,
): Incident {
  const fromMs = startMs + (spec.atMs ?? DAY_MS);
  const drawn = new Random(seed, 'incident', index).pick(hubs);
  return {
    kind: spec.kind,
    hub: spec.hub ?? (NEEDS_HUB.has(spec.kind) ? drawn : null),
    fromMs,
    toMs: fromMs + (spec.forMs ?? DEFAULT_DURATION_MS[spec.kind]),
    share: spec.share ?? DEFAULT_SHARE,
  };
}

/** The incidents that change what happens to parcels. Those of the feed change only what is sent when: see faults.ts. */
export function worldIncidents(incidents: readonly Incident[]): WorldIncident[] {
  return incidents.flatMap((incident) => {
    const { kind, hub, fromMs, toMs, share } = incident;
    const during = (ms: number) => ms >= fromMs && ms < toMs;
    const postpone = ({ status, unit }: ScanAttempt) => ({ atMs: toMs + unit * CATCH_UP_MS, status });
    switch (kind) {
      case 'frozen_hub':
        return [(scan) => (scan.place.name === hub && during(scan.atMs) ? postpone(scan) : undefined)];
      case 'strike':
        return [(scan) => (BY_COURIERS.has(scan.status) && during(scan.atMs) ? postpone(scan) : undefined)];
      case 'lost_burst':
        return [
          (scan) =>
            scan.place.name === hub && during(scan.atMs) && scan.unit < share
              ? { atMs: scan.atMs, status: 'EXTRAVIADO' }
              : undefined,
        ];
      case 'false_deliveries':
        return [
          (scan) =>
            scan.status === 'TENTATIVA DE ENTREGA' && during(scan.atMs) && scan.unit < share
              ? { atMs: scan.atMs, status: scan.status, reported: STATUS_DELIVERED }
              : undefined,
        ];
      case 'silence':
      case 'duplicated_feed':
        return [];
    }
  });
}

/** What incidents, one after the other, make of a scan. */
export function meet(incidents: readonly WorldIncident[], scan: ScanAttempt): Effect {
  let effect: Effect = { atMs: scan.atMs, status: scan.status };
  for (const incident of incidents)
    effect = incident({ ...scan, atMs: effect.atMs, status: effect.status }) ?? effect;
  return effect;
}
