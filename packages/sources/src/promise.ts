import type { SourceProfile } from './profile';

interface Read {
  readonly where: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/**
 * Where the profile says that a promise belongs to the newest event, takes it off the others. A payload that tells a parcel's whole story
 * says the promise of today: on its old events it would pass for one that was made then. What the payload itself takes back is no newest.
 */
export function keepNewestPromise({ fields }: SourceProfile, events: readonly Read[]): readonly Read[] {
  if (fields.prazo?.events !== 'newest') return events;
  const newest = new Map<string, unknown>();
  for (const [parcel, own] of byParcel(events))
    newest.set(parcel, standing(own).at(-1)?.event.data_atualizacao);
  return events.map((read) => {
    const { prazo, prazo_em: _, ...event } = read.event;
    if (prazo === undefined || event.data_atualizacao === newest.get(parcelOf(read))) return read;
    return { where: read.where, event };
  });
}

function byParcel(events: readonly Read[]): ReadonlyMap<string, readonly Read[]> {
  const parcels = new Map<string, Read[]>();
  for (const read of events) {
    const parcel = parcelOf(read);
    const own = parcels.get(parcel);
    if (own === undefined) parcels.set(parcel, [read]);
    else own.push(read);
  }
  return parcels;
}

function parcelOf({ event }: Read): string {
  return JSON.stringify([event.id_pacote, event.transportadora, event.codigo]);
}

/** The events of one parcel from old to new, without corrections and what they take back. */
function standing(events: readonly Read[]): readonly Read[] {
  const taken = new Set(events.filter(({ event }) => event.correcao === 'mesmo').map(keyOf));
  const left: Read[] = [];
  // Instants are all written alike, so that their texts have their order.
  const byTime = events.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
  for (const read of byTime) {
    if (read.event.correcao === 'anterior') left.pop();
    else if (read.event.correcao !== 'mesmo' && !taken.has(keyOf(read))) left.push(read);
  }
  return left;
}

function timeOf({ event }: Read): string {
  return String(event.data_atualizacao);
}

function keyOf(read: Read): string {
  return `${timeOf(read)} ${String(read.event.status_rastreamento)}`;
}
