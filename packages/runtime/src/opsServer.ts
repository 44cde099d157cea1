import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { addHeaders, serverOptions, type HttpTimes } from './httpServer';
import { hostsOf, refuseOtherSites } from './otherSites';
import { redact } from './secrets';

export interface Health {
  /** Null when ready, else one sentence that says what is missing. */
  readonly notReady: () => string | null | Promise<string | null>;
}

/** Adds `/livez` (the event loop turns) and `/readyz` (503 with the reason until ready). */
export function addHealthRoutes(app: FastifyInstance, health: Health): void {
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const reason = await health.notReady();
    return reason === null
      ? { status: 'ok' }
      : reply.code(503).send({ status: 'not ready', reason: redact(reason) });
  });
}

/** Adds the health routes and `/metrics` (Prometheus text). */
export function addOpsRoutes(app: FastifyInstance, health: Health, metrics: Registry): void {
  addHealthRoutes(app, health);
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

/**
 * A server with the ops routes only, listening on host and port. On loopback it answers this machine's own names only: a page
 * of another site cannot read figures through a name that resolves here. Close it with `close()`.
 */
export async function startOpsServer(
  address: { readonly host: string; readonly port: number },
  health: Health,
  metrics: Registry,
  times?: HttpTimes,
): Promise<FastifyInstance> {
  const app = Fastify({ ...serverOptions(times), forceCloseConnections: true });
  addHeaders(app);
  refuseOtherSites(app, hostsOf(address.host));
  addOpsRoutes(app, health, metrics);
  await app.listen(address);
  return app;
}
