import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpLimits } from '../httpLimits';
import { PROBLEMS, sendProblem, type Problem } from '../problem';
import { missingSignature, whyNotIts } from './authorize';
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
    // Any media type is taken here, so that a page of any site could have a browser send one. No source is a browser.
    const { origin } = request.headers;
    if (origin !== undefined)
      return sendProblem(
        reply,
        PROBLEMS.foreignHost(`Origin "${origin}" may not send payloads; sources are no browsers`),
      );
    const source = sources.served.get(nameOf(request));
    if (source === undefined) return sendProblem(reply, notServed(nameOf(request), sources));
    const { profile, secret } = source;
    if (profile.auth.type === 'none' || secret === null) {
      const problem = asCarrier(request);
      return problem === null ? undefined : sendProblem(reply, problem);
    }
    const { headers } = request;
    const query = request.query as Readonly<Record<string, unknown>>;
    const why =
      profile.auth.type === 'hmac'
        ? missingSignature(profile.auth, headers, Date.now())
        : whyNotIts(profile.auth, secret, { headers, query, raw: NOTHING }, Date.now());
    if (why !== null) return sendProblem(reply, PROBLEMS.notTheSource(why));
  });
}

/** Adds `POST /fontes/{perfil}` to a scope: payloads of any media type, read by the profile of that name. */
export function addSourceRoutes(scope: FastifyInstance, limits: HttpLimits, parts: PayloadParts): void {
  acceptRawBodies(scope, limits);
  scope.post(PATH, (request, reply) => postPayload(nameOf(request), request, reply, parts));
}
