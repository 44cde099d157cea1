import type { FastifyInstance } from 'fastify';
import { listen, sendRaw } from '../../test/raw';
import { EVENT, openSource } from '../../test/source';

const HOST = 'Host: localhost\r\n';
let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  app = await openSource({ times: { headersMs: 100, everyMs: 20 } });
  port = await listen(app);
});
afterAll(() => app.close());

test('headers that come byte by byte are answered with 408, and hold nobody up', async () => {
  const slow = Array.from({ length: 50 }, () => sendRaw(port, `POST /eventos HTTP/1.1\r\n${HOST}x: `));
  const body = JSON.stringify(EVENT);
  const head = `POST /eventos HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
  const taken = await sendRaw(port, `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  expect(taken.status).toBe(202);
  for (const { status, body: told } of await Promise.all(slow))
    expect([status, told]).toEqual([408, expect.stringContaining('urn:rastreio:problem:too-slow')]);
});

test.each([
  [
    'an event',
    `POST /eventos HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]`,
  ],
  ['the description', `GET /openapi.json HTTP/1.1\r\n${HOST}\r\n`],
  ['nothing that is there', `GET /nothing HTTP/1.1\r\n${HOST}\r\n`],
  ['no request', 'nonsense\r\n\r\n'],
  ['TRACE', `TRACE /eventos HTTP/1.1\r\n${HOST}\r\n`],
  [
    'a page of another site that asks first',
    `OPTIONS /eventos HTTP/1.1\r\n${HOST}Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
  ],
])(
  'an answer to %s says what browsers must not do with it, and lets no other site read it',
  async (_what, request) => {
    const { headers } = await sendRaw(port, request);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const names = Object.keys(headers);
    expect(names.filter((name) => /^(server|x-powered-by|access-control-)/.test(name))).toEqual([]);
  },
);

test('the page of the API runs its own scripts only', async () => {
  const { status, headers } = await sendRaw(port, `GET /docs/ HTTP/1.1\r\n${HOST}\r\n`);
  expect(status).toBe(200);
  expect(headers['content-security-policy']).toMatch(/script-src 'self'/);
  expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test.each([
  '../package.json',
  '..%2f..%2fpackage.json',
  '%2e%2e/%2e%2e/package.json',
  '..\\..\\package.json',
  '..%5c..%5cpackage.json',
  '....//package.json',
  '%00',
])('no file beside those of that page: %s', async (file) => {
  const answer = await sendRaw(port, `GET /docs/static/${file} HTTP/1.1\r\n${HOST}\r\n`);
  expect([400, 403, 404]).toContain(answer.status);
});
