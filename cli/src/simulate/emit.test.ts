import { setTimeout as sleep } from 'node:timers/promises';
import { GroundTruth, JSON_FORMAT, type Message } from '@rastreio/simulator';
import { emit, nothingEmitted, type EmitOptions } from './emit';
import type { Pace } from './plan';
import type { Target } from './targets/target';

function* messages(n: number, everyMs = 0): Generator<Message> {
  const startMs = Date.now();
  for (let i = 0; i < n; i++) {
    const body = {
      id_pacote: i + 1,
      origem: 'a',
      destino: 'b',
      status_rastreamento: 'POSTADO',
      data_atualizacao: '2026-01-01T00:00:00Z',
    };
    yield { kind: 'event', dueMs: startMs + i * everyMs, key: String(i), body, rejection: null };
  }
}

/** A target in memory that takes its time: what is tested is the pacing, and the targets have tests of their own. */
function slowTarget(delayMs: number): Target & { batches: number[] } {
  const batches: number[] = [];
  return {
    format: JSON_FORMAT,
    batches,
    async send(batch) {
      await sleep(delayMs);
      batches.push(batch.length);
      return { refused: 0 };
    },
    close: () => Promise.resolve(),
  };
}

async function run(pace: Pace, more: Partial<EmitOptions> & { messages: Iterable<Message>; target: Target }) {
  const emitted = nothingEmitted();
  const signal = new AbortController().signal;
  await emit({ pace, maxWallMs: Infinity, signal, onProgress: () => undefined, ...more }, emitted);
  return emitted;
}

test('a rate is held by intended send time: a slow target delays messages and loses none', async () => {
  const startedAt = Date.now();
  const emitted = await run(
    { by: 'rate', perSecond: 1000 },
    { messages: messages(500), target: slowTarget(120) },
  );
  expect(emitted).toMatchObject({ sent: 500, notSent: 0, tally: { event: 500 } });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450);
  // The delay counts from the intended time, so the wait for the batch before shows.
  expect(emitted.delay.max).toBeGreaterThanOrEqual(120);
  expect(emitted.delay.count).toBe(500);
});

test('after skipped messages the pace begins anew', async () => {
  const startedAt = Date.now();
  const emitted = await run(
    { by: 'rate', perSecond: 1000 },
    { messages: messages(500_200), target: slowTarget(0), skip: 500_000 },
  );
  expect(emitted).toMatchObject({ skipped: 500_000, sent: 200, tally: { event: 500_200 } });
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(150);
  expect(emitted.delay.count).toBe(200);
  expect(emitted.startedAt).toBeGreaterThan(startedAt);
});

test('what was due within the duration and did not get out is counted', async () => {
  const emitted = await run(
    { by: 'rate', perSecond: 20_000 },
    { messages: messages(1_000_000), target: slowTarget(300), maxWallMs: 500 },
  );
  expect(emitted.sent).toBeGreaterThan(0);
  // The last batch may be cut off at the end of the time, everything due in it is one or the other.
  expect(emitted.sent + emitted.notSent).toBe(10_000);
  expect(emitted.notSent).toBeGreaterThan(2_000);
});

test('a past that runs faster than it was is sent in that proportion', async () => {
  const startMs = Date.now() - 3_600_000;
  const past = [...messages(7, 600_000)].map((m) => ({ ...m, dueMs: m.dueMs - 3_600_000 }));
  const startedAt = Date.now();
  await run({ by: 'time', startMs, speed: 7200 }, { messages: past, target: slowTarget(0) });
  const took = Date.now() - startedAt;
  expect(took).toBeGreaterThanOrEqual(400);
  expect(took).toBeLessThan(2_000);
});

test('a stop ends the run after the batch in hand, and the truth holds what was sent', async () => {
  const stop = new AbortController();
  const truth = new GroundTruth();
  const target = slowTarget(20);
  const emitted = nothingEmitted();
  setTimeout(() => stop.abort(), 150);
  const pace: Pace = { by: 'rate', perSecond: 100 };
  await emit(
    {
      messages: messages(1000),
      target,
      pace,
      truth,
      maxWallMs: Infinity,
      signal: stop.signal,
      onProgress: () => undefined,
    },
    emitted,
  );
  expect(emitted.sent).toBeGreaterThan(0);
  expect(emitted.sent).toBeLessThan(200);
  expect([...truth.parcels()]).toHaveLength(emitted.sent);
});

test('a target that fails leaves a tally without the failed batch', async () => {
  const target = slowTarget(0);
  let calls = 0;
  const failing: Target = {
    ...target,
    send: (batch) => (++calls > 2 ? Promise.reject(new Error('gone')) : target.send(batch)),
  };
  const emitted = nothingEmitted();
  const options = {
    messages: messages(5000),
    target: failing,
    pace: { by: 'nothing' } as const,
    maxWallMs: Infinity,
  };
  await expect(
    emit({ ...options, signal: new AbortController().signal, onProgress: () => undefined }, emitted),
  ).rejects.toThrow('gone');
  expect(emitted.sent).toBe(target.batches.reduce((a, b) => a + b, 0));
});
