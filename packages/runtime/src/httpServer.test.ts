import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { startOpsServer } from './opsServer';

const TIMES = { headersMs: 100, requestMs: 200, everyMs: 20 };
const HOST = 'Host: localhost\r\n';

let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  app = await startOpsServer(
    { host: '127.0.0.1', port: 0 },
    { notReady: () => 'no connection to postgresql://writer:n4o-mostre@db/x' },
    new Registry(),
    TIMES,
  );
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(() => app.close());

/** What comes until the server closes the connection. */
function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject).on('close', () => resolve(text));
  });
}

const open = (text: string) => {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  return socket;
};

test.each([
  ['nothing', ''],
  ['headers', `GET /metrics HTTP/1.1\r\n${HOST}x: `],
  ['a body', `POST /metrics HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n[`],
])('connections that bring %s byte by byte are closed, and hold nobody up', async (_what, text) => {
  const slow = Array.from({ length: 30 }, () => untilClosed(open(text)));
  const answer = await fetch(`http://127.0.0.1:${port}/livez`);
  expect(answer.status).toBe(200);
  // A request whose answer is known before its body needs no other one.
  for (const told of await Promise.all(slow)) expect(told).toMatch(/^HTTP\/1\.1 40[48] /);
});

test.each([
  ['two lengths', `POST /livez HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n[]`],
  [
    'a length and chunks',
    `POST /livez HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a line end that is none', `GET /livez HTTP/1.1\n${HOST}\n\n`],
  ['large headers', `GET /livez HTTP/1.1\r\n${HOST}x: ${'a'.repeat(20_000)}\r\n\r\n`],
])('%s are no request', async (_what, text) => {
  expect(await untilClosed(open(text))).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test('answers say what browsers must not do with them, and nothing of what serves them', async () => {
  for (const [path, status] of [
    ['/livez', 200],
    ['/metrics', 200],
    ['/readyz', 503],
    ['/nothing', 404],
  ] as const) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    expect([path, answer.status]).toEqual([path, status]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const names = [...answer.headers.keys()];
    expect(names.filter((name) => /^(server|x-powered-by|access-control-)/.test(name))).toEqual([]);
  }
});

test('what is missing is told without a password', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(await answer.text()).toContain('postgresql://writer:***@db/x');
});
