import { worldEvents, type SimulatedEvent } from '@rastreio/simulator';

/** Batches of simulated events, the same each time. */
export function sampleEvents(batches: number, size: number): SimulatedEvent[][] {
  const events = worldEvents({
    seed: 1,
    startMs: Date.parse('2026-09-01T00:00:00Z'),
    postingIntervalMs: 10_000,
    maxParcels: Infinity,
    incidents: [],
  });
  return Array.from({ length: batches }, () =>
    Array.from({ length: size }, () => events.next().value?.event as SimulatedEvent),
  );
}
