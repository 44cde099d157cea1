import { createHash } from 'node:crypto';
import { OperatorError } from '@rastreio/runtime';
import { JSON_FORMAT } from '@rastreio/simulator';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { NONE_REFUSED, type Target } from './target';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Share of the requests answered with 503, drawn by `random`. */
  readonly errorShare: number;
  readonly random?: () => number;
}

/** Messages a client may still ask for; older ones are gone. */
const KEPT = 1_000_000;
const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;

/**
 * A carrier's own API, for sources that poll: `GET /eventos?desde=CURSOR&limite=N` answers NDJSON in the order in which the
 * events were reported, `Link: <...>; rel="next"` with the address of what comes after (RFC 8288), and an ETag, so that asking
 * again for nothing new costs a 304 (RFC 9110). A cursor that is older than what is kept gets 410.
 */
export async function serveTarget({
  host,
  port,
  errorShare,
  random = Math.random,
}: ServeOptions): Promise<Target & { url: string }> {
  const app = Fastify({ forceCloseConnections: true });
  let texts: string[] = [];
  let first = 0;
  app.get('/eventos', async (request: FastifyRequest<{ Querystring: Record<string, string> }>, reply) => {
    if (random() < errorShare)
      return problem(reply.header('retry-after', '1'), 503, 'try again after a second');
    const since = wholeNumber(request.query.desde ?? String(first));
    const limit = wholeNumber(request.query.limite ?? String(DEFAULT_LIMIT));
    if (since === undefined || limit === undefined || limit < 1 || since > first + texts.length)
      return problem(reply, 400, 'desde must be a cursor of this API and limite a whole number above 0');
    if (since < first) return problem(reply, 410, `events before ${first} are gone; ask without desde`);
    const page = texts.slice(since - first, since - first + Math.min(limit, MAX_LIMIT));
    const next = `/eventos?desde=${since + page.length}&limite=${limit}`;
    const etag = `"${createHash('sha256').update(`${since} ${page.length} ${limit}`).digest('hex').slice(0, 16)}"`;
    reply.header('etag', etag).header('link', `<${next}>; rel="next"`);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/x-ndjson').send(page.map((text) => `${text}\n`).join(''));
  });
  let url: string;
  try {
    url = await app.listen({ host, port });
  } catch (error) {
    throw new OperatorError(`--serve: ${(error as Error).message}; choose another port`, 1, { cause: error });
  }
  return {
    url: `${url}/eventos`,
    format: JSON_FORMAT,
    send(batch) {
      for (const { text } of batch) texts.push(text);
      // Cut now and then, not at every message.
      if (texts.length > 1.5 * KEPT) {
        first += texts.length - KEPT;
        texts = texts.slice(-KEPT);
      }
      return Promise.resolve(NONE_REFUSED);
    },
    close: () => app.close(),
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function problem(reply: FastifyReply, status: number, detail: string) {
  return reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, detail });
}
