import type { Publisher } from '@rastreio/kafka';
import type { FastifyInstance } from 'fastify';
import { EVENT, LIMITS, NOWHERE, openSource, post, postLines, WRONG } from '../../test/source';
import type { KeyRing } from './keys';
import { createCarrierLimits } from './limits';

const CARRIER = { name: 'pequena', eventsPerMinute: 50 };
const ring: KeyRing = { find: () => CARRIER, lapsed: () => null, close: () => undefined };
const bearer = { headers: { authorization: 'Bearer x' } };

describe('only what was taken counts against the minute', () => {
  let app: FastifyInstance;
  let kafka: 'up' | 'down' | 'hangs';
  const publisher: Publisher = {
    ...NOWHERE,
    send: () =>
      kafka === 'up'
        ? Promise.resolve()
        : kafka === 'down'
          ? Promise.reject(new Error('no broker'))
          : new Promise(() => undefined),
  };
  beforeEach(async () => {
    kafka = 'up';
    const limits = {
      ...LIMITS,
      maxBodyBytes: 100_000,
      maxEventsPerRequest: 60,
      maxPendingEvents: 60,
      ackTimeoutMs: 100,
    };
    app = await openSource({ publisher, keys: ring, limits });
  });
  afterEach(() => app.close());
  const send = async (count: number, event: unknown = EVENT, more = {}) =>
    (await post(app, new Array(count).fill(event), { headers: { ...bearer.headers, ...more } })).statusCode;

  test.each([
    ['no broker', 'down' as const],
    ['a broker that does not answer', 'hangs' as const],
  ])('%s: the repeat is let in', async (_name, state) => {
    kafka = state;
    expect(await send(30)).toBe(503);
    kafka = 'up';
    expect(await send(20)).toBe(202);
    expect(await send(30)).toBe(202);
    expect(await send(1)).toBe(429);
  });

  test('too many for what waits for Kafka already, too many in one request, wrong ones, refused as a whole', async () => {
    kafka = 'hangs';
    expect(await send(50)).toBe(503);
    expect(await send(11)).toBe(503);
    kafka = 'up';
    expect(await send(61)).toBe(413);
    expect(await send(50, WRONG)).toBe(422);
    expect(
      (await post(app, [EVENT, WRONG], { headers: { ...bearer.headers, prefer: 'handling=strict' } }))
        .statusCode,
    ).toBe(422);
    expect(
      (await post(app, [...new Array<unknown>(40).fill(WRONG), ...new Array<unknown>(5).fill(EVENT)], bearer))
        .statusCode,
    ).toBe(207);
    // Those that hang are still waiting, so only these fit.
    expect(await send(5)).toBe(202);
  });

  test('lines of a stream that were refused, or that Kafka did not take', async () => {
    const lines = [...new Array<unknown>(200).fill(7), ...new Array<unknown>(20).fill(EVENT)];
    const text = (all: readonly unknown[]) => all.map((line) => JSON.stringify(line)).join('\n');
    const ask = async (all: readonly unknown[]) =>
      (await post(app, text(all), { type: 'application/x-ndjson', ...bearer })).statusCode;
    expect(await ask(lines)).toBe(207);
    kafka = 'down';
    expect(await ask(new Array(30).fill(EVENT))).toBe(503);
    kafka = 'up';
    expect(await ask(new Array(30).fill(EVENT))).toBe(202);
    expect(await ask([EVENT])).toBe(429);
  });
});

test('events that are on their way count, so that requests side by side do not pass the limit together', async () => {
  const limits = createCarrierLimits();
  const [first, second] = await Promise.all([limits.reserve(CARRIER, 30), limits.reserve(CARRIER, 30)]);
  expect([first.waitSeconds, second.waitSeconds > 0]).toEqual([0, true]);
  await first.settle(0);
  const third = await limits.reserve(CARRIER, 50);
  expect(third.waitSeconds).toBe(0);
  await third.settle(50);
  expect((await limits.reserve(CARRIER, 1)).waitSeconds).toBeGreaterThan(0);
});

test('without a key nothing is counted', async () => {
  const app = await openSource();
  for (let i = 0; i < 3; i++) expect((await postLines(app, new Array(100).fill(EVENT))).statusCode).toBe(202);
  await app.close();
});
