import type { FastifyInstance } from 'fastify';

const LOOPBACK = /^(127(\.\d+){3}|::1|localhost)$/;
/** Names of this machine's loopback, as they stand in an address. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a server that listens on this host is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Refuses with 403 what other sites' pages can make a browser on this machine send: requests by a name of theirs that resolves here
 * (Host), and forms or scripts of theirs (Origin).
 * @param hosts names under which the server may be asked for, without port; left out, any name will do
 */
export function refuseOtherSites(app: FastifyInstance, hosts?: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    if (hosts !== undefined && !hosts.includes(request.hostname))
      return reply
        .code(403)
        .send({ message: `Host "${request.hostname}" is not served here; use http://localhost` });
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.host}`)
      return reply.code(403).send({ message: `Origin "${origin}" may not ask here` });
  });
}
