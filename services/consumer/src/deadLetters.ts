import type { RejectedMessage } from '@rastreio/database';
import type { OutgoingMessage } from '@rastreio/kafka';
import type { IHeaders, KafkaMessage } from 'kafkajs';

/** Of the sentence in the headers; the table has all of it. */
const MAX_DETAIL_CHARACTERS = 1_000;

/**
 * A rejected message as the dead-letter topic carries it: original key, value and headers, plus the headers by which
 * Kafka Connect's tools find their way (`__connect.errors.*`, KIP-298) and our reason code.
 */
function toDeadLetter(rejected: RejectedMessage, originalHeaders: IHeaders | undefined): OutgoingMessage {
  return {
    key: rejected.key,
    value: rejected.value,
    headers: {
      ...sendable(originalHeaders),
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

/** Dead letters of a batch, each with the headers its message came with. */
export function toDeadLetters(
  rejected: readonly RejectedMessage[],
  messages: readonly KafkaMessage[],
): OutgoingMessage[] {
  if (rejected.length === 0) return [];
  const headers = new Map(messages.map((m) => [m.offset, m.headers]));
  return rejected.map((r) => toDeadLetter(r, headers.get(r.offset)));
}

const EMPTY = Buffer.alloc(0);

/**
 * Headers as kafkajs can write them, of headers as it reads them, which are not always what its types say: a header without a
 * value is null (it becomes empty), and beside the value of one named like a member of every object, such as `constructor`, it
 * finds that member.
 */
function sendable(headers: IHeaders = {}): IHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => {
      const all: unknown[] = Array.isArray(values) ? values : [values];
      return [name, all.map((value) => value ?? EMPTY).filter(isWritable)];
    }),
  );
}

function isWritable(value: unknown): value is Buffer | string {
  return typeof value === 'string' || Buffer.isBuffer(value);
}
