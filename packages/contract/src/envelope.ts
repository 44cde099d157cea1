import { isUtf8 } from 'node:buffer';
import { parseJson, SentNumber } from './number';

/** What other tools put around an event. */
export interface Envelope {
  /** As people call it. */
  readonly name: string;
  /** What is in it, where that is JSON; undefined where we cannot open it. */
  readonly content: unknown;
}

/** Deeper than any tool nests them. */
const MAX_DEPTH = 4;
/** Confluent's wire format: a zero, the schema's number as a 32-bit integer, the data. */
const REGISTRY_HEADER_BYTES = 5;
const PACKED: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['a gzip file', [0x1f, 0x8b]],
  ['a Zstandard file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an LZ4 file', [0x04, 0x22, 0x4d, 0x18]],
  ['a ZIP file', [0x50, 0x4b, 0x03, 0x04]],
  ['an Avro file', [0x4f, 0x62, 0x6a, 0x01]],
];
const BASE64 = /^[A-Za-z0-9+/_-]{8,}={0,2}$/;

/** Finds an envelope around the bytes of a message that is no valid event; null if there is none that we know. Never throws. */
export function findEnvelope(bytes: Uint8Array): Envelope | null {
  const packed = PACKED.find(([, magic]) => magic.every((byte, i) => bytes[i] === byte));
  if (packed !== undefined) return { name: packed[0], content: undefined };
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Numbers of schemas are small, and other bytes that begin with a zero are text in UTF-16.
  if (data[0] === 0 && data[1] === 0 && data.length > REGISTRY_HEADER_BYTES && data.readInt32BE(1) > 0) {
    const content = parseBytes(data.subarray(REGISTRY_HEADER_BYTES));
    const format = content === undefined ? 'Avro or Protobuf' : 'JSON';
    return opened(
      `Confluent's wire format (magic byte 0, schema ${data.readInt32BE(1)}, ${format})`,
      content,
      1,
    );
  }
  if (!isUtf8(data)) return null;
  const text = data.toString('utf8').trim();
  const parsed = parse(text);
  return parsed === undefined ? inBase64(text, 0) : findEnvelopeOf(parsed);
}

/** The same around a value that is parsed already. */
export function findEnvelopeOf(value: unknown): Envelope | null {
  return envelopeOf(value, 0);
}

function envelopeOf(value: unknown, depth: number): Envelope | null {
  if (depth === MAX_DEPTH) return null;
  if (typeof value === 'string') {
    const content = parse(value);
    const isText = typeof content === 'string' && envelopeOf(content, depth + 1) !== null;
    if (isText || isObject(content)) return opened('a JSON text within JSON', content, depth + 1);
    return inBase64(value, depth);
  }
  if (!isObject(value) || 'id_pacote' in value) return null;
  if ('specversion' in value && 'source' in value)
    return opened('a CloudEvent', value.data ?? fromBase64(value.data_base64), depth + 1);
  if ('payload' in value && 'schema' in value)
    return opened('Kafka Connect’s schema and payload', value.payload, depth + 1);
  if ('after' in value && ('before' in value || 'op' in value))
    return opened('a Debezium change', value.after ?? undefined, depth + 1);
  return null;
}

/** With what is in the innermost of several envelopes. */
function opened(name: string, content: unknown, depth: number): Envelope {
  const inner = envelopeOf(content, depth);
  return inner === null
    ? { name, content: isObject(content) ? content : undefined }
    : { name: `${name}, in it ${inner.name}`, content: inner.content };
}

function inBase64(text: string, depth: number): Envelope | null {
  const content = fromBase64(text);
  return isObject(content) ? opened('Base64', content, depth + 1) : null;
}

function fromBase64(text: unknown): unknown {
  return typeof text === 'string' && BASE64.test(text) ? parseBytes(Buffer.from(text, 'base64')) : undefined;
}

function parseBytes(bytes: Buffer): unknown {
  return isUtf8(bytes) ? parse(bytes.toString('utf8')) : undefined;
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof SentNumber)
  );
}
