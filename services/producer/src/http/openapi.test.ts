import { createDecoder, createValidator } from '@rastreio/contract';
import type { Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { createHttpMetrics } from './metrics';
import { openApiDocument } from './openapi';
import { createHttpSource } from './server';

const limits = {
  maxBodyBytes: 100_000,
  maxUnpackedBytes: 1_000_000,
  maxEventsPerRequest: 3,
  maxPendingEvents: 10,
  maxPendingBytes: 1_000_000,
  ackTimeoutMs: 1_000,
  requestTimeoutMs: 60_000,
  bodyStallMs: 60_000,
  bodyBytesPerSecond: 1,
};
const EVENT = {
  id_pacote: 1333,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'ENTREGUE',
  data_atualizacao: '2025-10-13T17:40:00Z',
};
// What is documented does not depend on Kafka, so nothing is published here.
const nowhere: Publisher = { send: () => Promise.resolve(), close: () => Promise.resolve() };

let app: FastifyInstance;
let document: ReturnType<typeof openApiDocument>;
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
beforeAll(async () => {
  app = await createHttpSource({
    publisher: nowhere,
    validate: createValidator(),
    decode: createDecoder(),
    metrics: createHttpMetrics(),
    health: { notReady: () => null },
    log: createLog('test', 'silent'),
    limits,
  });
  document = (await app.inject('/openapi.json')).json();
  ajv.addSchema({ ...document, $id: 'api' });
});
afterAll(() => app.close());

type Operation = { responses: Record<string, { content: Record<string, { schema: { $ref: string } }> }> };
const operation = () => (document.paths as Record<string, { post: Operation }>)['/eventos']!.post;

test('the document is served and says what the code does', () => {
  expect(document).toEqual(
    JSON.parse(JSON.stringify(openApiDocument({ keysNeeded: false, limits, sources: [] }))),
  );
  expect(document.openapi).toBe('3.1.1');
  expect(document).not.toHaveProperty('security');
  expect(openApiDocument({ keysNeeded: true, limits, sources: [] })).toMatchObject({
    security: [{ key: [] }],
  });
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  const schemas = Object.keys((document.components as { schemas: object }).schemas);
  expect(references.length).toBeGreaterThan(8);
  expect(references.filter((name) => !schemas.includes(name ?? ''))).toEqual([]);
  for (const name of schemas) expect(ajv.getSchema(`api#/components/schemas/${name}`)).toBeDefined();
});

test.each<[number, unknown, Record<string, string>]>([
  [202, EVENT, {}],
  [202, [EVENT, EVENT], {}],
  [202, [EVENT, { ...EVENT, status_rastreamento: 'FOTO' }], {}],
  [202, `${JSON.stringify(EVENT)}\n`, { 'content-type': 'application/x-ndjson' }],
  [207, [EVENT, { ...EVENT, id_pacote: 0 }], {}],
  [207, `${JSON.stringify(EVENT)}\n7\n`, { 'content-type': 'application/x-ndjson' }],
  [400, '{', {}],
  [413, [EVENT, EVENT, EVENT, EVENT], {}],
  [415, 'x', { 'content-type': 'text/plain' }],
  [422, { ...EVENT, origem: '' }, {}],
  [422, [EVENT, {}], { prefer: 'handling=strict' }],
])('an answer with %i is as documented: %j', async (status, payload, headers) => {
  const answer = await app.inject({
    method: 'POST',
    url: '/eventos',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  expect(answer.statusCode).toBe(status);
  const documented = operation().responses[String(status)]!;
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  const { $ref } = documented.content[type]!.schema;
  const validate = ajv.getSchema(`api${$ref}`)!;
  void validate(answer.json());
  expect(validate.errors).toBeNull();
});

test('the example of an event is one', () => {
  const validate = ajv.getSchema('api#/components/schemas/Event')!;
  expect(validate(EVENT)).toBe(true);
  expect(validate({ ...EVENT, id_pacote: -1 })).toBe(false);
});

test('the page is served whole, from here', async () => {
  const page = await app.inject({ url: '/docs/', headers: { accept: 'text/html' } });
  expect(page.statusCode).toBe(200);
  // Over plain HTTP under another name than localhost nobody would answer what the browser made of it.
  expect(page.headers['content-security-policy']).toMatch(/default-src 'self'/);
  expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  const own = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter((url) => /^(https?:)?\/\//.test(url))).toEqual([]);
  for (const url of own) {
    const { pathname } = new URL(url, 'http://x/docs/');
    expect([url, (await app.inject(pathname)).statusCode]).toEqual([url, 200]);
  }
});
