import { createValidator, TOPIC_EVENTS } from '@rastreio/contract';
import { createKafka, createPublisher, ensureTopics, type Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import type { FastifyInstance } from 'fastify';
import { KAFKA_BROKERS } from '../../../../test/support/servers';
import { createHttpMetrics } from './metrics';
import { createHttpSource } from './server';

const log = createLog('test', 'silent');
const limits = { maxBodyBytes: 4096, maxEventsPerRequest: 3, maxPendingEvents: 5, ackTimeoutMs: 5_000 };
const EVENT = {
  id_pacote: 77,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'entregue',
  data_atualizacao: '2025-10-13T17:40:00Z',
};

let publisher: Publisher;
let app: FastifyInstance;
beforeAll(async () => {
  await ensureTopics({ brokers: KAFKA_BROKERS, log });
  publisher = await createPublisher(
    createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log }),
    TOPIC_EVENTS,
    log,
  );
  app = createHttpSource({
    publisher,
    validate: createValidator(),
    metrics: createHttpMetrics(),
    log,
    limits,
  });
});
afterAll(async () => {
  await app.close();
  await publisher.close();
});
const post = (payload: unknown, type = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/eventos',
    headers: { 'content-type': type },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

/** Messages in the topic, over all partitions. */
async function published(): Promise<number> {
  const admin = createKafka({ brokers: KAFKA_BROKERS, clientId: 'test', log }).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(TOPIC_EVENTS);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

test('202 comes after Kafka has the events: one, and several', async () => {
  const before = await published();
  const one = await post(EVENT);
  expect(one.statusCode).toBe(202);
  expect(one.json()).toMatchObject({ aceitos: 1 });
  expect(await published()).toBe(before + 1);
  expect((await post([EVENT, { ...EVENT, id_pacote: 78 }])).json()).toMatchObject({ aceitos: 2 });
  expect(await published()).toBe(before + 3);
});

test('one wrong event refuses the request, names every fault, and nothing is published', async () => {
  const before = await published();
  const answer = await post([EVENT, { ...EVENT, id_pacote: -1, destino: '' }]);
  expect(answer.statusCode).toBe(422);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({
    status: 422,
    errors: [
      { index: 1, field: 'id_pacote', reason: 'out_of_range' },
      { index: 1, field: 'destino', reason: 'empty' },
    ],
  });
  expect(await published()).toBe(before);
});

test.each([
  ['{"id_pacote": 1', 'application/json', 400, /not valid JSON/],
  ['a,b', 'text/csv', 415, /application\/json/],
  [JSON.stringify([]), 'application/json', 422, /empty/],
  [JSON.stringify([EVENT, EVENT, EVENT, EVENT]), 'application/json', 413, /at most 3/],
  [JSON.stringify({ ...EVENT, x: 'y'.repeat(5000) }), 'application/json', 413, /larger than 4096/],
  ['"text"', 'application/json', 422, /not a JSON object/],
])('%.20s as %s is answered with %i', async (payload, type, status, detail) => {
  const answer = await post(payload, type);
  expect(answer.statusCode).toBe(status);
  expect(answer.json<{ detail: string; instance: string }>()).toMatchObject({
    detail: expect.stringMatching(detail) as string,
    instance: expect.stringMatching(/^urn:request:/) as string,
  });
});

test('with a stand-in for a broker that hangs: the answer is 503 with Retry-After; the memory for waiting events is bounded', async () => {
  const slow: Publisher = { ...publisher, send: () => new Promise(() => undefined) };
  const waiting = createHttpSource({
    publisher: slow,
    validate: createValidator(),
    metrics: createHttpMetrics(),
    log,
    limits: { ...limits, ackTimeoutMs: 50 },
  });
  const ask = () => waiting.inject({ method: 'POST', url: '/eventos', payload: [EVENT, EVENT, EVENT] });
  const late = await ask();
  expect([late.statusCode, late.headers['retry-after'], late.json<{ title: string }>().title]).toEqual([
    503,
    '5',
    'Kafka does not answer',
  ]);
  const full = await ask();
  expect([full.statusCode, full.json<{ title: string }>().title]).toEqual([503, 'Overloaded']);
  await waiting.close();
});

test('health and unknown addresses', async () => {
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  expect((await app.inject('/metrics')).body).toContain('rastreio_http_accepted_events_total');
  expect((await app.inject('/events')).json()).toMatchObject({
    status: 404,
    detail: expect.stringContaining('POST /eventos') as string,
  });
});
