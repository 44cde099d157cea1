import type { TrackingEvent } from '@rastreio/contract';

export interface ReceivedEvent extends TrackingEvent {
  /** When Kafka (or the import) got it, whole milliseconds since the epoch. */
  readonly recebido_em: number;
}

/** A message that is no valid event, with all it takes to repair and replay it. */
export interface RejectedMessage {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's offset, as kafkajs gives it. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly field: string | null;
  readonly detail: string;
  /** As in {@link ReceivedEvent}. */
  readonly recebido_em: number;
}

/** Messages of one partition (or of one imported file). */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly events: readonly ReceivedEvent[];
  readonly rejected: readonly RejectedMessage[];
}

/** consumed = inserted + duplicate + rejected. */
export interface BatchCounts {
  readonly consumed: number;
  readonly inserted: number;
  readonly duplicate: number;
  readonly rejected: number;
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
