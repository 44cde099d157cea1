import { compareText, statusRank } from '@rastreio/contract';
import { Random } from './random';

/** An event of somebody's own file, valid by the contract. */
export interface ObservedEvent {
  readonly id_pacote: number;
  readonly origem: string;
  readonly destino: string;
  readonly status_rastreamento: string;
  /** UTC. */
  readonly data_atualizacao: string;
}

/** A parcel as its events tell it, in order. */
export interface ObservedLife {
  readonly origem: string;
  readonly destino: string;
  readonly steps: readonly { readonly atMs: number; readonly status: string }[];
}

/** What is kept at most; where there is more, it is a random sample of whole parcels. */
export interface SampleSize {
  readonly parcels: number;
  readonly events: number;
}

const DEFAULT_SIZE: SampleSize = { parcels: 50_000, events: 500_000 };
/** Of a parcel with more events than any carrier sends, none is kept. */
const MAX_EVENTS_PER_PARCEL = 200;

/**
 * Keeps whole parcels of any number of events in any order, in bounded memory. Which parcels are kept depends on their numbers alone:
 * each has a fixed place in [0, 1), and those below a bound are kept, which is halved whenever there are too many.
 */
export class EventSample {
  private readonly parcels = new Map<number, ObservedEvent[]>();
  private bound = 1;
  private events = 0;
  private lastMs = -Infinity;

  constructor(private readonly size: SampleSize = DEFAULT_SIZE) {}

  add(event: ObservedEvent): void {
    this.lastMs = Math.max(this.lastMs, Date.parse(event.data_atualizacao));
    let known = this.parcels.get(event.id_pacote);
    if (known === undefined) {
      if (placeOf(event.id_pacote) >= this.bound) return;
      known = [];
      this.parcels.set(event.id_pacote, known);
    }
    if (known.length > MAX_EVENTS_PER_PARCEL) return;
    known.push(event);
    this.events++;
    while (this.parcels.size > this.size.parcels || this.events > this.size.events) this.halve();
  }

  /** The latest instant of all events, those that are not kept included; -Infinity without any. */
  latestMs(): number {
    return this.lastMs;
  }

  /** The parcels that are kept, by rising number; places are those of the earliest event, as in the database. */
  lives(): ObservedLife[] {
    return [...this.parcels]
      .filter(([, events]) => events.length <= MAX_EVENTS_PER_PARCEL)
      .sort(([a], [b]) => a - b)
      .map(([, events]) => lifeOf(events));
  }

  private halve(): void {
    this.bound /= 2;
    for (const [id, events] of this.parcels) {
      if (placeOf(id) < this.bound) continue;
      this.parcels.delete(id);
      this.events -= events.length;
    }
  }
}

function placeOf(id: number): number {
  return new Random(0, 'sample of a file', id).unit();
}

function lifeOf(events: readonly ObservedEvent[]): ObservedLife {
  const sorted = events
    .map(({ data_atualizacao, ...event }) => ({ ...event, atMs: Date.parse(data_atualizacao) }))
    .sort(
      (a, b) =>
        a.atMs - b.atMs ||
        statusRank(a.status_rastreamento) - statusRank(b.status_rastreamento) ||
        compareText(a.status_rastreamento, b.status_rastreamento),
    );
  // Of several events at the earliest instant the database takes the places that come first.
  const [first] = sorted
    .filter(({ atMs }) => atMs === sorted[0]?.atMs)
    .sort((a, b) => compareText(a.origem, b.origem) || compareText(a.destino, b.destino));
  const steps = sorted.map(({ atMs, status_rastreamento: status }) => ({ atMs, status }));
  return {
    origem: first?.origem ?? '',
    destino: first?.destino ?? '',
    // A duplicate is no step.
    steps: steps.filter(
      ({ atMs, status }, i) => steps[i - 1]?.atMs !== atMs || steps[i - 1]?.status !== status,
    ),
  };
}
