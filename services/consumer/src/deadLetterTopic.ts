import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import { EXIT, OperatorError, type Log } from '@rastreio/runtime';
import { withoutContent } from './deadLetters';

/**
 * Of the letters in one request. They become one batch, and a topic whose `max.message.bytes` is Kafka's default takes batches
 * up to 1 MiB.
 */
const MAX_REQUEST_BYTES = 900_000;
/** Letters above this size may meet a limit of the broker that closes the connection instead of giving an answer. */
const LARGE_BYTES = MAX_REQUEST_BYTES;
/** Above this the broker closes the connection for sure (socket.request.max.bytes, 100 MiB): not even tried. */
const HUGE_BYTES = 100_000_000;
/** Kafka's own overhead for a record with its headers, roughly. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 6;

const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
/** Answers of the broker that only a person changes, and how. */
const NEEDS_PERSON: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'make it with "npm run kafka:topics"',
  TOPIC_AUTHORIZATION_FAILED: 'let this service write to it',
  CLUSTER_AUTHORIZATION_FAILED: 'let this service write to the cluster (IDEMPOTENT_WRITE)',
  INVALID_RECORD: 'its cleanup.policy must be delete',
  POLICY_VIOLATION: 'the broker’s policy must allow it',
};

/**
 * Sends dead letters to their topic in requests of a bounded size. A letter that the topic does not take for its size goes there
 * without key, value and original headers (`rastreio.valor_omitido`): the table has it whole, and no message can hold up its
 * partition for ever.
 *
 * `send` throws OperatorError (exit code 78) where a person must change the topic, else what the publisher throws
 */
export function createDeadLetterTopic(publisher: Publisher, log: Log): Publisher {
  const sendOmitted = (letter: OutgoingMessage, size: number, err?: unknown) => {
    log.warn(
      { err, bytes: size },
      'a dead letter is too large for its topic, which gets it without its value',
    );
    return publisher.send([withoutContent(letter)]);
  };
  const sendAlone = async (letter: OutgoingMessage) => {
    const size = sizeOf(letter);
    if (size > HUGE_BYTES) return sendOmitted(letter, size);
    try {
      await publisher.send([letter]);
    } catch (error) {
      if (!isTooLarge(error) && size <= LARGE_BYTES) throw error;
      await sendOmitted(letter, size, error);
    }
  };
  const sendPart = async (part: readonly OutgoingMessage[]) => {
    const [only] = part;
    if (only !== undefined && part.length === 1) return sendAlone(only);
    try {
      await publisher.send(part);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      for (const letter of part) await sendAlone(letter);
    }
  };
  return {
    async send(letters) {
      try {
        for (const part of split(letters)) await sendPart(part);
      } catch (error) {
        const type = protocolType(error);
        const remedy = NEEDS_PERSON[type ?? ''];
        if (remedy === undefined) throw error;
        throw new OperatorError(
          `The dead-letter topic takes nothing (${type}): ${remedy}, then start again; no message was lost.`,
          EXIT.config,
          { cause: error },
        );
      }
    },
    close: () => publisher.close(),
  };
}

function* split(letters: readonly OutgoingMessage[]): Generator<OutgoingMessage[]> {
  let part: OutgoingMessage[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = sizeOf(letter);
    if (part.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(letter);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

function sizeOf({ key, value, headers = {} }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD_BYTES + lengthOf(key) + lengthOf(value);
  for (const [name, values] of Object.entries(headers)) {
    for (const one of Array.isArray(values) ? values : [values ?? ''])
      size += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + lengthOf(one);
  }
  return size;
}

function lengthOf(data: string | Buffer | null): number {
  return data === null ? 0 : Buffer.byteLength(data);
}

function isTooLarge(error: unknown): boolean {
  return TOO_LARGE.has(protocolType(error) ?? '');
}

/** The name of the broker's answer, if the error or what caused it is one. */
function protocolType(error: unknown): string | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('type' in e && typeof e.type === 'string') return e.type;
  }
  return undefined;
}
