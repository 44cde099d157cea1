import { isAscii, isUtf8 } from 'node:buffer';
import { OperatorError } from '@rastreio/runtime';
import { wideEncoding, withoutBom } from '../encoding';
import { splitLines } from '../lines';
import { charsetOf, fromUtf16, isUtf16, type Charset } from './charset';
import { jsonElements } from './jsonElements';

/** An event of a carrier's answer. */
export interface PulledEvent {
  /** In UTF-8; undefined where it cannot be read. */
  readonly utf8: Buffer | undefined;
  /** As it came: what a dead letter holds. */
  readonly raw: Buffer;
  /** What the raw bytes alone do not tell. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Kafka's limit for a message is 1 MiB; what is longer is no event anyway. */
const MAX_EVENT_BYTES = 900_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
/** application/x-ndjson, jsonl, json-lines and whatever else is one event a line. */
const LINES = /ndjson|jsonl|json-?lines|stream\+json|json-stream|json-seq/i;

/**
 * The events of an answer: of NDJSON each line, else those of a JSON array, or one object; of an empty answer none.
 *
 * @throws OperatorError for an answer that is not JSON, or too large to be read whole; what the body's stream throws
 */
export async function* answerEvents(
  body: AsyncIterable<Buffer>,
  contentType: string | null,
): AsyncGenerator<PulledEvent> {
  const { start, all } = await peek(body);
  if (wideEncoding(start) === 'UTF-32')
    throw new OperatorError('the answer is in UTF-32; ask the carrier for UTF-8');
  const areLines = LINES.test(contentType ?? '');
  if (isUtf16(contentType, start)) {
    yield* utf16Events(await whole(all), contentType, areLines);
    return;
  }
  const charset = charsetOf(contentType);
  if (areLines)
    for await (const { bytes, beginning, length } of splitLines(all, MAX_EVENT_BYTES))
      yield bytes === null
        ? cut(beginning ?? Buffer.alloc(0), length)
        : eventOf(withoutSeparator(bytes), charset);
  else for (const bytes of elementsOf(await whole(all), contentType)) yield eventOf(bytes, charset);
}

function eventOf(raw: Buffer, { name, toUtf8 }: Charset): PulledEvent {
  if (raw.length > MAX_EVENT_BYTES) return cut(raw, raw.length);
  return { raw, utf8: toUtf8(raw), ...(name === undefined ? {} : { headers: { 'rastreio.charset': name } }) };
}

/** What no message can hold whole is kept as far as one can, instead of stopping everything that comes after it. */
function cut(raw: Buffer, length: number): PulledEvent {
  return {
    raw: raw.subarray(0, MAX_EVENT_BYTES),
    utf8: undefined,
    headers: { 'rastreio.tamanho_original': String(length) },
  };
}

async function* utf16Events(
  bytes: Buffer,
  contentType: string | null,
  areLines: boolean,
): AsyncGenerator<PulledEvent> {
  const headers = { 'rastreio.charset': 'utf-16' };
  const read = fromUtf16(bytes, contentType);
  if (read === undefined) {
    yield bytes.length > MAX_EVENT_BYTES
      ? cut(bytes, bytes.length)
      : { raw: bytes, utf8: undefined, headers };
    return;
  }
  const { utf8, back } = read;
  const lines = async function* () {
    for await (const line of splitLines(once(utf8), MAX_JSON_BYTES)) yield line.bytes ?? Buffer.alloc(0);
  };
  for await (const text of areLines ? lines() : elementsOf(utf8, contentType)) {
    const raw = back(text);
    yield raw.length > MAX_EVENT_BYTES ? cut(raw, raw.length) : { raw, utf8: text, headers };
  }
}

function elementsOf(bytes: Buffer, contentType: string | null): Buffer[] {
  try {
    return jsonElements(withoutBom(bytes));
  } catch (error) {
    const type = contentType ?? 'no Content-Type';
    throw new OperatorError(`the answer (${type}) is not JSON: ${(error as Error).message.slice(0, 120)}`);
  }
}

/** RFC 7464 puts a record separator before each text. */
function withoutSeparator(line: Buffer): Buffer {
  return line[0] === 0x1e ? line.subarray(1) : line;
}

async function peek(body: AsyncIterable<Buffer>): Promise<{ start: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = body[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < 4) {
    const next = await iterator.next();
    if (next.done === true) return { start, all: once(start) };
    start = Buffer.concat([start, next.value]);
  }
  const all = async function* () {
    yield start;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { start, all: all() };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/**
 * A body in one piece.
 *
 * @throws OperatorError when it is longer than that
 */
export async function whole(body: AsyncIterable<Buffer>, maxBytes = MAX_JSON_BYTES): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes)
      throw new OperatorError(
        `the answer is longer than ${maxBytes} bytes; ask the carrier for ${maxBytes === MAX_JSON_BYTES ? 'NDJSON or ' : ''}smaller pages`,
      );
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** Whether a text in another charset is rather one in UTF-8: such bytes come about by chance hardly ever. */
export function looksLikeUtf8({ raw, headers }: PulledEvent): boolean {
  const charset = headers?.['rastreio.charset'];
  return charset !== undefined && charset !== 'utf-16' && !isAscii(raw) && isUtf8(raw);
}
