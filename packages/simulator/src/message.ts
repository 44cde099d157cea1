import type { RejectionReason } from '@rastreio/contract';
import type { ParcelName } from './parcelName';
import type { SimulatedEvent, TimedEvent } from './world';

/** What a broken event is sent as: an object with wrong fields, or a text that is no event at all. */
export type BrokenEvent = Readonly<Record<string, unknown>> | string;

/**
 * What a message is. The first six are accepted and distinct, `duplicate` repeats one of them, the rest is rejected. A `mistake` is taken
 * back by its `correction`.
 */
export const MESSAGE_KINDS = [
  'event',
  'late',
  'unknown',
  'conflict',
  'mistake',
  'correction',
  'duplicate',
  'malformed',
  'naive',
  'future',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Why the pipeline must reject a message. */
export interface ExpectedRejection {
  readonly reason: RejectionReason;
  readonly field: string | null;
}

export interface Message {
  readonly kind: MessageKind;
  /** When it may be sent, epoch milliseconds. */
  readonly dueMs: number;
  readonly key: string;
  /** The event, with what a fault made of it; a text is sent as it stands. */
  readonly body: SimulatedEvent | BrokenEvent;
  /** Null: accepted. */
  readonly rejection: ExpectedRejection | null;
  /** Of a `duplicate`: what it repeats. */
  readonly repeats?: MessageKind;
  /** The world's event that it comes of; left out where the world is not the simulator's. */
  readonly timed?: TimedEvent;
  /** Whose event it is, where the message may say it in another way than by its number. */
  readonly parcel?: ParcelName;
}

/** By which a mistake and its correction know each other: the correction is made of the mistake. */
export function mistakeKey({ body, timed }: Message): string {
  const { id_pacote, data_atualizacao, status_rastreamento } = body as SimulatedEvent;
  return `${timed?.event.id_pacote ?? id_pacote} ${data_atualizacao} ${status_rastreamento}`;
}
