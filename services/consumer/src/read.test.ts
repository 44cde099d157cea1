// Shows G2 of docs/guarantees.md.
import type { EachBatchPayload } from 'kafkajs';
import type { BatchInHand } from './finishBatch';
import { createPipeline } from './pipeline';
import { heldFrom, readBatch, type ReadParts } from './read';
import { receiveRecord } from './record';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const message = (offset: number) => ({
  ...{ key: null, value: Buffer.from('x'), timestamp: String(NOW), attributes: 0, headers: {} },
  offset: String(offset),
});

/** A batch in hand of the offsets from one up to another. */
function batch(from: number, next: number): BatchInHand {
  const records = Array.from({ length: next - from }, (_, i) => receiveRecord(message(from + i), NOW));
  const position = { cluster: 'c', next: String(next), removed: null };
  return { topic: 't', partition: 0, records, position, bytes: 0, fetchedAtMs: 0 };
}

test.each<[string, readonly (readonly [number, number])[], bigint, bigint]>([
  ['nothing is', [], 7n, 7n],
  [
    'one batch behind the other',
    [
      [7, 9],
      [9, 12],
    ],
    7n,
    12n,
  ],
  [
    'from the midst of one on',
    [
      [5, 9],
      [9, 12],
    ],
    7n,
    12n,
  ],
  [
    'there is a gap',
    [
      [7, 9],
      [10, 12],
    ],
    7n,
    9n,
  ],
  ['it begins behind the offset', [[8, 12]], 7n, 7n],
  ['it ends before it', [[2, 5]], 7n, 7n],
  [
    'a part of it is there twice',
    [
      [5, 9],
      [6, 8],
      [9, 12],
    ],
    7n,
    12n,
  ],
  // What follows is behind what was given up.
  [
    'the one that another follows was given up',
    [
      [5, 7],
      [12, 15],
    ],
    6n,
    7n,
  ],
])('up to where a partition is in hand: %s', (_name, items, from, held) => {
  const inHand = () => items.map(([first, next]) => batch(first, next));
  expect(heldFrom({ inHand }, 0, from)).toBe(held);
});

describe('what was fetched before the group changed is not put behind what was given up then', () => {
  /** A partition that is full, until its first batch is finished. */
  function reader() {
    let finish: () => void = () => undefined;
    const pipeline = createPipeline<BatchInHand>(() => new Promise<void>((resolve) => (finish = resolve)), {
      turn: () => Promise.resolve(() => undefined),
      ...{ sizeOf: () => 1, limit: 1, join: () => undefined },
      ...{ bytesOf: () => 0, maxBytes: 1, maxBytesInAll: 1 },
    });
    pipeline.put(0, batch(0, 1));
    let isAssigned = true;
    const parts = {
      pipeline,
      positions: {
        backTo: () => Promise.resolve(undefined),
        advance: () => Promise.resolve({ removed: null, after: undefined }),
      },
      metrics: { unread: () => undefined },
      cluster: () => 'c',
      ready: () => Promise.resolve(),
      reached: () => undefined,
      isAssigned: () => isAssigned,
    } as unknown as ReadParts;
    const resolveOffset = jest.fn();
    const payload = {
      batch: {
        ...{ topic: 't', partition: 0, highWatermark: '9', fetchedOffset: '2', messages: [message(2)] },
        ...{ firstOffset: () => '2', lastOffset: () => '2' },
      },
      ...{ isRunning: () => true, isStale: () => false, resolveOffset },
    } as unknown as EachBatchPayload;
    const changes = new AbortController();
    return {
      ...{ pipeline, resolveOffset },
      read: () => readBatch(payload, parts, changes.signal),
      /** The group changes, with or without the partition. */
      change(keeps: boolean) {
        isAssigned = keeps;
        changes.abort();
        pipeline.keepOnly(new Set(keeps ? [0] : []));
      },
      lose: () => (isAssigned = false),
      finish: () => finish(),
    };
  }
  const nextsOf = ({ pipeline }: ReturnType<typeof reader>) =>
    pipeline.inHand(0).map(({ position }) => position.next);

  test.each([true, false])('while it waits for room (the partition stays: %p)', async (keeps) => {
    const all = reader();
    await Promise.resolve();
    all.pipeline.put(0, batch(1, 2));
    const reading = all.read();
    all.change(keeps);
    await expect(reading).rejects.toThrow(/abort/);
    all.finish();
    expect(nextsOf(all)).toEqual(keeps ? ['1', '2'] : ['1']);
    expect(all.resolveOffset).not.toHaveBeenCalled();
  });

  test('when it comes to be read only then', async () => {
    const all = reader();
    await Promise.resolve();
    all.lose();
    await all.read();
    expect(nextsOf(all)).toEqual(['1']);
    expect(all.resolveOffset).not.toHaveBeenCalled();
  });
});
