// Shows G2, G7 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore } from 'async-mutex';
import fc from 'fast-check';
import { createPipeline, type Pipeline } from './pipeline';

const never = new AbortController().signal;

/** Nothing but its own limit holds a partition up. */
const free = {
  turn: () => Promise.resolve(() => undefined),
  bytesOf: () => 0,
  maxBytes: 1,
  maxBytesInAll: 1,
};
/** Items that stay apart. */
const apart = { ...free, sizeOf: () => 1, limit: 1, join: () => undefined };
/** Texts that become one. */
const joining = {
  ...free,
  sizeOf: (text: string) => text.length,
  limit: 9,
  join: (a: string, b: string) => a + b,
};

/** Work that a test finishes by hand. */
function manualWork() {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const work = (item: string) =>
    new Promise<void>((resolve) => {
      begun.push(item);
      finish.set(item, resolve);
    });
  const done = async (item: string) => {
    expect(begun).toContain(item);
    finish.get(item)?.();
    await sleep(0);
  };
  return { begun, work, done };
}

test('one item of a partition is worked on, one waits, and a third finds no room', async () => {
  const { begun, work, done } = manualWork();
  const pipeline = createPipeline(work, apart);
  for (const item of ['a', 'b']) {
    await pipeline.room(0, never);
    pipeline.put(0, item);
  }
  let hasRoom = false;
  const third = pipeline.room(0, never).then(() => (hasRoom = true));
  await sleep(5);
  expect([begun, hasRoom]).toEqual([['a'], false]);
  // Another partition does not wait for this one.
  await pipeline.room(1, never);
  pipeline.put(1, 'x');
  await sleep(0);
  expect(begun).toEqual(['a', 'x']);
  await done('a');
  await third;
  expect(begun).toEqual(['a', 'x', 'b']);
  expect(pipeline.inHand(0)).toEqual(['b']);
});

test('whoever waits for room is let go when the group changes', async () => {
  const { work } = manualWork();
  const pipeline = createPipeline(work, apart);
  pipeline.put(0, 'a');
  await sleep(0);
  pipeline.put(0, 'b');
  const lost = new AbortController();
  const waiting = pipeline.room(0, lost.signal);
  lost.abort(new Error('rebalance'));
  await expect(waiting).rejects.toThrow();
  await expect(pipeline.room(0, lost.signal)).rejects.toThrow('rebalance');
});

test('what waits of partitions that are gone is given up, what is worked on is finished', async () => {
  const { begun, work, done } = manualWork();
  const pipeline = createPipeline(work, apart);
  for (const partition of [0, 1])
    for (const item of [`${partition}a`, `${partition}b`]) {
      await pipeline.room(partition, never);
      pipeline.put(partition, item);
    }
  pipeline.keepOnly(new Set([1]));
  expect([pipeline.inHand(0), pipeline.inHand(1)]).toEqual([['0a'], ['1a', '1b']]);
  await done('0a');
  await done('1a');
  expect(begun).toEqual(['0a', '1a', '1b']);
  // It has come back.
  await pipeline.room(0, never);
  pipeline.put(0, '0c');
  await sleep(0);
  await done('0c');
  await done('1b');
  await pipeline.idle();
});

test('what is given up while it waits for its turn gives the turn on', async () => {
  const { begun, work, done } = manualWork();
  const turns = new Semaphore(1);
  const pipeline = createPipeline(work, { ...apart, turn: async () => (await turns.acquire())[1] });
  for (const partition of [0, 1, 2]) pipeline.put(partition, String(partition));
  await sleep(0);
  pipeline.keepOnly(new Set([0, 2]));
  await done('0');
  expect(begun).toEqual(['0', '2']);
  await done('2');
  await pipeline.idle();
  expect(turns.isLocked()).toBe(false);
});

test('every item is worked on once, in its partition’s order, one at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 })), { maxLength: 40 }),
      async (plan) => {
        const done: [number, number][] = [];
        const working = new Set<number>();
        const pipeline = createPipeline<[partition: number, n: number, ms: number]>(
          async ([partition, n, ms]) => {
            expect(working.has(partition)).toBe(false);
            working.add(partition);
            await sleep(ms);
            working.delete(partition);
            done.push([partition, n]);
          },
          apart,
        );
        await Promise.all(
          [0, 1, 2, 3].map(async (partition) => {
            for (const [n, [p, ms]] of plan.entries()) {
              if (p !== partition) continue;
              await pipeline.room(partition, never);
              pipeline.put(partition, [partition, n, ms]);
            }
          }),
        );
        await pipeline.idle();
        const of = (partition: number) => plan.flatMap(([p], n) => (p === partition ? [n] : []));
        for (const partition of [0, 1, 2, 3])
          expect(done.filter(([p]) => p === partition).map(([, n]) => n)).toEqual(of(partition));
      },
    ),
    { numRuns: 100 },
  );
});

test('what waits becomes one item with what comes behind it, up to the limit, in order and without loss', async () => {
  const LIMIT = 10;
  await fc.assert(
    fc.asyncProperty(
      // How many messages are there to be put, and whether they may not be joined to what waits.
      fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.boolean()), { maxLength: 30 }),
      async (fetches) => {
        const written: number[][] = [];
        let working = 0;
        const pipeline = createPipeline<{ messages: number[]; alone: boolean }>(
          async ({ messages }) => {
            working = messages.length;
            await sleep(0);
            written.push(messages);
            working = 0;
          },
          {
            ...free,
            sizeOf: ({ messages }) => messages.length,
            limit: LIMIT,
            join: (a, b) => (b.alone ? undefined : { ...a, messages: [...a.messages, ...b.messages] }),
          },
        );
        let n = 0;
        for (const [count, alone] of fetches)
          for (let left = count; left > 0;) {
            const room = await pipeline.room(0, never);
            expect(room).toBeGreaterThan(0);
            const messages = Array.from({ length: Math.min(room, left) }, () => n++);
            left -= messages.length;
            pipeline.put(0, { messages, alone });
            const waiting = pipeline.inHand(0).flatMap(({ messages }) => messages).length - working;
            expect(waiting).toBeLessThanOrEqual(LIMIT);
          }
        await pipeline.idle();
        expect(written.flat()).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(Math.max(0, ...written.map(({ length }) => length))).toBeLessThanOrEqual(LIMIT);
      },
    ),
    { numRuns: 200 },
  );
});

test('while one item is worked on, the next grows', async () => {
  const { begun, work, done } = manualWork();
  const pipeline = createPipeline(work, {
    ...joining,
    limit: 3,
    bytesOf: (item) => (item.includes('!') ? 9 : 1),
    ...{ maxBytes: 9, maxBytesInAll: 99 },
  });
  for (const item of ['a', 'b', 'c', 'd']) {
    await pipeline.room(0, never);
    pipeline.put(0, item);
    await sleep(0);
  }
  expect(pipeline.inHand(0)).toEqual(['a', 'bcd']);
  const waiting = pipeline.room(0, never);
  await done('a');
  expect(await waiting).toBe(3);
  expect(begun).toEqual(['a', 'bcd']);
  // Few, and large.
  pipeline.put(0, '!');
  expect(await hasRoom(pipeline, 0)).toBe(false);
});

test('a partition that waits for its turn grows, and the turns go round', async () => {
  const { begun, work, done } = manualWork();
  const turns = new Semaphore(1);
  const pipeline = createPipeline(work, { ...joining, turn: async () => (await turns.acquire())[1] });
  const put = async (partition: number, item: string) => {
    await pipeline.room(partition, never);
    pipeline.put(partition, item);
    await sleep(0);
  };
  await put(0, 'a');
  await put(1, 'x');
  await put(0, 'b');
  await put(1, 'y');
  await put(0, 'c');
  expect([begun, pipeline.inHand(0), pipeline.inHand(1)]).toEqual([['a'], ['a', 'bc'], ['xy']]);
  await done('a');
  await put(0, 'd');
  await done('xy');
  expect(begun).toEqual(['a', 'xy', 'bcd']);
  await done('bcd');
  await pipeline.idle();
});

test('a turn ends when the work says so, and the partition’s next item waits for its end all the same', async () => {
  const begun: string[] = [];
  let end: () => void = () => undefined;
  const turns = new Semaphore(1);
  const pipeline = createPipeline<string>(
    async (item, done) => {
      begun.push(item);
      done();
      if (item === 'a') await new Promise<void>((resolve) => (end = resolve));
    },
    { ...apart, turn: async () => (await turns.acquire())[1] },
  );
  pipeline.put(0, 'a');
  pipeline.put(1, 'x');
  await sleep(5);
  pipeline.put(0, 'b');
  await sleep(5);
  expect(begun).toEqual(['a', 'x']);
  end();
  await pipeline.idle();
  expect(begun).toEqual(['a', 'x', 'b']);
});

test('where the partitions’ bytes together are too many, none has room until some of them are worked on', async () => {
  const { work, done } = manualWork();
  const turns = new Semaphore(1);
  const pipeline = createPipeline(work, {
    ...joining,
    turn: async () => (await turns.acquire())[1],
    bytesOf: (item) => item.length,
    ...{ maxBytes: 5, maxBytesInAll: 6 },
  });
  for (const [partition, item] of ['a', 'bbbb', 'cc'].entries()) {
    pipeline.put(partition, item);
    await sleep(0);
  }
  expect(await hasRoom(pipeline, 2)).toBe(false);
  expect(await hasRoom(pipeline, 3)).toBe(false);
  await done('a');
  expect(await hasRoom(pipeline, 3)).toBe(true);
});

async function hasRoom(pipeline: Pipeline<string>, partition: number): Promise<boolean> {
  const left = new AbortController();
  const room = pipeline.room(partition, left.signal).then(
    () => true,
    () => false,
  );
  await sleep(5);
  left.abort();
  return room;
}
