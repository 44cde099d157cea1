import { createHash } from 'node:crypto';
import { createDecoder, statusRank } from '@rastreio/contract';
import fc from 'fast-check';
import { FAULTS, NO_FAULTS, parseFaults, withFaults, type Message } from './faults';
import { parseDuration, planRun } from './plan';
import { randomStream } from './random';
import {
  postingIntervalForCount,
  postingIntervalForRate,
  worldEvents,
  type TimedEvent,
  type World,
} from './world';

const DAY = 86_400_000;
const START = Date.parse('2026-10-01T00:00:00Z');
const NOW = START + 30 * DAY;
const world: World = { seed: 42, startMs: START, postingIntervalMs: 60_000 };

function take<T>(items: Iterable<T>, n: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length >= n) break;
    taken.push(item);
  }
  return taken;
}
const events = (n: number, seed = 42): TimedEvent[] => take(worldEvents({ ...world, seed }), n);

test('the same seed gives the same bytes, for ever', () => {
  const bytes = take(withFaults(events(5000), { dup: 0.02, late: 0.02, malformed: 0.01 }, 42), 5000)
    .map(({ key, value, dueMs }) => `${dueMs} ${key} ${value}\n`)
    .join('');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    '2403d098e1b0e8f6d5f3422400218eeac2ae0073bbea84882a4c8110056bf7b0',
  );
});

test('a world is in time order, valid, and every package starts POSTADO', () => {
  const decode = createDecoder({ now: () => NOW + 365 * DAY, maxFutureSkewMs: 0 });
  const seen = new Map<number, number>();
  let previous = 0;
  for (const { atMs, event } of events(20_000)) {
    expect(atMs).toBeGreaterThanOrEqual(previous);
    previous = atMs;
    expect(decode(Buffer.from(JSON.stringify(event))).ok).toBe(true);
    expect(statusRank(event.status_rastreamento)).toBeGreaterThan(0);
    if (!seen.has(event.id_pacote)) expect(event.status_rastreamento).toBe('POSTADO');
    else expect(atMs).toBeGreaterThan(seen.get(event.id_pacote) ?? 0);
    expect(event.origem).not.toBe(event.destino);
    seen.set(event.id_pacote, atMs);
  }
});

test('seeds do not share package numbers', () => {
  const ids = (seed: number) => new Set(events(500, seed).map((e) => e.event.id_pacote));
  const [a, b] = [ids(1), ids(2)];
  expect([...a].filter((id) => b.has(id))).toEqual([]);
});

test('switching a fault on changes no other message', () => {
  const key = ({ kind, value }: Message) => `${kind} ${value}`;
  const plain = [...withFaults(events(2000), NO_FAULTS, 42)];
  const duplicated = [...withFaults(events(2000), { ...NO_FAULTS, dup: 0.2 }, 42)];
  expect(duplicated.filter((m) => m.kind !== 'duplicate').map(key)).toEqual(plain.map(key));
  const both = [...withFaults(events(2000), { dup: 0.2, late: 0, malformed: 0.1 }, 42)];
  expect(both.filter((m) => m.kind === 'duplicate').map(key)).toEqual(
    duplicated.filter((m) => m.kind === 'duplicate').map(key),
  );
});

test('every event is sent once besides its faults, due times rise, and every malformed message is rejected', () => {
  const decode = createDecoder({ now: () => NOW + 365 * DAY, maxFutureSkewMs: 0 });
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ dup: rate, late: rate, malformed: rate }),
      fc.integer({ min: 1, max: 1e6 }),
      (rates, seed) => {
        const source = events(200, seed);
        const messages = [...withFaults(source, rates, seed)];
        const sent = messages.filter((m) => m.kind === 'event' || m.kind === 'late').map((m) => m.value);
        expect(sent.sort()).toEqual(source.map((e) => JSON.stringify(e.event)).sort());
        for (const [i, m] of messages.entries()) {
          expect(m.dueMs).toBeGreaterThanOrEqual(messages[i - 1]?.dueMs ?? 0);
          expect(decode(Buffer.from(m.value)).ok).toBe(m.kind !== 'malformed');
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a world for a count has about that many events before its end, one for a rate settles at it', () => {
  for (const count of [1000, 20_000]) {
    const interval = postingIntervalForCount(7, count, 30 * DAY);
    let n = 0;
    for (const { atMs } of worldEvents({ seed: 7, startMs: START, postingIntervalMs: interval })) {
      if (atMs > NOW) break;
      n++;
    }
    expect(Math.abs(n / count - 1)).toBeLessThan(0.2);
  }
  const interval = postingIntervalForRate(7, 0.2);
  const settled = take(worldEvents({ seed: 7, startMs: START, postingIntervalMs: interval }), 400_000).filter(
    ({ atMs }) => atMs > START + 10 * DAY && atMs < START + 20 * DAY,
  );
  expect(Math.abs(settled.length / (10 * 86_400 * 0.2) - 1)).toBeLessThan(0.1);
});

test('runs are bounded by count or duration, else live', () => {
  const base = {
    seed: 1,
    rate: 10,
    count: undefined,
    durationMs: undefined,
    backfillMs: 2 * DAY,
    startMs: undefined,
    nowMs: NOW,
  };
  expect(planRun(base)).toMatchObject({ live: true, maxEvents: Infinity, world: { startMs: NOW - 2 * DAY } });
  expect(planRun({ ...base, durationMs: 60_000 })).toMatchObject({
    live: false,
    maxEvents: 600,
    ratePerSecond: 10,
  });
  expect(planRun({ ...base, count: 5, rate: 0 })).toMatchObject({
    live: false,
    maxEvents: 5,
    ratePerSecond: 0,
  });
  expect(() => planRun({ ...base, rate: 0 })).toThrow(/--rate must be above 0/);
  expect(() => planRun({ ...base, rate: 0, durationMs: 5 })).toThrow(/--duration needs a --rate/);
});

test('durations and faults are read, wrong ones named with what would be right', () => {
  expect(['90s', '15m', '12h', '1.5d'].map(parseDuration)).toEqual([
    90_000, 900_000, 43_200_000, 129_600_000,
  ]);
  expect(() => parseDuration('a while')).toThrow(/use 90s, 15m/);
  expect(parseFaults('dup=.01, late=1')).toEqual({ dup: 0.01, late: 1, malformed: 0 });
  expect(() => parseFaults('dups=1,late=2')).toThrow(/dups: no such fault.*late=2: needs a share/);
  expect(Object.keys(FAULTS)).toEqual(Object.keys(NO_FAULTS));
});

test('random streams are uniform and independent of each other', () => {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const draws = (name: string) => {
    const random = randomStream(3, name);
    return Array.from({ length: 20_000 }, () => random.unit());
  };
  const [a, b] = [draws('a'), draws('b')];
  expect(Math.abs(mean(a) - 0.5)).toBeLessThan(0.01);
  expect(Math.abs(mean(a.map((x, i) => (x - 0.5) * ((b[i] ?? 0) - 0.5))))).toBeLessThan(0.003);
});
