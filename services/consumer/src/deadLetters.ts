import type { RejectedMessage } from '@rastreio/database';
import type { OutgoingMessage } from '@rastreio/kafka';
import type { ReceivedRecord } from './record';

/** Of the sentence in the headers; the table has all of it. */
const MAX_DETAIL_CHARACTERS = 1_000;

/**
 * A rejected message as the dead-letter topic carries it: original key, value and headers, plus the headers by which
 * Kafka Connect's tools find their way (`__connect.errors.*`, KIP-298) and our reason code.
 */
function toDeadLetter(rejected: RejectedMessage, original: ReceivedRecord | undefined): OutgoingMessage {
  return {
    key: original?.key ?? null,
    value: original?.value ?? null,
    headers: {
      ...original?.headers,
      '__connect.errors.topic': rejected.topic,
      '__connect.errors.partition': String(rejected.partition),
      '__connect.errors.offset': rejected.offset,
      '__connect.errors.connector.name': 'rastreio-consumer',
      '__connect.errors.stage': rejected.reason === 'database_rejected' ? 'TASK_PUT' : 'VALUE_CONVERTER',
      '__connect.errors.exception.message': rejected.detail.slice(0, MAX_DETAIL_CHARACTERS),
      'rastreio.motivo': rejected.reason,
      ...(rejected.field === null ? {} : { 'rastreio.campo': rejected.field }),
    },
  };
}

/** The same letter without what a stranger filled it with: our headers only, and `rastreio.valor_omitido: true`. */
export function withoutContent({ headers = {} }: OutgoingMessage): OutgoingMessage {
  const ours = Object.entries(headers).filter(([name]) => OUR_HEADERS.has(name));
  return {
    key: null,
    value: null,
    headers: { ...Object.fromEntries(ours), 'rastreio.valor_omitido': 'true' },
  };
}

const OUR_HEADERS = new Set([
  '__connect.errors.topic',
  '__connect.errors.partition',
  '__connect.errors.offset',
  '__connect.errors.connector.name',
  '__connect.errors.stage',
  '__connect.errors.exception.message',
  'rastreio.motivo',
  'rastreio.campo',
]);

/** Dead letters of a batch, each with the bytes and headers of its record. */
export function toDeadLetters(
  rejected: readonly RejectedMessage[],
  records: readonly ReceivedRecord[],
): OutgoingMessage[] {
  if (rejected.length === 0) return [];
  const byOffset = new Map(records.map((record) => [record.offset, record]));
  return rejected.map((r) => toDeadLetter(r, byOffset.get(r.offset)));
}
