import type { FastifyInstance } from 'fastify';

/** How long a client may take, in milliseconds. */
export interface HttpTimes {
  /** For a request's headers. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** How often it is looked who took too long. */
  readonly everyMs: number;
}

export const HTTP_TIMES: HttpTimes = { headersMs: 10_000, requestMs: 30_000, everyMs: 2_000 };

/** Of a request's first line and its headers together. */
export const MAX_HEADER_BYTES = 16_384;

/**
 * What every HTTP server of ours is made with: who brings a request byte by byte is answered with 408 instead of kept. Fastify alone waits
 * for a body for ever.
 */
export function serverOptions({ headersMs, requestMs, everyMs }: HttpTimes = HTTP_TIMES) {
  return {
    requestTimeout: requestMs,
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: everyMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  };
}

/** Of an answer that is no page: nothing in it is to be run, shown in a frame or taken for another type. */
export const ANSWER_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** Sets headers on every answer, those of errors too; what a page sets itself stays. Call it before other hooks are added. */
export function addHeaders(
  app: FastifyInstance,
  headers: Readonly<Record<string, string>> = ANSWER_HEADERS,
): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
