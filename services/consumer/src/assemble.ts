import type { Decoder, Rejection } from '@rastreio/contract';
import type { ReceivedEvent, RejectedMessage } from '@rastreio/database';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** Where a message came from, so that it can be dead-lettered whole even when only the database refuses it. */
export interface Source {
  readonly topico: string;
  readonly particao: number;
  readonly message: KafkaMessage;
}

export interface AcceptedMessage {
  readonly event: ReceivedEvent;
  readonly source: Source;
}

/** The messages of one partition, sorted into valid events and rejected messages. */
export interface Assembled {
  readonly topico: string;
  readonly particao: number;
  readonly accepted: readonly AcceptedMessage[];
  readonly rejected: readonly RejectedMessage[];
}

/** Decodes every message; each ends up in exactly one of the two lists, in order. */
export function assemble(
  topico: string,
  particao: number,
  messages: readonly KafkaMessage[],
  decode: Decoder,
): Assembled {
  const accepted: AcceptedMessage[] = [];
  const rejected: RejectedMessage[] = [];
  for (const message of messages) {
    const source = { topico, particao, message };
    const result = decode(message.value);
    if (result.ok) accepted.push({ event: { ...result.event, recebido_em: receivedAt(message) }, source });
    else rejected.push(rejectMessage(source, result.rejections[0]));
  }
  return { topico, particao, accepted, rejected };
}

/** The record of a rejected message: its bytes untouched, and why. */
export function rejectMessage({ topico, particao, message }: Source, rejection: Rejection): RejectedMessage {
  return {
    topico,
    particao,
    deslocamento: message.offset,
    chave: message.key,
    valor: message.value,
    cabecalhos: printableHeaders(message.headers),
    motivo: rejection.reason,
    campo: rejection.field,
    // The column is text, which cannot hold what some rejected values hold.
    detalhe: rejection.detail.replaceAll('\0', '\\u0000').toWellFormed(),
    recebido_em: receivedAt(message),
  };
}

function receivedAt(message: KafkaMessage): string {
  return new Date(Number(message.timestamp)).toISOString();
}

/** Headers as text for reading in SQL; the dead-letter topic has the bytes. */
function printableHeaders(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [
      printable(name),
      printable(String(Array.isArray(value) ? value.map(String).join(',') : value)),
    ]),
  );
}

function printable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
