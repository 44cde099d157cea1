import fc from 'fast-check';
import { FAULT_KINDS, FAULTS, planChaos, type FaultKind, type ScheduleOptions } from './schedule';

const anyOptions: fc.Arbitrary<ScheduleOptions> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  events: fc.integer({ min: 10_000, max: 10_000_000 }),
  faults: fc.integer({ min: 0, max: 80 }),
  seconds: fc.option(fc.integer({ min: 10, max: 10_000 }), { nil: undefined }),
  outageSeconds: fc.constantFrom(0, 30, 600),
});
const property = (check: (options: ScheduleOptions) => void) =>
  fc.assert(fc.property(anyOptions, check), { numRuns: 500 });

test('the same options give the same schedule', () => {
  property((options) => expect(planChaos(options)).toEqual(planChaos({ ...options })));
});

test('two seeds give two schedules', () => {
  const of = (seed: number) => planChaos({ seed, events: 1_000_000, faults: 20 });
  expect(of(1)).not.toEqual(of(2));
});

test('as many faults as asked for, and the outage on top', () => {
  property((options) => {
    const { faults } = planChaos(options);
    const outages = faults.filter(({ kind }) => kind === 'database_outage');
    expect(faults).toHaveLength(options.faults + (options.outageSeconds === 0 ? 0 : 1));
    expect(outages.map(({ holdMs }) => holdMs)).toEqual(
      options.outageSeconds === 0 ? [] : [(options.outageSeconds ?? 0) * 1000],
    );
  });
});

test('no kind comes more than once oftener than another, so every kind comes when there are enough faults', () => {
  property((options) => {
    const counts = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));
    for (const { kind } of planChaos(options).faults)
      if (kind !== 'database_outage') counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  });
});

test('only the kinds asked for', () => {
  const { faults } = planChaos({
    seed: 3,
    events: 100_000,
    faults: 5,
    kinds: ['kafka_killed', 'database_cut'],
  });
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kafka_killed', 'database_cut']));
});

test('faults come one after the other, after some load and before its end', () => {
  property((options) => {
    const { faults } = planChaos(options);
    const places = [0, ...faults.map(({ atMessages }) => atMessages), options.events];
    for (let i = 1; i < places.length; i++) expect(places[i]).toBeGreaterThan(places[i - 1] ?? 0);
  });
});

test('each is held as long as its kind says', () => {
  property((options) => {
    for (const { kind, holdMs, draw } of planChaos(options).faults) {
      expect(draw).toBeGreaterThanOrEqual(0);
      expect(draw).toBeLessThan(1);
      if (kind === 'database_outage') continue;
      expect(holdMs).toBeGreaterThanOrEqual(FAULTS[kind].holdMs[0]);
      expect(holdMs).toBeLessThanOrEqual(FAULTS[kind].holdMs[1]);
    }
  });
});

test('the rate sends all events in the time that was asked for', () => {
  property((options) => {
    if (options.seconds === undefined) return;
    const { messagesPerSecond } = planChaos(options);
    expect(messagesPerSecond * options.seconds).toBeGreaterThanOrEqual(options.events);
    expect((messagesPerSecond - 1) * options.seconds).toBeLessThan(options.events);
  });
});
