// Shows G1 of docs/guarantees.md.
import { createMetrics, type BatchObservation } from './metrics';

const done: BatchObservation = {
  partition: 3,
  received: 10,
  counts: { consumed: 10, inserted: 7, duplicate: 2, rejected: 1 },
  rejected: [],
  unknownStatuses: 1,
  newestEvent: '2026-01-02T03:04:05.000000Z',
  lagMessages: 0,
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

test('the lag in seconds is the age of the oldest message in hand, else of what was left behind, else 0', async () => {
  const metrics = createMetrics(() => NOW);
  let oldest: number | undefined;
  metrics.lagFrom(() => oldest);
  metrics.batchDone(done);
  expect(await value(metrics, 'rastreio_lag_seconds')).toBe(0);
  oldest = NOW - 5_000;
  expect(await value(metrics, 'rastreio_lag_seconds')).toBe(5);
  oldest = undefined;
  metrics.batchDone({ ...done, lagMessages: 7 });
  expect(await value(metrics, 'rastreio_lag_seconds')).toBe(60);
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
