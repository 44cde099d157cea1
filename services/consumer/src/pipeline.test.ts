// Shows G2, G7 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { createPipeline } from './pipeline';

const never = new AbortController().signal;

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
    finish.get(item)?.();
    await sleep(0);
  };
  return { begun, work, done };
}

test('one item of a partition is worked on, one waits, and a third finds no room', async () => {
  const { begun, work, done } = manualWork();
  const pipeline = createPipeline(work);
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
  expect(begun).toEqual(['a', 'x']);
  await done('a');
  await third;
  expect(begun).toEqual(['a', 'x', 'b']);
  expect(pipeline.inHand(0)).toEqual(['b']);
});

test('whoever waits for room is let go when the group changes', async () => {
  const { work } = manualWork();
  const pipeline = createPipeline(work);
  pipeline.put(0, 'a');
  pipeline.put(0, 'b');
  const lost = new AbortController();
  const waiting = pipeline.room(0, lost.signal);
  lost.abort(new Error('rebalance'));
  await expect(waiting).rejects.toThrow();
  await expect(pipeline.room(0, lost.signal)).rejects.toThrow('rebalance');
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
