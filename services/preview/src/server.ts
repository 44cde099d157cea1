import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { addHeaders, addOpsRoutes, refuseOtherSites, serverOptions } from '@rastreio/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { addressOf, homeOf, readDashboards, slugOf } from './dashboards';
import type { DataSource } from './dataSources';
import type { QueryRunner } from './query';
import { queryRequestSchema } from './queryRequest';

export interface PreviewParts {
  readonly home: string;
  readonly webDir: string;
  /** Folders with the dashboards that are served. */
  readonly dashboardDirs: readonly string[];
  readonly sources: readonly DataSource[];
  readonly runner: QueryRunner;
  readonly metrics: Registry;
  /** Names under which the page may be asked for, without port. */
  readonly hosts: readonly string[];
}

const NO_ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"></svg>';
const PLUGIN_ID = 'rastreio-tracking-panel';
// SystemJS inserts scripts by URL and the boot script is a file; @grafana/ui writes styles at run time.
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/** The preview's HTTP side: the page, the plugin's build, and the few of Grafana's endpoints that the page needs. */
export function createPreviewServer({
  home,
  webDir,
  dashboardDirs,
  sources,
  runner,
  metrics,
  hosts,
}: PreviewParts): FastifyInstance {
  const app = Fastify({ ...serverOptions(), bodyLimit: 262_144, forceCloseConnections: true });

  addHeaders(app, SECURITY_HEADERS);
  refuseOtherSites(app, hosts);
  addOpsRoutes(app, { notReady: runner.notReady }, metrics);

  void app.register(fastifyStatic, { root: webDir, prefix: '/app/', cacheControl: false });
  void app.register(fastifyStatic, {
    root: path.join(home, 'plugins', 'tracking-panel', 'dist'),
    prefix: `/public/plugins/${PLUGIN_ID}/`,
    decorateReply: false,
    cacheControl: false,
  });
  // @grafana/ui ships two thirds of its icons; the others are an empty picture rather than an error in the console.
  app.setNotFoundHandler((request, reply) => {
    if (/^\/app\/build\/img\/icons\/.*\.svg$/.test(request.url))
      return reply.type('image/svg+xml').send(NO_ICON);
    return reply.code(404).send({ message: `${request.url} does not exist; dashboards are at /d/UID` });
  });
  for (const url of ['/d/:uid', '/d/:uid/:slug'])
    app.get(url, (_request, reply) => reply.sendFile('index.html'));
  app.get('/', async (request, reply) => {
    const home = homeOf(await readDashboards(dashboardDirs));
    // The page itself says that there is no dashboard.
    if (home === undefined) return reply.sendFile('index.html');
    return reply.redirect(addressOf(home) + request.url.slice(1));
  });

  app.get('/api/search', async () =>
    (await readDashboards(dashboardDirs)).map((dashboard) => ({
      uid: dashboard.uid,
      title: dashboard.title,
      tags: dashboard.tags,
      url: addressOf(dashboard),
    })),
  );
  app.get<{ Params: { uid: string } }>('/api/dashboards/uid/:uid', async ({ params }, reply) => {
    const dashboard = (await readDashboards(dashboardDirs)).find(({ uid }) => uid === params.uid);
    if (dashboard === undefined)
      return reply
        .code(404)
        .send({ message: `There is no dashboard "${params.uid}"; see PREVIEW_DASHBOARDS` });
    return { dashboard, meta: { slug: slugOf(dashboard.title) } };
  });
  app.get('/api/datasources', () =>
    sources.map(({ uid, name, type, isDefault, jsonData }) => ({
      ...{ uid, name, type, isDefault },
      timeInterval: jsonData.timeInterval,
    })),
  );
  app.post('/api/ds/query', async (request, reply) => {
    const parsed = queryRequestSchema.safeParse(request.body);
    if (!parsed.success)
      return reply
        .code(400)
        .send({ message: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ') });
    return { results: await runner.run(parsed.data) };
  });
  return app;
}
