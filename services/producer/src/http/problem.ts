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
  /** Further members. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const PROBLEM_TYPE = 'application/problem+json';

/** Answers with a problem. */
export async function sendProblem(
  reply: FastifyReply,
  { status, type, title, detail, retryAfterSeconds, more }: Problem,
): Promise<FastifyReply> {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="rastreio"');
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send({
      type: `urn:rastreio:problem:${type}`,
      title,
      status,
      detail,
      instance: `urn:request:${reply.request.id}`,
      ...more,
    });
}

const RETRY_AFTER_SECONDS = 5;

export const PROBLEMS = {
  notJson: (detail: string): Problem => ({
    status: 400,
    type: 'not-json',
    title: 'Not JSON',
    detail: `${detail}; send one event or an array of events`,
  }),
  noKey: (): Problem => ({
    status: 401,
    type: 'no-valid-key',
    title: 'No valid key',
    detail: 'send the key of your carrier as "Authorization: Bearer KEY"; ask the operator for one',
  }),
  notFound: (what: string): Problem => ({
    status: 404,
    type: 'not-found',
    title: 'Not found',
    detail: `${what} does not exist; send events to POST /eventos, read /docs`,
  }),
  tooLarge: (maxBytes: number): Problem => ({
    status: 413,
    type: 'too-large',
    title: 'Too large',
    detail: `the body is larger than ${maxBytes} bytes; send the events in several requests or as application/x-ndjson`,
  }),
  tooMany: (count: number, max: number): Problem => ({
    status: 413,
    type: 'too-many-events',
    title: 'Too many events',
    detail: `${count} events; send at most ${max} in one request or use application/x-ndjson`,
  }),
  mediaType: (): Problem => ({
    status: 415,
    type: 'unsupported-media-type',
    title: 'Unsupported media type',
    detail: 'send the events as application/json or application/x-ndjson',
  }),
  empty: (): Problem => ({
    status: 422,
    type: 'no-event',
    title: 'No event',
    detail: 'the request holds no event; send at least one',
  }),
  overLimit: (perMinute: number, retryAfterSeconds: number, more?: Problem['more']): Problem => ({
    status: 429,
    type: 'over-limit',
    title: 'Over your limit',
    detail: `your key may send ${perMinute} events a minute; send the rest in ${retryAfterSeconds} seconds`,
    retryAfterSeconds,
    ...(more === undefined ? {} : { more }),
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
