import type { TrackingEvent } from '@rastreio/contract';
import { takenBack } from '@rastreio/csv';

/** The `codigo_evento` by which an event that closes a parcel is told from what carriers say. */
export const CLOSING_CODE = 'RASTREIO-ENCERRADO';

/** How a parcel is named in an event. */
interface ParcelName {
  /** Negative: the database gave it, and an event has to name the parcel by carrier and tracking number. */
  readonly id: number;
  /** The places that the event says, null where it may not say any. */
  readonly origem: string | null;
  readonly destino: string | null;
  readonly transportadora: string | null;
  readonly codigo: string | null;
}

/** A parcel to be closed. */
export interface OpenParcel extends ParcelName {
  readonly status: string;
  /** Instant of its latest event. */
  readonly latest: string;
  /** That of the event that closes it. */
  readonly instant: string;
}

/** An event that closed a parcel. */
export interface StoredClosing extends ParcelName {
  readonly status: string;
  readonly instant: string;
  readonly reason: string;
}

/** The event that closes a parcel; null: no event can name it. */
export function closingOf(parcel: OpenParcel, status: string, reason: string): TrackingEvent | null {
  return eventOf(parcel, status, parcel.instant, reason);
}

/** What takes a closing back; null: no event can name its parcel. */
export function reopeningOf(closing: StoredClosing): TrackingEvent | null {
  const event = eventOf(closing, closing.status, closing.instant, closing.reason);
  return event === null ? null : takenBack(event);
}

function eventOf(
  parcel: ParcelName,
  status_rastreamento: string,
  data_atualizacao: string,
  descricao: string,
): TrackingEvent | null {
  const named = nameOf(parcel);
  if (named === null) return null;
  return { ...named, status_rastreamento, data_atualizacao, codigo_evento: CLOSING_CODE, descricao };
}

/** No carrier beside a sender's own number: it would be one more that names the parcel, and its places are left out only with a code. */
function nameOf({ id, origem, destino, transportadora, codigo }: ParcelName) {
  if (id > 0 && origem !== null && destino !== null) return { id_pacote: id, origem, destino };
  if (codigo === null) return null;
  if (id > 0) return { id_pacote: id, codigo };
  return transportadora === null ? null : { transportadora, codigo };
}
