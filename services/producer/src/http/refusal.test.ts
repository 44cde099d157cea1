import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { EVENT, LIMITS, openSource, post, postLines } from '../../test/source';
import { MAX_ERRORS_TOLD } from './judge';
import { createTurns } from './turns';

let app: FastifyInstance;
beforeAll(async () => {
  app = await openSource({
    limits: { ...LIMITS, maxBodyBytes: 1_048_576, maxEventsPerRequest: 5_000, maxPendingEvents: 50_000 },
  });
});
afterAll(() => app.close());

/** An answer with a whole list of errors is a few hundred KB. */
const MAX_ANSWER_BYTES = 600_000;

test('an array of wrong events has a short answer, with the first errors and the number of the others', async () => {
  const answer = await post(app, new Array(5_000).fill({}));
  expect(answer.json()).toMatchObject({ status: 422, refused: 5_000, errors_omitted: 4_800 });
  expect(answer.json<{ errors: unknown[] }>().errors).toHaveLength(MAX_ERRORS_TOLD);
  const mixed = await post(
    app,
    Array.from({ length: 5_000 }, (_, i) => (i % 2 === 0 ? EVENT : {})),
  );
  expect(mixed.json()).toMatchObject({ accepted: 2_500, refused: 2_500, errors_omitted: 2_300 });
  expect(mixed.json<{ results: unknown[] }>().results).toHaveLength(5_000);
  const long = await post(
    app,
    Array.from({ length: 1_000 }, () => ({
      ...EVENT,
      origem: '\\'.repeat(400),
      destino: '\u0001'.repeat(400),
    })),
  );
  expect(Math.max(answer.body.length, mixed.body.length, long.body.length)).toBeLessThan(MAX_ANSWER_BYTES);
});

test('a stream that is mostly wrong is not read to its end; the answer says where it stopped', async () => {
  const answer = await postLines(app, new Array(30_000).fill('{}'));
  expect(answer.json()).toMatchObject({
    type: 'urn:rastreio:problem:mostly-invalid',
    accepted: 0,
    refused: 11_000,
    continue_after_line: 11_000,
    results_omitted: 10_800,
  });
  expect(answer.body.length).toBeLessThan(MAX_ANSWER_BYTES);
});

test('a stream with many wrong lines among more right ones is read to its end', async () => {
  const answer = await postLines(
    app,
    Array.from({ length: 30_000 }, (_, i) => (i % 5 < 3 ? EVENT : 7)),
  );
  expect(answer.json()).toMatchObject({ accepted: 18_000, refused: 12_000, results_omitted: 11_000 });
});

test('senders take turns: many pieces of one do not stand before those of others', async () => {
  const turns = createTurns();
  const order: string[] = [];
  const take = (who: string) => turns.take(who, () => order.push(who));
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(take));
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
});

test('long work lets everything else have its turn, and what it throws reaches its own caller', async () => {
  const turns = createTurns();
  const busy = () => {
    for (const end = performance.now() + 10; performance.now() < end;);
  };
  let done = 0;
  const all = Promise.all(Array.from({ length: 5 }, () => turns.take('a', busy).then(() => done++)));
  await turn();
  await turn();
  expect(done).toBeLessThan(5);
  await expect(
    turns.take('b', () => {
      throw new Error('its own');
    }),
  ).rejects.toThrow('its own');
  await all;
  expect(done).toBe(5);
});
