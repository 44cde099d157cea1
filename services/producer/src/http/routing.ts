import type { FastifyInstance } from 'fastify';
import { MAX_URL_LENGTH, PROBLEMS, sendProblem } from './problem';

/**
 * Answers what no route takes, before its body is read: 405 with Allow where the address exists, else 404; addresses that are
 * too long or cannot be decoded as well. Call it before any route is added.
 */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  const methods = new Map<string, string[]>();
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()]);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { raw, headers } = request;
    if (request.url.length > MAX_URL_LENGTH) return sendProblem(reply, PROBLEMS.longUrl(MAX_URL_LENGTH));
    if (raw.httpVersionMajor !== 1) return sendProblem(reply, PROBLEMS.httpVersion());
    // Node would answer this one without a word.
    if (raw.httpVersion === '1.1' && headers.host === undefined)
      return sendProblem(reply, PROBLEMS.badRequest('the header Host is missing; HTTP/1.1 wants it'));
    if (!request.is404) return;
    const path = decoded(request.url.split('?')[0] ?? '');
    const allowed = [...methods].filter(([url]) => matches(url, path)).flatMap(([, known]) => known);
    return sendProblem(
      reply,
      allowed.length === 0
        ? PROBLEMS.notFound(`${request.method} ${path}`)
        : PROBLEMS.wrongMethod(path, [...new Set(allowed)].sort()),
    );
  });
}

/** Routes here are plain paths, some with `*` or a parameter at their end. */
function matches(url: string, path: string): boolean {
  const [start = '', parameter] = url.split(/:\w+$/);
  if (parameter !== undefined) return path.startsWith(start) && /^[^/]+$/.test(path.slice(start.length));
  return url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path;
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    // It is told as it came.
    return path;
  }
}
