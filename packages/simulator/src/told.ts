import { formatTimestamp } from '@rastreio/contract';
import type { Message } from './message';
import type { ParcelName } from './parcelName';
import type { SimulatedEvent } from './world';

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

/** The event of a message that is sent in our own event format. */
export function tellPlainly({ body, parcel }: Message): ToldEvent {
  const event = body as SaidEvent;
  const instant = (text: string) => formatTimestamp(Date.parse(text));
  return {
    parcel: parcel ?? event.id_pacote,
    origem: event.origem ?? UNSAID_PLACE,
    destino: event.destino ?? UNSAID_PLACE,
    status: event.status_rastreamento,
    at: instant(event.data_atualizacao),
    promise:
      event.prazo === undefined
        ? null
        : { until: event.prazo, at: instant(event.prazo_em ?? event.data_atualizacao) },
  };
}

/** The fields that count here, as a message in our own event format has them. */
type SaidEvent = Pick<SimulatedEvent, 'id_pacote' | 'status_rastreamento' | 'data_atualizacao'> &
  Partial<Record<'origem' | 'destino' | 'prazo' | 'prazo_em', string>>;
