import { formatTimestamp } from '@rastreio/contract';
import type { Format } from '../encode';
import type { Message } from '../message';
import type { ToldEvent, ToldPromise } from '../told';
import type { SimulatedEvent } from '../world';
import { parcelPromise } from './parcelPromise';

/** A tracking number as the carrier writes it, and as the database does. */
interface TrackingNumber {
  readonly sent: string;
  readonly stored: string;
}

/** What a payload is made of. */
export interface Telling {
  readonly event: SimulatedEvent;
  readonly code: TrackingNumber;
  /** When it happened, epoch milliseconds. */
  readonly atMs: number;
  /** Whether the time is to lack its offset. */
  readonly naive: boolean;
  /** When the payload is sent, epoch milliseconds. */
  readonly sentMs: number;
  /** The day that is promised then. */
  readonly day: string;
  /** Whether it takes back the event that it says. */
  readonly takesBack: boolean;
}

/** How one source says an event, and what the database must have of it. */
export interface Words {
  readonly transportadora: string;
  readonly codeOf: (id: number) => TrackingNumber;
  readonly payload: (telling: Telling) => object;
  /** The status that the source's word becomes: one for each, so that two events never become one. */
  readonly statusOf: (status: string) => string;
  readonly placesOf: (event: SimulatedEvent) => Pick<ToldEvent, 'origem' | 'destino'>;
  readonly promiseOf: (telling: Telling) => ToldPromise | null;
}

/** More than the last bracket: what is left is no JSON. */
const CUT_OFF = 12;

/** Messages as payloads of a source, one event each. */
export function payloadFormat(seed: number, words: Words): Format {
  const tellingOf = (message: Message): Telling => {
    const { kind, dueMs, timed } = message;
    if (timed === undefined) throw new RangeError('only events of a world can be told in other words');
    const event = kind === 'malformed' ? timed.event : (message.body as SimulatedEvent);
    const naive = !event.data_atualizacao.endsWith('Z');
    const sentMs = 1000 * Math.floor(dueMs / 1000);
    return {
      event,
      code: words.codeOf(event.id_pacote),
      atMs: Date.parse(naive ? `${event.data_atualizacao}Z` : event.data_atualizacao),
      naive,
      sentMs,
      day: parcelPromise(seed, timed, sentMs),
      takesBack: event.correcao !== undefined,
    };
  };
  return {
    text(message) {
      const text = JSON.stringify(words.payload(tellingOf(message)));
      return message.kind === 'malformed' ? text.slice(0, -CUT_OFF) : text;
    },
    // The payload is kept as it came, whatever of it is wrong.
    rejection: ({ rejection }) => (rejection === null ? null : { reason: 'unreadable_payload', field: null }),
    tell(message) {
      const telling = tellingOf(message);
      const { event, code, atMs } = telling;
      return {
        parcel: { transportadora: words.transportadora, codigo: code.stored },
        ...words.placesOf(event),
        status: words.statusOf(event.status_rastreamento),
        at: formatTimestamp(atMs),
        promise: words.promiseOf(telling),
      };
    },
  };
}
