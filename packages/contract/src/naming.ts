import type { PlainEvent, TrackingEvent } from './event';

/** An event whose parcel has its number. */
export type NumberedEvent = TrackingEvent & { readonly id_pacote: number };

/** Whether the event says all of the original's five fields. */
export function isWhole(event: TrackingEvent): event is TrackingEvent & PlainEvent {
  return event.id_pacote !== undefined && event.origem !== undefined && event.destino !== undefined;
}

/** Whether the event is one of the original's: all of the five fields, and nothing besides. */
export function isPlain(event: TrackingEvent): event is TrackingEvent & PlainEvent {
  // Field by field, since this is asked of every event.
  return (
    isWhole(event) &&
    (event.codigo ?? event.transportadora ?? event.servico ?? event.local) === undefined &&
    (event.codigo_evento ?? event.descricao ?? event.prazo ?? event.correcao) === undefined
  );
}

/** Whether the event says its parcel's number itself. */
export function isNumbered<Event extends TrackingEvent>(event: Event): event is Event & NumberedEvent {
  return event.id_pacote !== undefined;
}

/**
 * Kafka's key of an event: all events that name a parcel in the same way are in one partition, and so in order. The number where there
 * is one, else carrier and tracking number.
 */
export function parcelKey({ id_pacote, transportadora, codigo }: TrackingEvent): string {
  return id_pacote === undefined ? `${transportadora}/${codigo}` : String(id_pacote);
}

/** An event as a message of Kafka. */
export function eventMessage(event: TrackingEvent): { readonly key: string; readonly value: string } {
  return { key: parcelKey(event), value: JSON.stringify(event) };
}
