import type { TrackingEvent } from '@rastreio/contract';

export interface ReceivedEvent extends TrackingEvent {
  /** When Kafka (or the import) got it, whole milliseconds since the epoch. */
  readonly recebido_em: number;
}

/** A message that is no valid event, with all it takes to repair and replay it. */
export interface RejectedMessage {
  readonly topico: string;
  readonly particao: number;
  /** Kafka's offset, as kafkajs gives it. */
  readonly deslocamento: string;
  readonly chave: Buffer | null;
  readonly valor: Buffer | null;
  readonly cabecalhos: Readonly<Record<string, string>>;
  readonly motivo: string;
  readonly campo: string | null;
  readonly detalhe: string;
  /** As in {@link ReceivedEvent}. */
  readonly recebido_em: number;
}

/** Messages of one partition (or of one imported file). */
export interface Batch {
  readonly topico: string;
  readonly particao: number;
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
