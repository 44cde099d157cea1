import type { PlainReceived } from '@rastreio/database';
import { postingIntervalForParcels, worldEvents, type Incident } from '@rastreio/simulator';

export interface WorldOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Posted between start and end. */
  readonly parcels: number;
  readonly incidents?: readonly Incident[];
}

/** How long after it happened an event is received. */
const DELAY_MS = 30_000;

/** Whole lives of parcels posted between two instants, in time order: also what happens after the second. */
export function* simulatedEvents({
  seed,
  startMs,
  endMs,
  parcels,
  incidents = [],
}: WorldOptions): Generator<PlainReceived & { readonly atMs: number }, void> {
  const postingIntervalMs = postingIntervalForParcels(parcels, startMs, endMs);
  for (const { atMs, event } of worldEvents({
    seed,
    startMs,
    postingIntervalMs,
    maxParcels: parcels,
    incidents,
  }))
    yield {
      ...event,
      atMs,
      data_atualizacao: `${event.data_atualizacao.slice(0, 19)}.000000Z`,
      recebido_em: atMs + DELAY_MS,
    };
}
