import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Auth } from '@rastreio/sources';

/** What of a request says who sent it. */
export interface Evidence {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** The body as it came, before anything is unpacked: what a source signs. */
  readonly raw: Buffer;
}

/**
 * Why a request is not its source's, null: it is. Comparisons take the same time wherever texts differ.
 *
 * @param secret the key or signing secret
 * @param nowMs our clock
 */
export function whyNotIts(
  auth: Exclude<Auth, { type: 'none' }>,
  secret: string,
  evidence: Evidence,
  nowMs: number,
): string | null {
  return auth.type === 'apiKey'
    ? wrongKey(auth, secret, evidence)
    : wrongSignature(auth, secret, evidence, nowMs);
}

function wrongKey(
  { in: place, name }: Extract<Auth, { type: 'apiKey' }>,
  secret: string,
  { headers, query }: Evidence,
): string | null {
  const sent = place === 'header' ? headers[name.toLowerCase()] : query[name];
  if (typeof sent !== 'string' || sent === '') return `send the source's key in the ${place} ${name}`;
  return isSame(sent, secret) ? null : `the key in the ${place} ${name} is not this source's`;
}

/**
 * What can be told of a signature before the body is read: that it is there, and of now. Null: go on.
 *
 * @param nowMs our clock
 */
export function missingSignature(
  { header, timestamp }: Extract<Auth, { type: 'hmac' }>,
  headers: Evidence['headers'],
  nowMs: number,
): string | null {
  const sent = headers[header.toLowerCase()];
  if (typeof sent !== 'string' || sent === '')
    return `send the signature of the body in the header ${header}`;
  if (timestamp === undefined) return null;
  const at = headers[timestamp.header.toLowerCase()];
  if (typeof at !== 'string' || at === '')
    return `send the time of signing in the header ${timestamp.header}`;
  return Math.abs(momentMs(at) - nowMs) <= timestamp.toleranceSeconds * 1000
    ? null
    : `the time in the header ${timestamp.header} is more than ${timestamp.toleranceSeconds} s from our clock`;
}

function wrongSignature(
  auth: Extract<Auth, { type: 'hmac' }>,
  secret: string,
  { headers, raw }: Evidence,
  nowMs: number,
): string | null {
  const missing = missingSignature(auth, headers, nowMs);
  if (missing !== null) return missing;
  const { header, encoding, prefix, timestamp } = auth;
  const sent = String(headers[header.toLowerCase()]);
  const digest = digestOf(auth, secret, String(headers[timestamp?.header.toLowerCase() ?? '']), raw);
  const given = sent.startsWith(prefix) ? sent.slice(prefix.length) : sent;
  // Hexadecimal digits may come in capitals.
  return isSame(encoding === 'hex' ? given.toLowerCase() : given, digest)
    ? null
    : `the signature in the header ${header} is not that of this body by the source's secret`;
}

/** The signature of a body, without what stands before it in the header. */
function digestOf(
  { algorithm, encoding, timestamp }: Extract<Auth, { type: 'hmac' }>,
  secret: string,
  at: string,
  raw: Buffer,
): string {
  const hmac = createHmac(algorithm, secret);
  if (timestamp === undefined) return hmac.update(raw).digest(encoding);
  // Cut at the body, which may be no text. By a function, since $ in a text to put in has a meaning.
  const [before = '', after = ''] = timestamp.signed.split('{body}');
  hmac.update(before.replaceAll('{timestamp}', () => at));
  hmac.update(raw);
  hmac.update(after.replaceAll('{timestamp}', () => at));
  return hmac.digest(encoding);
}

/**
 * What a source sends along to show who it is: what {@link whyNotIts} lets in.
 *
 * @param secret the key or signing secret; null where the profile asks for none
 * @param raw the body
 * @param nowMs when it is signed
 */
export function proofOf(
  auth: Auth,
  secret: string | null,
  raw: Buffer,
  nowMs: number,
): { readonly headers: Readonly<Record<string, string>>; readonly query: Readonly<Record<string, string>> } {
  if (auth.type === 'none' || secret === null) return { headers: {}, query: {} };
  if (auth.type === 'apiKey')
    return auth.in === 'header'
      ? { headers: { [auth.name]: secret }, query: {} }
      : { headers: {}, query: { [auth.name]: secret } };
  const at = String(Math.floor(nowMs / 1000));
  const signature = { [auth.header]: `${auth.prefix}${digestOf(auth, secret, at, raw)}` };
  return {
    headers: auth.timestamp === undefined ? signature : { ...signature, [auth.timestamp.header]: at },
    query: {},
  };
}

/** Unix seconds or milliseconds, or an ISO instant with offset; NaN: neither. */
function momentMs(text: string): number {
  if (!/^\d+$/.test(text)) return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
  const number = Number(text);
  return number < 100_000_000_000 ? number * 1000 : number;
}

/** Hashed first, so that lengths tell nothing either. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
