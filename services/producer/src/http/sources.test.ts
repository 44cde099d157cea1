import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { HEADER_PROBLEM, HEADER_PROFILE } from '@rastreio/contract';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { LIMITS, log, openSource } from '../../test/source';
import { openSources } from './sources/profiles';

const ROOT = path.resolve(__dirname, '../../../..');
const PROFILES = path.join(ROOT, 'config/sources');
const SECRET = 'um segredo';

/** Keeps what would go to Kafka: what becomes of it there, server.test.ts shows. */
function inMemory(): Publisher & { readonly messages: OutgoingMessage[] } {
  const messages: OutgoingMessage[] = [];
  return {
    messages,
    send: (sent) => {
      messages.push(...sent);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

const profile = (auth: string, name: string) => `name: ${name}
title: Teste
format: json
auth: ${auth}
events: eventos
carrier: Testada
fields: { codigo: c, data_atualizacao: t }
status: { text: s, texts: { ENTREGUE: [Chegou] } }
`;
const PAYLOAD = {
  eventos: [
    { c: 'ab 1', t: '2026-01-01T00:00:00Z', s: 'chegou' },
    { c: 'ab 1', t: '2026-01-02T00:00:00Z', s: 'Foto tirada' },
  ],
};

let dir: string;
let app: FastifyInstance;
let publisher: ReturnType<typeof inMemory>;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-sources-'));
  const write = (name: string, text: string) => writeFile(path.join(dir, name), text);
  await write('segredo.txt', `${SECRET}\nmais\n`);
  await write('aberta.yaml', profile('{ type: none }', 'aberta'));
  await write('chave.yaml', profile('{ type: apiKey, query: chave, key: { env: CHAVE } }', 'chave'));
  await write(
    'sem-segredo.yaml',
    profile('{ type: apiKey, header: x-chave, key: { env: NAO_HA } }', 'sem-segredo'),
  );
  const file = `secret: { file: ${path.join(dir, 'segredo.txt')} }`;
  await write(
    'assinada.yaml',
    profile(`{ type: hmac, header: X-Assinatura, encoding: hex, prefix: 'sha256=', ${file} }`, 'assinada'),
  );
  await write(
    'datada.yaml',
    profile(
      `{ type: hmac, header: x-assinatura, encoding: base64, ${file}, timestamp: { header: x-hora } }`,
      'datada',
    ),
  );
  const sources = await openSources(dir, { CHAVE: SECRET }, log);
  publisher = inMemory();
  app = await openSource({
    publisher,
    sources,
    limits: { ...LIMITS, maxBodyBytes: 100_000, maxEventsPerRequest: 100 },
  });
});
afterAll(async () => {
  await app.close();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => publisher.messages.splice(0));

const post = (name: string, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/fontes/${name}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });

test('a payload becomes events, keyed by their parcel, and unknown words are told', async () => {
  const answer = await post('aberta', PAYLOAD);
  expect([answer.statusCode, answer.json()]).toEqual([
    202,
    {
      accepted: 2,
      unreadable: 0,
      unknown_statuses: { 'Foto tirada': 1 },
      request_id: expect.any(String) as string,
    },
  ]);
  expect(publisher.messages.map(({ key }) => key)).toEqual(['TESTADA/AB1', 'TESTADA/AB1']);
  expect(JSON.parse(String(publisher.messages[0]?.value))).toEqual({
    transportadora: 'TESTADA',
    codigo: 'AB1',
    status_rastreamento: 'ENTREGUE',
    data_atualizacao: '2026-01-01T00:00:00.000000Z',
  });
});

test('what cannot be read whole is kept as it came, beside the events that could be read', async () => {
  const [first] = PAYLOAD.eventos;
  const payload = JSON.stringify({
    eventos: [first, { ...first, t: 'ontem' }, { ...first, c: 'x'.repeat(65) }],
  });
  const answer = await post('aberta', gzipSync(payload), { 'content-encoding': 'gzip' });
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({
    accepted: 1,
    unreadable: 2,
    problems: [{ field: 'data_atualizacao' }, { field: 'codigo' }],
  });
  expect(publisher.messages).toHaveLength(2);
  const { key, value, headers } = publisher.messages[1] as OutgoingMessage;
  expect([key, String(value)]).toEqual([null, payload]);
  expect(headers).toEqual({
    [HEADER_PROFILE]: 'aberta',
    [HEADER_PROBLEM]: expect.stringMatching(
      /^profile aberta read 1 events and not \$\.eventos\[1\]: .*"ontem".* \(and 1 more\)$/,
    ) as string,
  });
});

test.each([
  ['no JSON', '{"eventos"'],
  ['nothing that the profile looks for', '[]'],
  ['bytes of no encoding', Buffer.from([0x7b, 0xff, 0xfe])],
])('kept: %s', async (_name, payload) => {
  const answer = await post('aberta', payload);
  expect([answer.statusCode, answer.json<{ accepted: number }>().accepted]).toEqual([202, 0]);
  expect(publisher.messages).toMatchObject([{ key: null, headers: { [HEADER_PROFILE]: 'aberta' } }]);
});

test('a payload that comes again is kept once, and its events are sent again', async () => {
  const payload = { eventos: [...PAYLOAD.eventos, { c: 'ab 2', t: 'nunca', s: 'chegou' }] };
  for (const messages of [3, 2]) {
    publisher.messages.splice(0);
    expect((await post('aberta', payload)).statusCode).toBe(202);
    expect(publisher.messages).toHaveLength(messages);
  }
});

test('no page of another site can have a browser send a payload', async () => {
  const headers = { 'content-type': 'text/plain', origin: 'https://evil.example' };
  expect((await post('aberta', PAYLOAD, headers)).statusCode).toBe(403);
  expect(publisher.messages).toEqual([]);
});

test('an address without a profile, or whose secret is missing, says so', async () => {
  expect((await post('outra', PAYLOAD)).json()).toMatchObject({
    status: 404,
    detail: expect.stringContaining('those served are aberta, assinada, chave, datada') as string,
  });
  expect((await post('sem-segredo', PAYLOAD)).json()).toMatchObject({
    status: 503,
    detail: expect.stringContaining('the operator has not set NAO_HA') as string,
  });
  expect((await app.inject({ method: 'GET', url: '/fontes/aberta' })).statusCode).toBe(405);
  expect((await post('aberta', '')).statusCode).toBe(422);
  expect((await post('aberta', 'x'.repeat(100_001))).statusCode).toBe(413);
  expect(publisher.messages).toEqual([]);
});

test('a key in the address lets in, and no other', async () => {
  expect((await post('chave', PAYLOAD)).statusCode).toBe(401);
  expect((await post('chave?chave=outra', PAYLOAD)).statusCode).toBe(401);
  expect((await post(`chave?chave=${encodeURIComponent(SECRET)}&chave=outra`, PAYLOAD)).statusCode).toBe(401);
  expect(publisher.messages).toEqual([]);
  const answer = await post(`chave?chave=${encodeURIComponent(SECRET)}`, PAYLOAD);
  expect(answer.statusCode).toBe(202);
  expect(answer.body).not.toContain(SECRET);
});

test('a signature is that of the bytes as they came, packed or not', async () => {
  const sign = (bytes: string | Buffer) =>
    `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
  const text = JSON.stringify(PAYLOAD);
  const packed = gzipSync(text);
  const ask = (payload: string | Buffer, headers: Record<string, string>) =>
    post('assinada', payload, headers);
  expect((await ask(text, { 'x-assinatura': sign(text) })).statusCode).toBe(202);
  expect(
    (await ask(text, { 'x-assinatura': sign(text).toUpperCase().replace('SHA', 'sha') })).statusCode,
  ).toBe(202);
  expect((await ask(packed, { 'x-assinatura': sign(packed), 'content-encoding': 'gzip' })).statusCode).toBe(
    202,
  );
  publisher.messages.splice(0);
  for (const wrong of [{}, { 'x-assinatura': sign(`${text} `) }, { 'x-assinatura': 'sha256=' }])
    expect((await ask(text, wrong as Record<string, string>)).statusCode).toBe(401);
  expect((await ask(packed, { 'x-assinatura': sign(text), 'content-encoding': 'gzip' })).statusCode).toBe(
    401,
  );
  expect(publisher.messages).toEqual([]);
});

test('a time that is signed along keeps old requests out', async () => {
  const text = JSON.stringify(PAYLOAD);
  const ask = (at: string) => {
    const signature = createHmac('sha256', SECRET).update(`${at}.${text}`).digest('base64');
    return post('datada', text, { 'x-assinatura': signature, 'x-hora': at });
  };
  const now = Date.now();
  expect((await ask(String(Math.floor(now / 1000)))).statusCode).toBe(202);
  expect((await ask(new Date(now).toISOString())).statusCode).toBe(202);
  for (const old of [String(Math.floor(now / 1000) - 301), 'agora']) {
    const answer = await ask(old);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([
      401,
      expect.stringContaining('300 s from our clock'),
    ]);
  }
});

test('the interface’s description names the sources, and what is answered is as it says', async () => {
  const document = (await app.inject('/openapi.json')).json<{ paths: Record<string, unknown> }>();
  expect(document.paths).toHaveProperty(
    ['/fontes/{perfil}', 'post', 'parameters', 0, 'schema', 'enum'],
    [...['aberta', 'assinada', 'chave', 'datada', 'sem-segredo']],
  );
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ ...document, $id: 'api' });
  const valid = (schema: string, value: unknown) => ajv.validate(`api#/components/schemas/${schema}`, value);
  for (const payload of [PAYLOAD, { eventos: [{}] }, {}])
    expect(valid('PayloadReceipt', (await post('aberta', payload)).json())).toBe(true);
  expect(valid('Problem', (await post('outra', PAYLOAD)).json())).toBe(true);
});

test('a broken profile costs no other', async () => {
  await writeFile(path.join(dir, 'quebrada.yaml'), 'name: quebrada\nformat: xml\n');
  const { served, closed } = await openSources(dir, {}, log);
  await rm(path.join(dir, 'quebrada.yaml'));
  expect(closed.get('quebrada')).toBe('its profile is broken');
  expect(served.has('aberta')).toBe(true);
});

test('every shipped profile is served, or says which variable its secret is in', async () => {
  const { served, closed } = await openSources(PROFILES, {}, log);
  expect([...served.keys(), ...closed.keys()].sort()).toEqual([
    'aftership',
    'correios-sro',
    'easypost',
    'epcis',
    'karrio',
    'ocoren-31',
    'ocoren-50',
    'pedidos',
  ]);
  for (const why of closed.values()) expect(why).toMatch(/^the operator has not set [A-Z_]+$/);
});

test('AfterShip’s own signature opens its profile', async () => {
  const sources = await openSources(PROFILES, { AFTERSHIP_WEBHOOK_SECRET: SECRET }, log);
  const memory = inMemory();
  const own = await openSource({
    publisher: memory,
    sources,
    limits: { ...LIMITS, maxBodyBytes: 100_000, maxEventsPerRequest: 100 },
  });
  const payload = await readFile(path.join(ROOT, 'packages/sources/fixtures/aftership/tracking-update.json'));
  const signature = createHmac('sha256', SECRET).update(payload).digest('base64');
  const answer = await own.inject({
    method: 'POST',
    url: '/fontes/aftership',
    headers: { 'content-type': 'application/json', 'aftership-hmac-sha256': signature },
    payload,
  });
  await own.close();
  expect(answer.statusCode).toBe(202);
  expect(memory.messages.length).toBeGreaterThan(3);
});
