import type { NumberedEvent, PlainEvent, TrackingEvent } from '@rastreio/contract';

/** An event, and when it came. */
export type ReceivedEvent = TrackingEvent & Receipt;
/** One whose parcel has its number. */
export type NumberedReceived = NumberedEvent & Receipt;
/** One of the original's five fields. */
export type PlainReceived = PlainEvent & Receipt;

interface Receipt {
  /** The sender's word for the status, where an alias gave the event another one (`apelidos_status`). */
  readonly palavra?: string;
  /** When Kafka (or the import) got it, whole milliseconds since the epoch. */
  readonly recebido_em: number;
}

/** A message that is no valid event, with all it takes to repair and replay it. */
export interface RejectedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's offset, as kafkajs gives it. */
  readonly offset: string;
  /** The record's own time as Kafka keeps it, whole milliseconds, true or not; left out for what did not come from Kafka. */
  readonly timestamp?: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly field: string | null;
  readonly detail: string;
  /** As in {@link ReceivedEvent}. */
  readonly recebido_em: number;
}

/** How far a partition of Kafka is read with a batch. Offsets as kafkajs gives them. */
export interface ReadPosition {
  /** Of which Kafka cluster. */
  readonly cluster: string;
  /** The offset up to which the database must have the partition before the batch; left out where nothing is known of that. */
  readonly after?: string | undefined;
  /** The offset behind the batch. */
  readonly next: string;
  /** Offsets before the batch that Kafka removed unread: from the first one up to the second one, without it. */
  readonly removed: readonly [from: string, to: string] | null;
}

/** Messages of one partition (or of one imported file). */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly events: readonly ReceivedEvent[];
  readonly rejected: readonly RejectedMessage[];
  /** How many of them had no time of their own that can be true: their `recebido_em` is the reader's clock. */
  readonly untimed?: number;
  /** Left out for what did not come from Kafka, and for a part of a batch behind which there is more of it. */
  readonly position?: ReadPosition | undefined;
}

/** consumed = inserted + duplicate + rejected. */
export interface BatchCounts {
  readonly consumed: number;
  readonly inserted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** What became of a batch. */
export interface WrittenBatch extends BatchCounts {
  /** Events whose status the database does not know, after words were looked up; duplicates are among them. */
  readonly unknown: number;
}

/** What became of two batches together. */
export function addCounts(a: BatchCounts, b: BatchCounts): BatchCounts {
  return {
    consumed: a.consumed + b.consumed,
    inserted: a.inserted + b.inserted,
    duplicate: a.duplicate + b.duplicate,
    rejected: a.rejected + b.rejected,
  };
}
