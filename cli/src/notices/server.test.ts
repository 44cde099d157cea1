import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createLog } from '@rastreio/runtime';
import type { FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { html } from './html';
import { noticesPage } from './page';
import { noticeSchema, notificationSchema, type Notice } from './notice';
import { createNoticesServer, type NoticesParts } from './server';
import { openStore } from './store';

const log = createLog('test', 'silent');
/** What Grafana 12.2.0 sent for two rules of one group. */
const BODY = readFileSync(path.join(__dirname, '../../test/grafanaWebhook.json'), 'utf8');
const ZONE = 'America/Sao_Paulo';

let app: FastifyInstance;
const open = async (more: Partial<NoticesParts> = {}) => {
  const store = await openStore(undefined, log);
  return createNoticesServer({ store, host: '127.0.0.1', timeZone: ZONE, log, ...more });
};
beforeEach(async () => (app = await open()));
afterEach(() => app.close());

const post = (payload: string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/avisos',
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
const kept = async () => (await app.inject('/avisos')).json<{ avisos: Notice[] }>().avisos;
const page = async () => (await app.inject('/')).body;
const changed = (change: object) => JSON.stringify({ ...(JSON.parse(BODY) as object), ...change });

test('what Grafana sends is kept, newest first, and shown with its texts, labels and links', async () => {
  expect((await app.inject('/')).body).toContain('Nenhum aviso chegou ainda');
  expect((await post(BODY)).statusCode).toBe(200);
  await post(changed({ status: 'resolved', title: '[RESOLVIDO] Nenhum evento' }));
  expect((await kept()).map(({ status }) => status)).toEqual(['resolved', 'firing']);
  const text = await page();
  const [first, second] = [text.indexOf('[RESOLVIDO] Nenhum evento'), text.indexOf('[DISPARANDO 2]')];
  expect([first > 0, second > first]).toEqual([true, true]);
  for (const shown of [
    'Disparando',
    'Resolvido',
    'Nenhum evento há 3,5 min',
    'O limite é de 2,5 min; rota –.',
    'grupo: interrupcao',
    '>Silenciar</a>',
    '<a href="http://localhost:8090/runbook&#35;silencio" rel="noreferrer">O que fazer</a>',
  ].map((s) => s.replace('&#35;', '#')))
    expect(text).toContain(shown);
  // In São Paulo, three hours behind UTC.
  const { startsAt = '' } = (await kept())[0]?.alerts[0] ?? {};
  expect(text).toContain(new Date(Date.parse(startsAt) - 3 * 3_600_000).toISOString().slice(11, 19));
});

test.each([
  ['{"a":', 400, /not JSON .*; send what Grafana’s webhook sends/],
  ['[]', 400, /the body: /],
  ['{}', 400, /status: .*"firing"\|"resolved"; alerts: .*array/],
  ['{"status":"firing","alerts":[]}', 400, /alerts: needs at least one alert/],
  [
    '{"status":"firing","alerts":[{"status":"firing","labels":{"rota":5},"startsAt":"ontem"}]}',
    400,
    /alerts\.0\.labels\.rota: .*string.*; alerts\.0\.startsAt: use an instant such as/,
  ],
  [`{"status":"firing","message":"${'x'.repeat(1_048_576)}"}`, 413, /larger than 1048576 bytes/],
])('a body that is none is refused, and the answer says what is valid: %#', async (body, status, message) => {
  const answer = await post(body);
  expect([answer.statusCode, answer.json<{ message: string }>().message]).toEqual([
    status,
    expect.stringMatching(message),
  ]);
  expect(await kept()).toEqual([]);
});

test('only JSON is taken, which a form of another site cannot send', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
    expect((await post(BODY, { 'content-type': type })).statusCode).toBe(415);
  expect((await post(BODY, { origin: 'http://mau.example' })).statusCode).toBe(403);
  expect(await kept()).toEqual([]);
});

test('on loopback it is asked for by loopback’s names only, elsewhere by any', async () => {
  const asked = (host: string) => app.inject({ url: '/avisos', headers: { host } });
  expect((await asked('mau.example:8090')).statusCode).toBe(403);
  expect((await asked('[::1]:8090')).statusCode).toBe(200);
  await app.close();
  app = await open({ host: '0.0.0.0' });
  expect((await asked('notices:8090')).statusCode).toBe(200);
});

test('a token is demanded of who sends and of nobody else', async () => {
  await app.close();
  app = await open({ token: 'segredo' });
  for (const authorization of [undefined, 'Bearer outro', 'segredo', 'Bearer segredo2'])
    expect((await post(BODY, authorization === undefined ? {} : { authorization })).statusCode).toBe(401);
  expect((await post(BODY, { authorization: 'Bearer segredo' })).statusCode).toBe(200);
  expect(await kept()).toHaveLength(1);
});

test('nothing on the page runs or is fetched: its policy allows its own style alone', async () => {
  await post(BODY);
  const { headers, body } = await app.inject('/');
  const [, style = ''] = /<style>(.*)<\/style>/s.exec(body) ?? [];
  expect(headers['content-security-policy']).toContain(
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  expect(body).not.toMatch(/<script|<img|<link(?! rel="icon" href="data:,")/);
});

test('an address that is not of the web is text, not a link', () => {
  const notice = noticeOf({
    generatorURL: 'javascript:alert(1)',
    panelURL: '"><script>alert(1)</script>',
    annotations: { runbook_url: 'docs/operations.md#x' },
  });
  const text = noticesPage([notice], ZONE);
  expect(text).toContain('Regra: javascript:alert(1)');
  expect(text).toContain('O que fazer: docs/operations.md#x');
  expect(text).not.toMatch(/href="(javascript|docs|")|<script/);
});

test('an alert without annotations has its name, one without any a text', () => {
  expect(noticesPage([noticeOf({ labels: { alertname: 'Rota lenta' } })], ZONE)).toContain('Rota lenta');
  expect(noticesPage([noticeOf({})], ZONE)).toContain('Alerta sem nome');
});

test('of very many the page shows the newest, and says so', () => {
  const text = noticesPage(Array<Notice>(130).fill(noticeOf({})), ZONE);
  expect(text).toContain('130 avisos guardados, aqui os 100 mais recentes');
  expect(text.match(/<article/g)).toHaveLength(100);
  const alerts = Array(23).fill(noticeOf({}).alerts[0]) as Notice['alerts'];
  expect(noticesPage([{ ...noticeOf({}), alerts }], ZONE)).toContain('e mais 3, em');
});

test('no text of a notice becomes HTML', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';', '#') }), (text) => {
      const { text: escaped } = html`<p title="${text}">${text}</p>`;
      const [, attribute = '', content] = /^<p title="([^"<>']*)">([^"<>']*)<\/p>$/.exec(escaped) ?? [];
      expect(content).toBe(attribute);
      expect(attribute.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))).toBe(text);
    }),
  );
});

test('what is read again from the file is what was kept', () => {
  const parsed = notificationSchema.parse(JSON.parse(BODY));
  const notice = { ...parsed, receivedAt: '2026-11-26T12:00:00.000Z' };
  expect(noticeSchema.parse(JSON.parse(JSON.stringify(notice)))).toEqual(notice);
});

function noticeOf(alert: object): Notice {
  const base = { status: 'firing', labels: {}, startsAt: '2026-11-26T12:00:00Z' };
  return noticeSchema.parse({
    status: 'firing',
    receivedAt: '2026-11-26T12:00:00Z',
    alerts: [{ ...base, ...alert }],
  });
}
