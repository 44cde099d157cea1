import { createDecoder, createValidator } from '@rastreio/contract';
import { createBatchingPublisher, createKafka, createPublisher, type Publisher } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import { anySentBody, validEvents, type SentBody } from '@rastreio/testing/bodies';
import { LONG_FORM } from '@rastreio/testing/form';
import { freshTopic, readTopic } from '@rastreio/testing/topic';
import { KAFKA_BROKERS } from '@rastreio/testing/kafka';
import { createHttpMetrics } from './metrics';
import { createHttpSource } from './server';

const BODIES = LONG_FORM ? 20_000 : 6_000;
const CONNECTIONS = 16;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const ANSWERS = [202, 207, 400, 413, 415, 422];

const log = createLog('test', 'silent');
const kafka = createKafka({ brokers: KAFKA_BROKERS, clientId: 'fuzz', log });
let publisher: Publisher;
let topic: string;
let app: FastifyInstance;
let pool: Pool;
beforeAll(async () => {
  topic = await freshTopic(kafka, 3);
  publisher = createBatchingPublisher(await createPublisher(kafka, topic, log));
  app = await createHttpSource({
    publisher,
    validate: createValidator(),
    decode: createDecoder(),
    metrics: createHttpMetrics(),
    health: { notReady: () => null },
    log,
    limits: {
      maxBodyBytes: 65_536,
      maxUnpackedBytes: 1_000_000,
      maxEventsPerRequest: 4,
      maxPendingEvents: 50_000,
      maxPendingBytes: 67_108_864,
      ackTimeoutMs: 20_000,
      requestTimeoutMs: 60_000,
      bodyStallMs: 60_000,
      bodyBytesPerSecond: 1,
    },
  });
  pool = new Pool(await app.listen({ host: '127.0.0.1', port: 0 }), { connections: CONNECTIONS });
});
afterAll(async () => {
  await pool.close();
  await app.close();
  await publisher.close();
});

async function send({ sent, type, coding }: SentBody): Promise<{ status: number; accepted: number }> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/eventos',
    headers: {
      ...(type === null ? {} : { 'content-type': type }),
      ...(coding === null ? {} : { 'content-encoding': coding }),
    },
    body: sent,
  });
  const answer = (await body.json()) as { accepted?: number; status?: number };
  return { status: statusCode, accepted: answer.accepted ?? 0 };
}

test(`${BODIES} bodies made up by seed ${SEED}: none crashes, none is accepted wrongly (FUZZ_SEED repeats it)`, async () => {
  process.stderr.write(`fuzzing POST /eventos with FUZZ_SEED=${SEED}\n`);
  const bodies = fc.sample(anySentBody, { numRuns: BODIES, seed: SEED });
  const expected: string[] = [];
  const wrong: unknown[] = [];
  const counts: Record<number, number> = {};
  let next = 0;
  const worker = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const foreseen = body.readable ? validEvents(body, 4, 65_536) : [];
      const { status, accepted } = await send(body);
      counts[status] = (counts[status] ?? 0) + 1;
      if (!ANSWERS.includes(status) || accepted !== foreseen.length)
        wrong.push({
          status,
          accepted,
          foreseen: foreseen.length,
          type: body.type,
          coding: body.coding,
          body: body.bytes.toString('latin1').slice(0, 500),
        });
      expected.push(...foreseen);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  expect(wrong).toEqual([]);
  // All kinds of answers occurred, or the bodies are not worth much.
  for (const status of ANSWERS) expect([status, counts[status] ?? 0]).toEqual([status, expect.any(Number)]);
  expect(Math.min(...ANSWERS.map((status) => counts[status] ?? 0))).toBeGreaterThan(20);
  // And in the topic is what was accepted, nothing else, cleaned.
  const messages = await readTopic(kafka, topic, expected.length);
  expect(messages.map(({ value }) => value).sort()).toEqual(expected.sort());
});
