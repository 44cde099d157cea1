import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDecoder, createValidator, TOPIC_EVENTS } from '@rastreio/contract';
import {
  createBatchingPublisher,
  createKafka,
  createPublisher,
  ensureTopics,
  type Publisher,
} from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { FastifyInstance } from 'fastify';
import { KAFKA_BROKERS } from '../../../../test/support/servers';
import { makeKey, openKeyRing, type KeyRing } from './keys';
import { createHttpMetrics } from './metrics';
import { createHttpSource, type HttpSourceParts } from './server';

const log = createLog('test', 'silent');
const limits = {
  maxBodyBytes: 4096,
  maxEventsPerRequest: 3,
  maxPendingEvents: 5_000,
  maxPendingBytes: 1_000_000,
  ackTimeoutMs: 5_000,
  requestTimeoutMs: 60_000,
};
const EVENT = {
  id_pacote: 77,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'entregue',
  data_atualizacao: '2025-10-13T17:40:00Z',
};
const WRONG = { ...EVENT, id_pacote: -1, destino: '' };

let publisher: Publisher;
let app: FastifyInstance;
const metrics = createHttpMetrics();
const source = (parts: Partial<HttpSourceParts> = {}) =>
  createHttpSource({
    publisher,
    validate: createValidator(),
    decode: createDecoder(),
    metrics,
    health: { notReady: () => null },
    log,
    limits,
    ...parts,
  });
beforeAll(async () => {
  await ensureTopics({ brokers: KAFKA_BROKERS, log });
  const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log });
  publisher = createBatchingPublisher(await createPublisher(kafka, TOPIC_EVENTS, log));
  app = await source();
});
afterAll(async () => {
  await app.close();
  await publisher.close();
});

interface Asked {
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly to?: FastifyInstance;
}
const post = (payload: unknown, { type = 'application/json', headers = {}, to = app }: Asked = {}) =>
  to.inject({
    method: 'POST',
    url: '/eventos',
    headers: { 'content-type': type, ...headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
const ndjson = (lines: readonly unknown[], asked: Asked = {}) =>
  post(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''), {
    type: 'application/x-ndjson',
    ...asked,
  });

/** Messages in the topic, over all partitions. */
async function published(): Promise<number> {
  const admin = createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log }).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

describe('JSON', () => {
  test('202 comes after Kafka has the events: one, and several with a result each', async () => {
    const before = await published();
    const one = await post(EVENT);
    expect([one.statusCode, one.json()]).toEqual([
      202,
      { accepted: 1, refused: 0, request_id: expect.any(String) as string },
    ]);
    expect(await published()).toBe(before + 1);
    const two = await post([EVENT, { ...EVENT, id_pacote: 78 }]);
    expect(two.json()).toMatchObject({
      accepted: 2,
      results: [
        { index: 0, status: 'accepted' },
        { index: 1, status: 'accepted' },
      ],
    });
    expect(await published()).toBe(before + 3);
  });

  test('of a batch the valid events are taken, and each wrong one is told with field, value and rule', async () => {
    const before = await published();
    const answer = await post([EVENT, WRONG]);
    expect(answer.statusCode).toBe(207);
    expect(answer.json()).toMatchObject({
      accepted: 1,
      refused: 1,
      results: [
        { index: 0, status: 'accepted' },
        {
          index: 1,
          status: 'refused',
          errors: [
            {
              field: 'id_pacote',
              reason: 'out_of_range',
              value: '-1',
              rule: expect.stringContaining('range') as string,
            },
            {
              field: 'destino',
              reason: 'empty',
              value: '""',
              detail: expect.stringContaining('1 to 255') as string,
            },
          ],
        },
      ],
    });
    expect(await published()).toBe(before + 1);
  });

  test('with Prefer: handling=strict one wrong event refuses all, and nothing is published', async () => {
    const before = await published();
    const answer = await post([EVENT, WRONG], { headers: { prefer: 'handling=strict' } });
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      type: 'urn:rastreio:problem:invalid-event',
      status: 422,
      accepted: 0,
      errors: [
        { index: 1, field: 'id_pacote', reason: 'out_of_range' },
        { index: 1, field: 'destino', reason: 'empty' },
      ],
    });
    expect(await published()).toBe(before);
  });

  test.each<[string, string | Buffer, string, number, RegExp]>([
    ['half an object', '{"id_pacote": 1', 'application/json', 400, /not valid JSON/],
    [
      'invalid UTF-8',
      Buffer.from(JSON.stringify(EVENT).replace('í', '?'), 'latin1').fill(0xff, 30, 31),
      'application/json',
      400,
      /not UTF-8/,
    ],
    ['a CSV', 'a,b', 'text/csv', 415, /application\/json/],
    ['an empty array', '[]', 'application/json', 422, /at least one/],
    ['no body', '', 'application/json', 422, /at least one/],
    ['no NDJSON line', '\n\n', 'application/x-ndjson', 422, /at least one/],
    ['too many', JSON.stringify([EVENT, EVENT, EVENT, EVENT]), 'application/json', 413, /at most 3/],
    [
      'too large',
      JSON.stringify({ ...EVENT, x: 'y'.repeat(5000) }),
      'application/json',
      413,
      /larger than 4096/,
    ],
    ['a text', '"text"', 'application/json', 422, /not a JSON object/],
    ['null', 'null', 'application/json', 422, /not a JSON object/],
    ['brackets without end', '['.repeat(2000) + ']'.repeat(2000), 'application/json', 422, /array of 1/],
  ])('%s is answered with a problem', async (_name, payload, type, status, detail) => {
    const answer = await post(payload, { type });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      status,
      type: expect.stringMatching(/^urn:rastreio:problem:/) as string,
      detail: expect.stringMatching(detail) as string,
      instance: `urn:request:${String(answer.headers['x-request-id'])}`,
    });
    expect(answer.statusCode).toBe(status);
  });
});

describe('NDJSON', () => {
  test('a stream of any length is taken chunk by chunk; refused lines are told by number', async () => {
    const before = await published();
    const lines = Array.from({ length: 2_500 }, (_, i) => ({ ...EVENT, id_pacote: i + 1 }));
    const answer = await ndjson([...lines, 'nonsense', WRONG, '', `{"x":"${'y'.repeat(70_000)}"}`, EVENT]);
    expect(answer.statusCode).toBe(207);
    expect(answer.json()).toMatchObject({
      accepted: 2_501,
      refused: 3,
      results: [
        { line: 2_501, errors: [{ reason: 'invalid_json' }] },
        { line: 2_502, errors: [{ field: 'id_pacote', value: '-1' }, { field: 'destino' }] },
        { line: 2_504, errors: [{ reason: 'too_large' }] },
      ],
    });
    expect(await published()).toBe(before + 2_501);
  });

  test('only valid lines: 202; none: 422; more refused lines than are listed are counted', async () => {
    expect((await ndjson([EVENT])).statusCode).toBe(202);
    expect((await ndjson([WRONG])).json()).toMatchObject({ status: 422, accepted: 0, refused: 1 });
    const many = await ndjson(new Array(1_200).fill(7));
    expect(many.json()).toMatchObject({ refused: 1_200, results_omitted: 200 });
  });
});

describe('keys and limits', () => {
  let dir: string;
  let ring: KeyRing;
  const [good, small, old] = [makeKey(), makeKey(), makeKey()];
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  let guarded: FastifyInstance;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'rastreio-keys-'));
    const entries = [
      `  - { carrier: correios, sha256: ${good.sha256} }`,
      `  - { carrier: pequena, sha256: ${small.sha256}, events_per_minute: 4 }`,
      `  - { carrier: antiga, sha256: ${old.sha256}, expires: "2026-01-01T00:00:00Z" }`,
    ];
    await writeFile(path.join(dir, 'keys.yaml'), `keys:\n${entries.join('\n')}\n`);
    ring = await openKeyRing(path.join(dir, 'keys.yaml'), log);
    guarded = await source({ keys: ring });
  });
  afterAll(async () => {
    ring.close();
    await guarded.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('without a valid key nothing is read: absent, unknown, expired, of another scheme', async () => {
    for (const headers of [
      {},
      bearer(makeKey().key).headers,
      bearer(old.key).headers,
      { authorization: `Basic ${good.key}` },
    ]) {
      const answer = await post(EVENT, { to: guarded, headers });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
        401,
        'Bearer realm="rastreio"',
      ]);
    }
    expect((await post(EVENT, { to: guarded, ...bearer(good.key) })).statusCode).toBe(202);
    expect((await guarded.inject('/readyz')).statusCode).toBe(200);
  });

  test('a carrier over its minute gets 429 with Retry-After; others go on', async () => {
    const ask = () => post([EVENT, EVENT, EVENT], { to: guarded, ...bearer(small.key) });
    expect((await ask()).statusCode).toBe(202);
    const over = await ask();
    expect([over.statusCode, over.json<{ title: string }>().title]).toEqual([429, 'Over your limit']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(EVENT, { to: guarded, ...bearer(good.key) })).statusCode).toBe(202);
  });

  test('events are counted by carrier and refused ones by reason', async () => {
    await post([EVENT, WRONG], { to: guarded, ...bearer(good.key) });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/rastreio_http_accepted_events_total\{carrier="correios"\} [1-9]/);
    expect(text).toMatch(/rastreio_http_refused_events_total\{carrier="correios",reason="out_of_range"\} 1/);
    expect(text).toMatch(/rastreio_http_request_duration_seconds_bucket\{le="0.001",status="202"\}/);
  });
});

describe('with a stand-in for a broker that hangs', () => {
  const hanging = (): Publisher => ({ ...publisher, send: () => new Promise(() => undefined) });
  const tight = { ...limits, ackTimeoutMs: 50, maxPendingEvents: 5 };

  test('the answer is 503 with Retry-After, and the memory for waiting events is bounded', async () => {
    const waiting = await source({ publisher: hanging(), limits: tight });
    const ask = () => post([EVENT, EVENT, EVENT], { to: waiting });
    const late = await ask();
    expect([late.statusCode, late.headers['retry-after']]).toEqual([503, '5']);
    expect(late.json()).toMatchObject({ type: 'urn:rastreio:problem:no-acknowledgement' });
    const full = await ask();
    expect([full.statusCode, full.json<{ title: string }>().title]).toEqual([503, 'Overloaded']);
    await waiting.close();
  });

  test('a stream that has to stop says after which line to go on', async () => {
    let calls = 0;
    const once: Publisher = {
      ...publisher,
      send: (m) => (++calls > 1 ? new Promise(() => undefined) : publisher.send(m)),
    };
    const waiting = await source({
      publisher: once,
      limits: { ...tight, ackTimeoutMs: 2_000, maxPendingEvents: 10_000 },
    });
    const answer = await ndjson(new Array(1_500).fill(EVENT), { to: waiting });
    expect(answer.json()).toMatchObject({ status: 503, accepted: 1_000, continue_after_line: 1_000 });
    await waiting.close();
  });

  test('bodies being read are bounded together', async () => {
    const waiting = await source({
      publisher: hanging(),
      limits: { ...limits, ackTimeoutMs: 300, maxPendingBytes: 300 },
    });
    const url = `${await waiting.listen({ host: '127.0.0.1', port: 0 })}/eventos`;
    const ask = async (body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const first = ask(EVENT);
    await sleep(100);
    expect(await ask([EVENT, EVENT])).toMatchObject({ status: 503, title: 'Overloaded' });
    await first;
    // What was held is given back.
    expect(await ask(EVENT)).toMatchObject({ type: 'urn:rastreio:problem:no-acknowledgement' });
    await waiting.close();
  });
});

test('the request id of the caller comes back, an odd one is replaced', async () => {
  const mine = await post(EVENT, { headers: { 'x-request-id': 'lote-2026-11-24.1' } });
  expect([mine.headers['x-request-id'], mine.json<{ request_id: string }>().request_id]).toEqual(
    new Array(2).fill('lote-2026-11-24.1'),
  );
  const odd = await post(EVENT, { headers: { 'x-request-id': 'a b\tc' } });
  expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('health and unknown addresses', async () => {
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  const away = await source({ health: { notReady: () => 'no broker' } });
  expect((await away.inject('/readyz')).statusCode).toBe(503);
  await away.close();
  expect((await app.inject('/events?x=1')).json()).toMatchObject({
    status: 404,
    detail: expect.stringContaining('GET /events does not exist; send events to POST /eventos') as string,
  });
  // Not for carriers: it has a port of its own.
  expect((await app.inject('/metrics')).statusCode).toBe(404);
});
