import { OperatorError, retryAfterMs } from '@rastreio/runtime';
import { splitLines } from '../lines';
import type { Cursor } from './cursor';

/** What a carrier answered. */
export type Answer =
  | { readonly kind: 'page'; readonly events: AsyncIterable<Buffer>; readonly next: Cursor }
  | { readonly kind: 'unchanged' }
  /** The cursor is too old for the carrier. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly problem: string; readonly waitMs: number | undefined };

export interface FetchOptions {
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
}

/** Kafka's limit for a message is 1 MiB; what is longer is no event anyway. */
const MAX_EVENT_BYTES = 900_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;

/**
 * Asks a carrier for what comes after the cursor. It answers NDJSON, or a JSON array or object; the next address comes as
 * `Link: <...>; rel="next"` (RFC 8288), without one the same is asked again; an ETag is given back as If-None-Match (RFC 9110).
 *
 * @throws what fetch and the body's stream throw
 */
export async function fetchPage(cursor: Cursor, { apiKey, signal }: FetchOptions): Promise<Answer> {
  const response = await fetch(cursor.url, {
    headers: {
      accept: 'application/x-ndjson, application/json;q=0.9',
      ...(cursor.etag === null ? {} : { 'if-none-match': cursor.etag }),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    signal,
    // A redirect could carry the key to another host.
    redirect: 'error',
  });
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status === 410) return { kind: 'gone' };
  if (response.status !== 200) {
    const waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
    const text = (await response.text()).slice(0, 200);
    return { kind: 'failed', problem: `status ${response.status}: ${text}`, waitMs };
  }
  const type = response.headers.get('content-type') ?? '';
  const next = nextUrl(response.headers.get('link'), cursor);
  return {
    kind: 'page',
    events: /ndjson|jsonl/.test(type) ? lines(response) : jsonEvents(response),
    next: { ...cursor, url: next, etag: next === cursor.url ? response.headers.get('etag') : null },
  };
}

/** @throws OperatorError when it leads to another host */
function nextUrl(link: string | null, { source, url }: Cursor): string {
  const [, target] = /<([^>]*)>\s*;(?:[^,]*;)?\s*rel="?next"?/i.exec(link ?? '') ?? [];
  if (target === undefined) return url;
  const next = new URL(target, url);
  if (next.origin !== new URL(source).origin)
    throw new OperatorError(
      `the carrier's next address ${next.origin} is not ${new URL(source).origin}; ask the carrier`,
    );
  return next.href;
}

async function* lines(response: Response): AsyncGenerator<Buffer> {
  for await (const { number, bytes } of splitLines(chunks(response), MAX_EVENT_BYTES)) {
    if (bytes === null)
      throw new OperatorError(
        `line ${number} of the answer is longer than ${MAX_EVENT_BYTES} bytes; ask the carrier`,
      );
    yield bytes;
  }
}

async function* jsonEvents(response: Response): AsyncGenerator<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks(response)) {
    length += chunk.length;
    if (length > MAX_JSON_BYTES)
      throw new OperatorError(
        `the answer is longer than ${MAX_JSON_BYTES} bytes; ask the carrier for NDJSON or smaller pages`,
      );
    parts.push(chunk);
  }
  const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  for (const event of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed])
    yield Buffer.from(JSON.stringify(event));
}

async function* chunks(response: Response): AsyncGenerator<Buffer> {
  if (response.body === null) return;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) yield Buffer.from(chunk);
}
