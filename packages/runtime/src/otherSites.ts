import type { FastifyInstance, FastifyRequest } from 'fastify';

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;
/** Names of this machine's loopback, as they stand in an address. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a server that listens on this host is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The names under which a server that listens on this host may be asked for; undefined, any name, where others reach it. */
export function hostsOf(host: string): readonly string[] | undefined {
  return isLoopback(host) ? [...LOOPBACK_NAMES, host] : undefined;
}

/**
 * Why a request may be one that another site's page made a browser on this machine send: it asks by a name of theirs that
 * resolves here (Host). Null where it is none. A request without Host is no browser's.
 * @param hosts names under which the server may be asked for, without port
 */
export function foreignHost({ headers, hostname }: FastifyRequest, hosts: readonly string[]): string | null {
  if (headers.host === undefined || hosts.includes(hostname.toLowerCase())) return null;
  return `Host "${hostname}" is not served here; use http://localhost`;
}

/**
 * Refuses with 403 what other sites' pages can make a browser on this machine send: requests by a name of theirs that resolves here
 * (Host), and forms or scripts of theirs (Origin).
 * @param hosts names under which the server may be asked for, without port; left out, any name will do
 */
export function refuseOtherSites(app: FastifyInstance, hosts?: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    const foreign = hosts === undefined ? null : foreignHost(request, hosts);
    if (foreign !== null) return reply.code(403).send({ message: foreign });
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.host}`)
      return reply.code(403).send({ message: `Origin "${origin}" may not ask here` });
  });
}
