import { formatTimestamp } from '@rastreio/contract';
import type { Message } from './message';
import type { SimulatedEvent } from './world';

/** Who a parcel is: its number, or its carrier and tracking number as the database writes them. */
export type ParcelName = number | { readonly transportadora: string; readonly codigo: string };

/** When delivery is promised, and when that was said. */
export interface ToldPromise {
  /** A day `YYYY-MM-DD`, or an instant: UTC, six decimals. */
  readonly until: string;
  /** UTC, six decimals. */
  readonly at: string;
}

/** An event as the database must have it, whatever words it was sent in. */
export interface ToldEvent {
  readonly parcel: ParcelName;
  readonly origem: string;
  readonly destino: string;
  readonly status: string;
  /** UTC, six decimals. */
  readonly at: string;
  /** Null where the message says none. */
  readonly promise: ToldPromise | null;
}

/** What the database writes for a place that no message has said. */
export const UNSAID_PLACE = '(não informado)';

/** The event of a message that is sent in the original's five fields. */
export function tellPlainly({ body }: Message): ToldEvent {
  const event = body as SimulatedEvent;
  return {
    parcel: event.id_pacote,
    origem: event.origem,
    destino: event.destino,
    status: event.status_rastreamento,
    at: formatTimestamp(Date.parse(event.data_atualizacao)),
    promise: null,
  };
}
