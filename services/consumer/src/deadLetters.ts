import type { RejectedMessage } from '@rastreio/database';
import type { OutgoingMessage } from '@rastreio/kafka';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/**
 * A rejected message as the dead-letter topic carries it: original key, value and headers, plus the headers by which
 * Kafka Connect's tools find their way (`__connect.errors.*`, KIP-298) and our reason code.
 */
export function toDeadLetter(
  rejected: RejectedMessage,
  originalHeaders: IHeaders | undefined,
): OutgoingMessage {
  return {
    key: rejected.chave,
    value: rejected.valor,
    headers: {
      ...originalHeaders,
      '__connect.errors.topic': rejected.topico,
      '__connect.errors.partition': String(rejected.particao),
      '__connect.errors.offset': rejected.deslocamento,
      '__connect.errors.connector.name': 'rastreio-consumer',
      '__connect.errors.stage': rejected.motivo === 'database_rejected' ? 'TASK_PUT' : 'VALUE_CONVERTER',
      '__connect.errors.exception.message': rejected.detalhe,
      'rastreio.motivo': rejected.motivo,
      ...(rejected.campo === null ? {} : { 'rastreio.campo': rejected.campo }),
    },
  };
}

/** Dead letters of a batch, each with the headers its message came with. */
export function toDeadLetters(
  rejected: readonly RejectedMessage[],
  messages: readonly KafkaMessage[],
): OutgoingMessage[] {
  if (rejected.length === 0) return [];
  const headers = new Map(messages.map((m) => [m.offset, m.headers]));
  return rejected.map((r) => toDeadLetter(r, headers.get(r.deslocamento)));
}
