import { createHash, timingSafeEqual } from 'node:crypto';
import {
  addHeaders,
  addHealthRoutes,
  hostsOf,
  refuseOtherSites,
  serverOptions,
  type Log,
} from '@rastreio/runtime';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { notificationSchema, problemsOf } from './notice';
import { noticesPage } from './page';
import type { NoticeStore } from './store';
import { STYLE } from './style';

export interface NoticesParts {
  readonly store: NoticeStore;
  /** What it listens on: on loopback it is asked for by loopback's names only. */
  readonly host: string;
  /** Demanded as a bearer token of whoever sends a notice; left out, nobody needs one. */
  readonly token?: string | undefined;
  /** Of the times on the page. */
  readonly timeZone: string;
  readonly log: Log;
}

const MAX_BODY_BYTES = 1_048_576;
const SECURITY_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * `POST /avisos` takes what Grafana's webhook sends, `GET /avisos` gives what is kept as `{ "avisos": [...] }`, newest first, and `GET /`
 * is a page of it; `/livez` and `/readyz` beside them. Not listening yet.
 */
export function createNoticesServer({ store, host, token, timeZone, log }: NoticesParts): FastifyInstance {
  const app = Fastify({ ...serverOptions(), bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  addHeaders(app, SECURITY_HEADERS);
  refuseOtherSites(app, hostsOf(host));
  // A form of another site's page can send text/plain without asking; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error }, 'request failed');
    return reply.code(status).send({ message: messageOf(error, status) });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      message: `${request.method} ${request.url.split('?')[0]} does not exist; use GET /, GET /avisos or POST /avisos`,
    }),
  );
  addHealthRoutes(app, store);
  app.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(noticesPage(store.list(), timeZone)),
  );
  app.get('/avisos', () => ({ avisos: store.list() }));
  app.post(
    '/avisos',
    {
      onRequest: async ({ headers }, reply) => {
        if (token === undefined || isBearer(headers.authorization, token)) return;
        return reply
          .code(401)
          .header('www-authenticate', 'Bearer realm="rastreio"')
          .send({ message: 'send the token of NOTICES_TOKEN as "Authorization: Bearer TOKEN"' });
      },
    },
    async (request, reply) => {
      const { data, error } = notificationSchema.safeParse(request.body);
      if (error !== undefined) return reply.code(400).send({ message: problemsOf(error) });
      await store.add({ ...data, receivedAt: new Date().toISOString() });
      log.info({ status: data.status, alerts: data.alerts.length, title: data.title }, 'notice');
      return { kept: store.list().length };
    },
  );
  return app;
}

function messageOf({ code, message }: FastifyError, status: number): string {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return `the body is larger than ${MAX_BODY_BYTES} bytes; let fewer alerts stand in one notification`;
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'send the notification as content-type application/json';
    default:
      if (status === 400) return `the body is not JSON (${message}); send what Grafana’s webhook sends`;
      return status < 500 ? message : 'the request failed on our side; see the log';
  }
}

function isBearer(header: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${token}`));
}
