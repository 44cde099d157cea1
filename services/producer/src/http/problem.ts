import { STATUS_CODES } from 'node:http';
import { ANSWER_HEADERS, MAX_HEADER_BYTES } from '@rastreio/runtime';
import type { FastifyReply } from 'fastify';

/** Problem details, RFC 9457. */
export interface Problem {
  readonly status: number;
  /** Names the kind of problem for programs: `urn:rastreio:problem:<type>`. */
  readonly type: string;
  readonly title: string;
  /** What to do next is in here. */
  readonly detail: string;
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Thrown where a request cannot be served, and answered with its problem. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

const PROBLEM_TYPE = 'application/problem+json';

/** Answers with a problem. */
export async function sendProblem(reply: FastifyReply, problem: Problem): Promise<FastifyReply> {
  return reply
    .code(problem.status)
    .headers(headersOf(problem))
    .type(PROBLEM_TYPE)
    .send(bodyOf(problem, reply.request.id));
}

/** A whole answer with a problem, for a connection whose request never became one; it is closed afterwards. */
export function rawProblem(problem: Problem, requestId: string): string {
  const body = JSON.stringify(bodyOf(problem, requestId));
  const headers = {
    ...ANSWER_HEADERS,
    ...headersOf(problem),
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

function headersOf({ status, retryAfterSeconds, headers }: Problem): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="rastreio"' } : {}),
    ...headers,
  };
}

function bodyOf({ status, type, title, detail, more }: Problem, requestId: string) {
  return {
    type: `urn:rastreio:problem:${type}`,
    title,
    status,
    detail,
    instance: `urn:request:${requestId}`,
    ...more,
  };
}

const RETRY_AFTER_SECONDS = 5;
/** Of an address, in characters. */
export const MAX_URL_LENGTH = 8_192;

const problemOf = (status: number, type: string, title: string, detail: string): Problem => ({
  status,
  type,
  title,
  detail,
});

export const PROBLEMS = {
  badRequest: (detail: string) => problemOf(400, 'bad-request', 'Bad request', detail),
  brokenOff: () =>
    problemOf(400, 'broken-off', 'Broken off', 'the body ended before its length; send the request again'),
  notUtf8: (detail: string) =>
    problemOf(400, 'not-utf-8', 'Not UTF-8', `the body is ${detail}; send it in UTF-8`),
  notUnpacked: (detail: string) =>
    problemOf(400, 'not-unpacked', 'Damaged content coding', `${detail}; send the request again`),
  notJson: (detail: string) =>
    problemOf(400, 'not-json', 'Not JSON', `${detail}; send one event or an array of events`),
  noKey: (): Problem => ({
    status: 401,
    type: 'no-valid-key',
    title: 'No valid key',
    detail: 'send the key of your carrier as "Authorization: Bearer KEY"; ask the operator for one',
  }),
  notTheSource: (why: string): Problem => ({
    ...problemOf(
      401,
      'not-the-source',
      'Not from this source',
      `${why}; docs/sources.md says how a source shows who it is`,
    ),
    headers: {},
  }),
  noSource: (name: string, served: readonly string[]) =>
    problemOf(
      404,
      'no-source',
      'No such source',
      `there is no source profile ${JSON.stringify(name.slice(0, 80))}; those served are ${served.join(', ') || 'none'}`,
    ),
  sourceClosed: (name: string, why: string): Problem => ({
    ...problemOf(
      503,
      'source-closed',
      'Source without secret',
      `${name} lets nobody in yet: ${why}; tell the operator, and send again later`,
    ),
    retryAfterSeconds: 300,
  }),
  notFound: (what: string): Problem => ({
    status: 404,
    type: 'not-found',
    title: 'Not found',
    detail: `${what} does not exist; send events to POST /eventos or POST /fontes/{perfil}, read /docs`,
  }),
  foreignHost: (detail: string) => problemOf(403, 'foreign-site', 'Not served under this name', detail),
  wrongMethod: (what: string, allowed: readonly string[]): Problem => ({
    ...problemOf(
      405,
      'wrong-method',
      'Wrong method',
      `${what} has no such method; use ${allowed.join(' or ')}`,
    ),
    headers: { allow: allowed.join(', ') },
  }),
  tooSlow: (detail: string) =>
    problemOf(408, 'too-slow', 'Too slow', `${detail}; send the request again, which counts nothing twice`),
  tooLarge: (maxBytes: number, unpacked: boolean) =>
    problemOf(
      413,
      'too-large',
      'Too large',
      `the body is larger than ${maxBytes} bytes${unpacked ? ' when unpacked' : ''}; send the events in several requests${unpacked ? '' : ' or as application/x-ndjson'}`,
    ),
  payloadTooLarge: (maxBytes: number) =>
    problemOf(
      413,
      'too-large',
      'Too large',
      `the payload is larger than ${maxBytes} bytes; have the source send fewer events at a time`,
    ),
  longUrl: (maxLength: number) =>
    problemOf(
      414,
      'long-address',
      'Address too long',
      `the address is longer than ${maxLength} characters; send the events in the body of POST /eventos`,
    ),
  tooMany: (count: number, max: number): Problem => ({
    status: 413,
    type: 'too-many-events',
    title: 'Too many events',
    detail: `${count} events; send at most ${max} in one request or use application/x-ndjson`,
  }),
  mediaType: (): Problem => ({
    ...problemOf(
      415,
      'unsupported-media-type',
      'Unsupported media type',
      'send the events as application/json or application/x-ndjson',
    ),
    headers: { 'accept-post': 'application/json, application/x-ndjson' },
  }),
  contentCoding: (given: string, known: readonly string[]): Problem => ({
    ...problemOf(
      415,
      'unsupported-content-coding',
      'Unsupported content coding',
      `Content-Encoding "${given}" is not read here; send one or two of ${known.join(', ')}, or none`,
    ),
    headers: { 'accept-encoding': known.join(', ') },
  }),
  charset: (given: string) =>
    problemOf(
      415,
      'unsupported-charset',
      'Unsupported charset',
      `the body is not ASCII and its charset is ${given}; send it in UTF-8`,
    ),
  empty: () => problemOf(422, 'no-event', 'No event', 'the request holds no event; send at least one'),
  longHeaders: () =>
    problemOf(
      431,
      'large-headers',
      'Headers too large',
      `address and headers are together larger than ${MAX_HEADER_BYTES} bytes; send fewer or shorter headers`,
    ),
  expectation: (given: string) =>
    problemOf(
      417,
      'expectation',
      'Expectation failed',
      `Expect: ${given} is not known; use 100-continue or none`,
    ),
  httpVersion: () =>
    problemOf(505, 'http-version', 'HTTP version not supported', 'send the request as HTTP/1.1'),
  overLimit: (perMinute: number, retryAfterSeconds: number, more?: Problem['more']): Problem => ({
    status: 429,
    type: 'over-limit',
    title: 'Over your limit',
    detail: `your key may send ${perMinute} events a minute; send the rest in ${retryAfterSeconds} seconds`,
    retryAfterSeconds,
    ...(more === undefined ? {} : { more }),
  }),
  keysUnreadable: (): Problem => ({
    ...problemOf(
      503,
      'keys-unreadable',
      'Keys cannot be read',
      'the operator’s file of keys cannot be read, so nobody is let in; tell the operator, and send the request again later',
    ),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  }),
  overloaded: (detail: string, more?: Problem['more']): Problem => ({
    status: 503,
    type: 'overloaded',
    title: 'Overloaded',
    detail: `${detail}; send the request again later`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    ...(more === undefined ? {} : { more }),
  }),
  noAcknowledgement: (more?: Problem['more']): Problem => ({
    status: 503,
    type: 'no-acknowledgement',
    title: 'Kafka does not answer',
    detail: 'the events may or may not be stored; send the request again, which counts nothing twice',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    ...(more === undefined ? {} : { more }),
  }),
} as const;
