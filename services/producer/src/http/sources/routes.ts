import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpLimits } from '../httpLimits';
import { PROBLEMS, sendProblem, type Problem } from '../problem';
import { whyNotIts } from './authorize';
import { notServed, postPayload, type PayloadParts } from './postPayload';
import type { Sources } from './profiles';
import { acceptRawBodies } from './rawBody';

/** Address of a source's payloads. */
const PATH = '/fontes/:perfil';

const nameOf = ({ params }: FastifyRequest) => (params as { readonly perfil: string }).perfil;
const NOTHING = Buffer.alloc(0);

/**
 * Lets only sources into a scope, before the body is read as far as it can be told then; a signature is looked at with the body.
 *
 * @param asCarrier lets in whom `POST /eventos` lets in, for profiles without an authentication of their own; null: go on
 */
export function guardSources(
  scope: FastifyInstance,
  sources: Sources,
  asCarrier: (request: FastifyRequest) => Problem | null,
): void {
  scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const source = sources.served.get(nameOf(request));
    if (source === undefined) return sendProblem(reply, notServed(nameOf(request), sources));
    const { profile, secret } = source;
    if (profile.auth.type === 'none' || secret === null) {
      const problem = asCarrier(request);
      return problem === null ? undefined : sendProblem(reply, problem);
    }
    if (profile.auth.type !== 'apiKey') return;
    const query = request.query as Readonly<Record<string, unknown>>;
    const why = whyNotIts(profile.auth, secret, { headers: request.headers, query, raw: NOTHING }, 0);
    if (why !== null) return sendProblem(reply, PROBLEMS.notTheSource(why));
  });
}

/** Adds `POST /fontes/{perfil}` to a scope: payloads of any media type, read by the profile of that name. */
export function addSourceRoutes(scope: FastifyInstance, limits: HttpLimits, parts: PayloadParts): void {
  acceptRawBodies(scope, limits);
  scope.post(PATH, (request, reply) => postPayload(nameOf(request), request, reply, parts));
}
