import type { FastifyInstance } from 'fastify';
import { listen, sendRaw } from '../../test/raw';
import { EVENT, openSource, post } from '../../test/source';
import { problemOfParser } from './parserErrors';

let app: FastifyInstance;
let port: number;
beforeAll(async () => {
  app = await openSource({ hosts: ['localhost', '127.0.0.1', '[::1]'] });
  port = await listen(app);
});
afterAll(() => app.close());

const HOST = 'Host: localhost\r\n';
const body = JSON.stringify(EVENT);
const with_ = (method: string, path: string, headers = HOST, text = '') =>
  `${method} ${path} HTTP/1.1\r\n${headers}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const JSON_TYPE = `${HOST}Content-Type: application/json\r\n`;

test.each<[string, number, string, Record<string, string>?]>([
  ['broken JSON to an unknown address', 404, with_('POST', '/evento', JSON_TYPE, '{"a":')],
  ['a CSV to an unknown address', 404, with_('POST', '/', `${HOST}Content-Type: text/csv\r\n`, 'a;b')],
  ['an event by PUT', 405, with_('PUT', '/eventos', JSON_TYPE, body), { allow: 'POST' }],
  ['broken JSON by PATCH', 405, with_('PATCH', '/eventos?x=1', JSON_TYPE, '{'), { allow: 'POST' }],
  ['GET of the address of events', 405, with_('GET', '/eventos'), { allow: 'POST' }],
  ['OPTIONS', 405, with_('OPTIONS', '/eventos'), { allow: 'POST' }],
  ['PROPFIND', 405, with_('PROPFIND', '/eventos'), { allow: 'POST' }],
  ['POST of the documentation', 405, with_('POST', '/docs', JSON_TYPE, body), { allow: 'GET, HEAD' }],
  ['POST of a file of it', 405, with_('POST', '/docs/static/x.js'), { allow: 'GET, HEAD' }],
  ['CONNECT', 405, `CONNECT localhost:22 HTTP/1.1\r\n${HOST}\r\n`, { allow: 'GET, HEAD, POST' }],
  ['a method that is none', 400, with_('FOO', '/eventos')],
  ['an address that is no text', 400, with_('GET', '/%zz')],
  ['no Host', 400, with_('GET', '/livez', '')],
  ['a header that is none', 400, with_('GET', '/livez', `${HOST}a b: c\r\n`)],
  ['two lengths', 400, with_('POST', '/eventos', `${JSON_TYPE}Content-Length: 3\r\n`, body)],
  ['a length and chunks', 400, with_('POST', '/eventos', `${JSON_TYPE}Transfer-Encoding: chunked\r\n`, body)],
  [
    'a chunk without size',
    400,
    `POST /eventos HTTP/1.1\r\n${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
  ],
  ['TLS', 400, '\u0016\u0003\u0001\u0000\r\n\r\n'],
  [
    'a name that resolves here',
    403,
    with_('POST', '/eventos', JSON_TYPE.replace('localhost', 'evil.example'), body),
  ],
  ['that name in another case and with a port', 403, with_('GET', '/docs/', 'Host: EVIL.example:8080\r\n')],
  ['a name that begins as ours', 403, with_('GET', '/livez', 'Host: localhost.evil.example\r\n')],
  ['a large body', 413, with_('POST', '/eventos', JSON_TYPE, ' '.repeat(300_000))],
  ['a long address', 414, with_('GET', `/${'a'.repeat(9_000)}`)],
  ['an address longer than all headers may be', 414, with_('GET', `/${'a'.repeat(90_000)}`)],
  ['an unknown expectation', 417, with_('POST', '/eventos', `${JSON_TYPE}Expect: x\r\n`, body)],
  ['a long header', 431, with_('GET', '/livez', `${HOST}x: ${'a'.repeat(90_000)}\r\n`)],
  [
    'many headers',
    431,
    with_('GET', '/livez', HOST + Array.from({ length: 2_000 }, (_, i) => `x${i}: 12345\r\n`).join('')),
  ],
  ['HTTP/3.0', 505, `GET / HTTP/3.0\r\n${HOST}\r\n`],
  ['HTTP/2.0', 505, `GET /livez HTTP/2.0\r\n${HOST}\r\n`],
  ['the beginning of HTTP/2', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
])('%s: %i, as a problem document', async (_name, status, request, headers = {}) => {
  const answer = await sendRaw(port, request);
  expect([answer.status, answer.headers['content-type']?.split(';')[0]]).toEqual([
    status,
    'application/problem+json',
  ]);
  expect(answer.headers).toMatchObject(headers);
  expect(JSON.parse(answer.body)).toMatchObject({
    status,
    type: expect.stringMatching(/^urn:rastreio:problem:/) as string,
    detail: expect.stringMatching(/\S{2}/) as string,
    instance: `urn:request:${answer.headers['x-request-id'] ?? 'none'}`,
  });
});

test('a request that took too long, and a connection that broke', () => {
  expect(problemOfParser(Object.assign(new Error('x'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })).status).toBe(
    408,
  );
  expect(
    problemOfParser(Object.assign(new Error('x'), { code: 'HPE_CHUNK_EXTENSIONS_OVERFLOW' })).status,
  ).toBe(413);
  expect(problemOfParser(new Error('x'))).toMatchObject({
    status: 400,
    detail: 'this is no HTTP request: x',
  });
});

test.each(['Localhost:9', '127.0.0.1', '[::1]:8080'])('Host %s is served', async (host) => {
  expect(
    (await sendRaw(port, with_('POST', '/eventos', JSON_TYPE.replace('localhost', host), body))).status,
  ).toBe(202);
});

test('HTTP/1.0 without Host, as health checks send it, is no browser', async () => {
  expect((await sendRaw(port, 'GET /livez HTTP/1.0\r\n\r\n')).status).toBe(200);
});

test('where a key is asked for or others reach it, any name will do', async () => {
  const open = await openSource();
  expect((await post(open, EVENT, { headers: { host: 'carrier.example' } })).statusCode).toBe(202);
  await open.close();
});

test('an answer that comes before the end of its body arrives, and the connection goes on', async () => {
  const twice = with_('POST', '/evento', JSON_TYPE, 'x'.repeat(50_000));
  const first = await sendRaw(port, twice + with_('GET', '/livez'));
  expect(first.status).toBe(404);
  expect(first.body).toContain('HTTP/1.1 200 OK');
});
