import { OperatorError, retryAfterMs } from '@rastreio/runtime';
import { answerEvents, type PulledEvent } from './answerEvents';
import type { Cursor } from './cursor';
import { nextLink, refuseOtherHost } from './nextLink';

/** What a carrier answered. */
export type Answer =
  | {
      readonly kind: 'page';
      readonly events: AsyncIterable<PulledEvent>;
      /** What to ask for next. @throws OperatorError when the answer's Link is none that can be followed */
      readonly next: () => Cursor;
    }
  | { readonly kind: 'unchanged' }
  /** The cursor is too old for the carrier. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly problem: string; readonly waitMs: number | undefined };

export interface FetchOptions {
  readonly apiKey: string | undefined;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
const SHOWN_BYTES = 200;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What fetch unpacks by itself; anything else would come as it is. */
const CODINGS = /^(x-)?gzip$|^deflate$|^br$|^identity$/i;

/**
 * Asks a carrier for what comes after the cursor. It answers NDJSON, or a JSON array or object, or nothing (204, or an empty
 * body); the next address comes as `Link: <...>; rel="next"` (RFC 8288), without one the same is asked again; an ETag is given
 * back as If-None-Match (RFC 9110).
 *
 * @throws what fetch and the body's stream throw
 */
export async function fetchPage(cursor: Cursor, options: FetchOptions): Promise<Answer> {
  const { response, url } = await ask(cursor, options);
  const { status, headers } = response;
  if (status === 304) return { kind: 'unchanged' };
  if (status === 410) return { kind: 'gone' };
  if (status !== 200 && status !== 203 && status !== 204) {
    const waitMs = retryAfterMs(headers.get('retry-after'), Date.now());
    return { kind: 'failed', problem: `status ${status}: ${await beginning(response)}`, waitMs };
  }
  const odd = (headers.get('content-encoding') ?? '')
    .split(',')
    .find((name) => name.trim() !== '' && !CODINGS.test(name.trim()));
  if (odd !== undefined)
    throw new OperatorError(
      `the answer's Content-Encoding ${odd.trim()} is not read here; ask the carrier for gzip or none`,
    );
  return {
    kind: 'page',
    events: answerEvents(chunks(response), headers.get('content-type')),
    next: () => {
      const next = nextLink(headers.get('link'), url) ?? cursor.url;
      return { ...cursor, url: next, etag: next === cursor.url ? headers.get('etag') : null };
    },
  };
}

/** Follows redirects on the carrier's own host; another one would be given the key. */
async function ask(
  { url: first, etag }: Cursor,
  { apiKey, signal }: FetchOptions,
): Promise<{ response: Response; url: string }> {
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(url, {
      headers: {
        accept: 'application/x-ndjson, application/json;q=0.9',
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      signal,
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return { response, url };
    await response.body?.cancel();
    const target = new URL(location, url);
    refuseOtherHost(target, url, `the redirect (${response.status}) to`);
    url = target.href;
  }
  throw new OperatorError(`more than ${MAX_REDIRECTS} redirects from ${first}; ask the carrier`);
}

async function beginning(response: Response): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks(response)) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= SHOWN_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8').slice(0, SHOWN_BYTES);
}

async function* chunks(response: Response): AsyncGenerator<Buffer> {
  if (response.body === null) return;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) yield Buffer.from(chunk);
}
