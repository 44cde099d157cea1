import { STATUS_DELIVERED } from '@rastreio/contract';
import { hubSlowness } from './calendar';
import { isHoliday } from './holidays';
import { MACHINE, MISSED_SCANS } from './machine';
import { createNetwork } from './network';
import { promisedDays } from './promises';
import { simulatedCarrier } from './simulatedCarrier';
import { DAY_MS, HOUR_MS } from './units';
import { worldEvents } from './world';

const START = Date.parse('2026-03-01T00:00:00Z');
const PARCELS = 30_000;

interface Life {
  readonly lane: string;
  readonly steps: { readonly status: string; readonly atMs: number }[];
}

/** Whole lives of parcels posted over some weeks. */
function livesOf(seed: number): Life[] {
  const lives = new Map<number, Life>();
  const world = { seed, startMs: START, postingIntervalMs: 120_000, maxParcels: PARCELS, incidents: [] };
  for (const { parcelIndex, atMs, event } of worldEvents(world)) {
    const life = lives.get(parcelIndex) ?? { lane: `${event.origem}>${event.destino}`, steps: [] };
    lives.set(parcelIndex, life);
    life.steps.push({ status: event.status_rastreamento, atMs });
  }
  return [...lives.values()];
}

const deliveryDays = ({ steps }: Life) => {
  const delivered = steps.findLast(({ status }) => status === STATUS_DELIVERED);
  return delivered === undefined ? undefined : (delivered.atMs - (steps[0]?.atMs ?? NaN)) / DAY_MS;
};
const quantile = (sorted: readonly number[], p: number) => sorted[Math.floor(p * sorted.length)] ?? NaN;

describe.each([42, 3])('the world of seed %d', (seed) => {
  let lives: Life[];
  beforeAll(() => (lives = livesOf(seed)));

  // docs/simulator.md says where these shapes come from.
  test('has the tails of real delivery times, and keeps as many promises', () => {
    const promises = new Map(
      simulatedCarrier(seed)
        .promises()
        .map((p) => [`${p.origem}>${p.destino}`, p.prazo_dias]),
    );
    const delivered = lives.flatMap((life) => {
      const days = deliveryDays(life);
      return days === undefined ? [] : [{ days, promised: promises.get(life.lane) ?? NaN }];
    });
    const days = delivered.map((d) => d.days).sort((a, b) => a - b);
    const p50 = quantile(days, 0.5);
    expect(quantile(days, 0.95) / p50).toBeGreaterThan(3.0);
    expect(quantile(days, 0.95) / p50).toBeLessThan(3.8);
    expect(quantile(days, 0.99) / p50).toBeGreaterThan(4.8);
    expect(quantile(days, 0.99) / p50).toBeLessThan(6.2);
    const onTime = delivered.filter((d) => d.days <= d.promised).length / delivered.length;
    expect(onTime).toBeGreaterThan(0.91);
    expect(onTime).toBeLessThan(0.95);
    const promised = delivered.reduce((sum, d) => sum + d.promised, 0) / delivered.length;
    expect(promised).toBeGreaterThan(7.5);
    expect(promised).toBeLessThan(10);
  });

  test('has lanes far worse than others', () => {
    const byLane = new Map<string, number[]>();
    for (const life of lives)
      byLane.set(
        life.lane,
        [...(byLane.get(life.lane) ?? []), deliveryDays(life)].filter((d) => d !== undefined),
      );
    const p95 = [...byLane.values()]
      .map((own) => own.sort((a, b) => a - b))
      .filter((own) => own.length >= 60)
      .map((own) => quantile(own, 0.95))
      .sort((a, b) => a - b);
    expect(p95.length).toBeGreaterThan(40);
    expect(quantile(p95, 0.95) / quantile(p95, 0.05)).toBeGreaterThan(2);
  });

  test('has no event in an impossible order: what follows what is in the catalogue of ways, or one scan was missed', () => {
    const states = Object.entries(MACHINE).map(([state, ways]) => ({
      status: state.split(',')[0] ?? '',
      ways: ways.flatMap(({ to }) => to ?? []),
    }));
    const next = (status: string) => states.flatMap((s) => (s.status === status ? s.ways : []));
    const possible = new Set<string>();
    for (const { status, ways } of states)
      for (const to of ways) {
        possible.add(`${status} > ${to}`);
        // A missed scan, or two in a row.
        const unseen = [to].filter((s) => s in MISSED_SCANS);
        for (const s of [...unseen, ...unseen.flatMap(next).filter((t) => t in MISSED_SCANS)])
          for (const after of next(s)) possible.add(`${status} > ${after}`);
      }
    const wrong = lives.filter(({ steps }) =>
      steps.some(({ status, atMs }, i) => {
        const before = steps[i - 1];
        if (before === undefined) return status !== 'POSTADO';
        return atMs - before.atMs < 60_000 || !possible.has(`${before.status} > ${status}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('has deliveries without the scan before them, and deliveries confirmed again that stay delivered', () => {
    const paths = lives.map(({ steps }) => steps.map(({ status }) => status).join(' > '));
    const share = (way: RegExp) => paths.filter((path) => way.test(path)).length / paths.length;
    expect(share(/EM TRÂNSITO > ENTREGUE/)).toBeGreaterThan(0.005);
    expect(share(/EM TRÂNSITO > ENTREGUE/)).toBeLessThan(0.04);
    expect(share(/POSTADO > EM TRÂNSITO/)).toBeGreaterThan(0.97);
    expect(share(/ENTREGUE > ENTREGUE/)).toBeGreaterThan(0.005);
    expect(share(/ENTREGUE > ENTREGUE/)).toBeLessThan(0.03);
  });

  test('has no delivery on a Sunday or a holiday', () => {
    const days = lives.flatMap(({ steps }) =>
      steps
        .filter(({ status }) => status === STATUS_DELIVERED)
        .map((s) => Math.floor((s.atMs - 3 * HOUR_MS) / DAY_MS)),
    );
    expect(days.length).toBeGreaterThan(PARCELS / 2);
    expect(days.filter((day) => isHoliday(day) || new Date(day * DAY_MS).getUTCDay() === 0)).toEqual([]);
  });
});

test('a promise is whole days, of every lane, and the same whenever it is asked for', () => {
  const promises = simulatedCarrier(5).promises();
  expect(promises).toHaveLength([...createNetwork(5).lanes()].length);
  expect(promises.filter(({ prazo_dias: days }) => !(Number.isInteger(days) && days >= 1))).toEqual([]);
  expect(simulatedCarrier(5).promises()).toEqual(promises);
  expect(simulatedCarrier(6).promises()).not.toEqual(promises);
  expect(promisedDays([undefined, 2.2 * DAY_MS, DAY_MS])).toBe(3);
  expect(promisedDays([0])).toBe(1);
  expect(() => promisedDays([undefined])).toThrow(RangeError);
});

test('holidays are those of Brazil, the movable ones by Easter', () => {
  const of = (year: number) =>
    Array.from({ length: 366 }, (_, i) => Date.UTC(year, 0, 1 + i) / DAY_MS)
      .filter((day) => new Date(day * DAY_MS).getUTCFullYear() === year && isHoliday(day))
      .map((day) => new Date(day * DAY_MS).toISOString().slice(5, 10));
  const fixed = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '11-20', '12-25'];
  // Carnival, Good Friday and Corpus Christi as the federal government published them.
  expect(of(2024)).toEqual([...fixed, '02-12', '02-13', '03-29', '05-30'].sort());
  expect(of(2025)).toEqual([...fixed, '03-03', '03-04', '04-18', '06-19'].sort());
  expect(of(2026)).toEqual([...fixed, '02-16', '02-17', '04-03', '06-04'].sort());
});

test('hubs are slower on Sundays, holidays and at a month’s end', () => {
  const at = (instant: string) => hubSlowness(Date.parse(instant));
  expect(at('2026-08-12T15:00:00Z')).toBe(1);
  expect(at('2026-08-16T15:00:00Z')).toBeGreaterThan(1);
  expect(at('2026-09-07T15:00:00Z')).toBeGreaterThan(1);
  expect(at('2026-08-31T15:00:00Z')).toBeGreaterThan(1);
  expect(at('2026-05-31T15:00:00Z')).toBeGreaterThan(at('2026-05-24T15:00:00Z'));
});
