import { parseDuration } from '@rastreio/runtime';
import { DAY_MS, FAULTS, NO_FAULTS, simulatedCarrier, worldEvents } from '@rastreio/simulator';
import fc from 'fast-check';
import { parseInstant } from '../common/parse';
import { parseFaults, parseIncident } from './parse';
import { planRun, type PlanOptions } from './plan';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const BASE: PlanOptions = {
  seed: 1,
  carrier: simulatedCarrier(1),
  rate: undefined,
  speed: undefined,
  count: undefined,
  parcels: undefined,
  durationMs: undefined,
  backfillMs: undefined,
  startMs: undefined,
  incidents: [],
  nowMs: NOW,
};

test('without a bound a run is live: history at once or at a speed, then real time', () => {
  expect(planRun({ ...BASE, backfillMs: 2 * DAY_MS, rate: 5 })).toMatchObject({
    untilMs: Infinity,
    maxEvents: Infinity,
    world: { startMs: NOW - 2 * DAY_MS },
    pace: { by: 'time', startMs: NOW - 2 * DAY_MS, speed: Infinity },
  });
  expect(planRun({ ...BASE, speed: 60 }).pace).toMatchObject({ speed: 60 });
});

test('a bounded run is a past world at a rate, at a speed, or as fast as it can be', () => {
  expect(planRun({ ...BASE, count: 5 })).toMatchObject({
    maxEvents: 5,
    untilMs: NOW,
    pace: { by: 'nothing' },
  });
  expect(planRun({ ...BASE, count: 5, rate: 7 }).pace).toEqual({ by: 'rate', perSecond: 7 });
  expect(planRun({ ...BASE, parcels: 9, speed: 60 })).toMatchObject({
    world: { maxParcels: 9, startMs: NOW - 30 * DAY_MS },
    pace: { by: 'time', speed: 60 },
  });
  expect(planRun({ ...BASE, durationMs: 60_000, rate: 10 })).toMatchObject({
    maxWallMs: 60_000,
    pace: { perSecond: 10 },
  });
});

test('the same options give the same world whenever they are given', () => {
  const options = { ...BASE, count: 1000, startMs: NOW - 3 * DAY_MS };
  expect(planRun({ ...options, nowMs: NOW + DAY_MS }).world).toEqual(planRun(options).world);
});

test('a world has as many events before now as --count asks for, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 300 }), (seed, count) => {
      const { world } = planRun({ ...BASE, seed, carrier: simulatedCarrier(seed), count });
      let last = -Infinity;
      let found = 0;
      for (const { atMs } of worldEvents(world)) {
        last = atMs;
        if (++found === count) break;
      }
      expect([found, last <= NOW]).toEqual([count, true]);
    }),
  );
});

test('options that contradict each other are refused with what to do', () => {
  expect(() => planRun({ ...BASE, rate: 0 })).toThrow(/--rate must be above 0/);
  expect(() => planRun({ ...BASE, durationMs: 5 })).toThrow(/--duration needs a --rate/);
  expect(() => planRun({ ...BASE, count: 5, rate: 1, speed: 2 })).toThrow(/give one/);
  expect(() => planRun({ ...BASE, count: 5, startMs: NOW + 1 })).toThrow(/must lie in the past/);
  const incidents = [parseIncident('frozen_hub:hub=Atlantis')];
  expect(() => planRun({ ...BASE, count: 5, incidents })).toThrow(
    /frozen_hub: hub=Atlantis is no place of this world; use São Paulo/,
  );
});

test('durations, instants, faults and incidents are read, wrong ones named with what would be right', () => {
  expect(['90s', '15m', '12h', '1.5d'].map(parseDuration)).toEqual([
    90_000, 900_000, 43_200_000, 129_600_000,
  ]);
  expect(() => parseDuration('a while')).toThrow(/use 90s, 15m/);
  expect(parseInstant('2026-11-01T00:00:00-03:00')).toBe(NOW + 3 * 3_600_000);
  expect(() => parseInstant('2026-11-01T00:00:00')).toThrow(/no instant/);
  expect(parseFaults('dup=.01, late=1')).toEqual({ ...NO_FAULTS, dup: 0.01, late: 1 });
  expect(() => parseFaults('dups=1,late=2')).toThrow(/dups: no such fault.*late=2: needs a share/);
  expect(Object.keys(parseFaults(''))).toEqual(Object.keys(FAULTS));
  expect(parseIncident('frozen_hub:hub=recife,at=5d,for=12h')).toEqual({
    kind: 'frozen_hub',
    hub: 'Recife',
    atMs: 5 * DAY_MS,
    forMs: DAY_MS / 2,
    share: undefined,
  });
  expect(() => parseIncident('flood:hub=Atlantis,at=soon,size=3,share=2')).toThrow(
    /flood: no such incident.*size: no such setting.*"soon" is no duration.*share=2/s,
  );
});
