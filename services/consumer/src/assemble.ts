import type { Decoder, Rejection } from '@rastreio/contract';
import type { ReceivedEvent, RejectedMessage } from '@rastreio/database';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** The messages of one partition, sorted into valid events and rejected messages. */
export interface Assembled {
  readonly topic: string;
  readonly partition: number;
  readonly events: readonly ReceivedEvent[];
  /** The message of each event, so that it can be dead-lettered whole even when only the database refuses it. */
  readonly messages: readonly KafkaMessage[];
  readonly rejected: readonly RejectedMessage[];
}

/** Decodes every message; each ends up in exactly one of the two lists, in order. */
export function assemble(
  topic: string,
  partition: number,
  received: readonly KafkaMessage[],
  decode: Decoder,
): Assembled {
  const events: ReceivedEvent[] = [];
  const messages: KafkaMessage[] = [];
  const rejected: RejectedMessage[] = [];
  for (const message of received) {
    const result = decode(message.value);
    if (result.ok) {
      const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } = result.event;
      const recebido_em = receivedAt(message);
      events.push({ id_pacote, origem, destino, status_rastreamento, data_atualizacao, recebido_em });
      messages.push(message);
    } else rejected.push(rejectMessage({ topic, partition }, message, result.rejections[0]));
  }
  return { topic, partition, events, messages, rejected };
}

/** A part of the valid events, from one index up to another; the rejected messages stay with the first part. */
export function sliceEvents(assembled: Assembled, from: number, to: number): Assembled {
  return {
    ...assembled,
    events: assembled.events.slice(from, to),
    messages: assembled.messages.slice(from, to),
    rejected: from === 0 ? assembled.rejected : [],
  };
}

/** The record of a rejected message: its bytes untouched, and why. */
export function rejectMessage(
  { topic, partition }: Pick<Assembled, 'topic' | 'partition'>,
  message: KafkaMessage,
  rejection: Rejection,
): RejectedMessage {
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key,
    value: message.value,
    headers: printableHeaders(message.headers),
    reason: rejection.reason,
    field: rejection.field,
    // The column is text, which cannot hold what some rejected values hold.
    detail: rejection.detail.replaceAll('\0', '\\u0000').toWellFormed(),
    recebido_em: receivedAt(message),
  };
}

function receivedAt(message: KafkaMessage): number {
  return Number(message.timestamp);
}

/** Headers as text for reading in SQL; the dead-letter topic has the bytes. */
function printableHeaders(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      printable(name),
      (Array.isArray(value) ? value : [value]).flatMap(headerText).join(','),
    ]),
  );
}

/** For a header named like a member of every object kafkajs mixes that member in: what is neither text nor bytes was not sent. */
function headerText(value: unknown): string[] {
  return typeof value === 'string' || Buffer.isBuffer(value) ? [printable(value.toString())] : [];
}

function printable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
