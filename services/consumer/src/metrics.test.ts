// Shows G1 of docs/guarantees.md.
import { createMetrics, type BatchObservation, type InHand } from './metrics';

const done: BatchObservation = {
  partition: 3,
  received: 10,
  counts: { consumed: 10, inserted: 7, duplicate: 2, rejected: 1, unknown: 1 },
  rejected: [],
  untimed: 0,
  removed: 0,
  newestEvent: '2026-01-02T03:04:05.000000Z',
  receivedMs: 1_000_000,
  durationSeconds: 0.1,
};
const NOW = 1_060_000;
const value = async (metrics: ReturnType<typeof createMetrics>, name: string) => {
  const line = (await metrics.registry.metrics())
    .split('\n')
    .find((l) => l.startsWith(`${name}{partition="3"`));
  return Number(line?.split(' ').at(-1));
};

test('the identity is checked per partition: what Kafka gave against what the transactions account for', () => {
  const metrics = createMetrics();
  metrics.batchDone(done);
  metrics.batchDone({ ...done, partition: 4 });
  expect(metrics.imbalance()).toBeNull();
  metrics.batchDone({ ...done, received: 11 });
  expect(metrics.imbalance()).toContain('partition 3: consumed 21, accounted for 20');
  expect(metrics.imbalance()).not.toContain('partition 4');
});

test('the lag is that of the oldest message in hand, else of what is not read yet, else 0', async () => {
  const metrics = createMetrics(() => NOW);
  const lag = async () => [
    await value(metrics, 'rastreio_lag_seconds'),
    await value(metrics, 'rastreio_lag_messages'),
  ];
  let inHand: InHand = { messages: 0, oldestMs: undefined };
  metrics.lagFrom(() => inHand);
  metrics.batchDone(done);
  expect(await lag()).toEqual([0, 0]);
  metrics.unread(3, 2);
  inHand = { messages: 4, oldestMs: NOW - 5_000 };
  expect(await lag()).toEqual([5, 6]);
  inHand = { messages: 0, oldestMs: undefined };
  expect(await lag()).toEqual([60, 2]);
  // The end of a transaction is read, and is no message.
  metrics.unread(3, 0);
  expect(await lag()).toEqual([0, 0]);
});

test('of a partition that went to another member there is no lag', async () => {
  const metrics = createMetrics(() => NOW);
  metrics.batchDone(done);
  metrics.unread(3, 7);
  metrics.assigned(new Set([4]));
  expect(await value(metrics, 'rastreio_lag_seconds')).toBe(0);
  expect(await value(metrics, 'rastreio_lag_messages')).toBe(0);
});

test('freshness never goes back when late events are written', async () => {
  const metrics = createMetrics();
  metrics.batchDone(done);
  metrics.batchDone({ ...done, newestEvent: '2025-01-01T00:00:00.000000Z' });
  metrics.batchDone({ ...done, newestEvent: '' });
  expect(await value(metrics, 'rastreio_newest_event_timestamp_seconds')).toBe(
    Date.parse('2026-01-02T03:04:05Z') / 1000,
  );
});
