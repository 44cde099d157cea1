import { OperatorError, retryAfterMs } from '@rastreio/runtime';
import type { Cursor } from './cursor';
import { nextLink, refuseOtherHost } from './nextLink';

/** What a carrier answered. */
export type Answer =
  | {
      readonly kind: 'page';
      readonly body: AsyncIterable<Buffer>;
      readonly contentType: string | null;
      /** What to ask for next. @throws OperatorError when the answer's Link is none that can be followed */
      readonly next: () => Cursor;
    }
  | { readonly kind: 'unchanged' }
  /** The cursor is too old for the carrier. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly problem: string; readonly waitMs: number | undefined };

/** Where the key is sent: a header, or a parameter of the address. */
export interface KeyPlace {
  readonly in: 'header' | 'query';
  readonly name: string;
}

export interface FetchOptions {
  readonly apiKey: string | undefined;
  /** Left out: `Authorization: Bearer`. */
  readonly keyPlace?: KeyPlace | undefined;
  /** What is asked for; left out, NDJSON or JSON. */
  readonly accept?: string;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
const SHOWN_BYTES = 200;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What fetch unpacks by itself; anything else would come as it is. */
const CODINGS = /^(x-)?gzip$|^deflate$|^br$|^identity$/i;

/**
 * Asks a carrier for what comes after the cursor. It answers a body, or nothing (204, or an empty body); the next address comes as `Link: <...>; rel="next"` (RFC 8288), without one the same is asked again; an ETag is given
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
    body: chunks(response),
    contentType: headers.get('content-type'),
    next: () => {
      const next = withoutKey(nextLink(headers.get('link'), url) ?? cursor.url, options);
      return { ...cursor, url: next, etag: next === cursor.url ? headers.get('etag') : null };
    },
  };
}

/** Follows redirects on the carrier's own host; another one would be given the key. */
async function ask(
  { url: first, etag }: Cursor,
  options: FetchOptions,
): Promise<{ response: Response; url: string }> {
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const key = keyOf(url, options);
    const response = await fetch(key.url, {
      headers: {
        accept: options.accept ?? 'application/x-ndjson, application/json;q=0.9',
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...key.headers,
      },
      signal: options.signal,
      redirect: 'manual',
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return { response, url };
    await response.body?.cancel();
    const target = new URL(location, url);
    refuseOtherHost(target, url, `the redirect (${response.status}) to`);
    url = withoutKey(target.href, options);
  }
  throw new OperatorError(`more than ${MAX_REDIRECTS} redirects from ${first}; ask the carrier`);
}

/** The address that is asked, and the headers that go with it. Only here does the key stand in an address: others are logged and kept. */
function keyOf(
  url: string,
  { apiKey, keyPlace }: FetchOptions,
): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  if (apiKey === undefined) return { url, headers: {} };
  if (keyPlace === undefined) return { url, headers: { authorization: `Bearer ${apiKey}` } };
  if (keyPlace.in === 'header') return { url, headers: { [keyPlace.name]: apiKey } };
  const withKey = new URL(url);
  withKey.searchParams.set(keyPlace.name, apiKey);
  return { url: withKey.href, headers: {} };
}

/** An address that the carrier gives, without the key that it may have taken over from the one that was asked. */
function withoutKey(address: string, { keyPlace }: FetchOptions): string {
  if (keyPlace?.in !== 'query') return address;
  const url = new URL(address);
  if (!url.searchParams.has(keyPlace.name)) return address;
  url.searchParams.delete(keyPlace.name);
  return url.href;
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
