import { createDecoder, statusRank, STATUS_CATALOGUE } from '@rastreio/contract';
import fc from 'fast-check';
import { AGENCIES, nextInShift } from './calendar';
import { CITIES } from './cities';
import { isHoliday } from './holidays';
import { resolveIncident, type Incident, type IncidentKind } from './incidents';
import { MACHINE } from './machine';
import { Random } from './random';
import { DAY_MS, HOUR_MS, WEEK_MS } from './units';
import {
  firstParcelId,
  postingIntervalForCount,
  postingIntervalForParcels,
  postingIntervalForRate,
  worldEvents,
  type TimedEvent,
  type World,
} from './world';

const START = Date.parse('2026-10-01T00:00:00Z');
const NOW = START + 30 * DAY_MS;
const WORLD: World = {
  seed: 42,
  startMs: START,
  postingIntervalMs: 60_000,
  maxParcels: Infinity,
  incidents: [],
};

function take<T>(items: Iterable<T>, n: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length >= n) break;
    taken.push(item);
  }
  return taken;
}

const byParcel = (events: readonly TimedEvent[]) => {
  const lives = new Map<number, TimedEvent[]>();
  for (const event of events) {
    const life = lives.get(event.parcelIndex);
    if (life === undefined) lives.set(event.parcelIndex, [event]);
    else life.push(event);
  }
  return lives;
};

test('a world is in time order, valid, every parcel starts POSTADO, and its scans are a minute apart', () => {
  const decode = createDecoder({ now: () => NOW + 365 * DAY_MS, maxFutureSkewMs: 0 });
  const seen = new Map<number, number>();
  const wrong: unknown[] = [];
  let previous = 0;
  for (const { atMs, event } of take(worldEvents(WORLD), 20_000)) {
    const before = seen.get(event.id_pacote);
    const right = {
      order: atMs >= previous,
      valid: decode(Buffer.from(JSON.stringify(event))).ok,
      instant: Date.parse(event.data_atualizacao) === atMs,
      status: statusRank(event.status_rastreamento) > 0,
      scan: before === undefined ? event.status_rastreamento === 'POSTADO' : atMs - before >= 60_000,
      lane: event.origem !== event.destino,
    };
    if (Object.values(right).includes(false)) wrong.push({ event, right });
    previous = atMs;
    seen.set(event.id_pacote, atMs);
  }
  expect(seen.size).toBeGreaterThan(1_000);
  expect(wrong).toEqual([]);
});

test('every status of the catalogue is reached, and every way out of a status leads to one of them', () => {
  const statuses = STATUS_CATALOGUE.map(({ status }) => status);
  const seen = new Set(take(worldEvents(WORLD), 60_000).map((e) => e.event.status_rastreamento));
  expect([...seen].sort()).toEqual([...statuses].sort());
  const reached = Object.values(MACHINE).flatMap((ways) => ways.map(({ to }) => to));
  expect(reached.filter((to) => to !== null && !statuses.includes(to))).toEqual([]);
});

test('corrections happen: returned after delivered, found after lost, several attempts', () => {
  const lives = [...byParcel(take(worldEvents(WORLD), 200_000)).values()].map((events) =>
    events.map((e) => e.event.status_rastreamento).join(' > '),
  );
  for (const way of [
    /ENTREGUE > DEVOLVIDO/,
    /ENTREGUE > EM ROTA DE ENTREGA/,
    /EXTRAVIADO > EM TRÂNSITO/,
    /(TENTATIVA DE ENTREGA > EM ROTA DE ENTREGA.*){2}/,
    /AGUARDANDO RETIRADA > ENTREGUE/,
    /POSTADO > CANCELADO$/,
  ])
    expect(lives.filter((life) => way.test(life)).length).toBeGreaterThan(0);
});

test('postings follow the hours of the day and the days of the week', () => {
  // Four weeks without a holiday.
  const startMs = Date.parse('2026-08-03T03:00:00Z');
  const interval = {
    ...WORLD,
    startMs,
    postingIntervalMs: postingIntervalForParcels(20_000, startMs, startMs + 4 * WEEK_MS),
  };
  const hours = new Array<number>(24).fill(0);
  const days = new Array<number>(7).fill(0);
  for (const { atMs, step } of worldEvents({ ...interval, maxParcels: 20_000 })) {
    if (step > 0) continue;
    const local = new Date(atMs - 3 * HOUR_MS);
    hours[local.getUTCHours()]! += 1;
    days[local.getUTCDay()]! += 1;
  }
  expect(hours[16]! / hours[3]!).toBeGreaterThan(10);
  // Monday is the strongest day, Sunday the weakest.
  expect(Math.max(...days)).toBe(days[1]);
  expect(Math.min(...days)).toBe(days[0]);
});

test('instants and shares of the week are each other’s inverse, and a week from Monday on is a share of one', () => {
  const aMonday = Date.parse('2026-08-03T03:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
      expect(Math.abs(AGENCIES.instantOfShare(AGENCIES.shareOfInstant(ms)) - ms)).toBeLessThan(10);
      const monday = aMonday + Math.floor((ms - aMonday) / WEEK_MS) * WEEK_MS;
      expect(AGENCIES.shareOfInstant(monday + WEEK_MS) - AGENCIES.shareOfInstant(monday)).toBeCloseTo(1, 6);
    }),
  );
});

test('a shift never lies in the past, on a Sunday or a holiday, or out of its hours', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), unit, (ms, u) => {
      expect(nextInShift(ms, 'always', u)).toBe(ms);
      for (const [shift, from, to] of [
        ['morning', 6, 11],
        ['day', 8, 20],
      ] as const) {
        const at = nextInShift(ms, shift, u);
        const local = new Date(at - 3 * HOUR_MS);
        expect(at).toBeGreaterThanOrEqual(ms);
        // The longest time off is Carnival's: Saturday evening to Wednesday.
        expect(at - ms).toBeLessThan(4 * DAY_MS);
        expect(local.getUTCDay()).not.toBe(0);
        expect(isHoliday(Math.floor((at - 3 * HOUR_MS) / DAY_MS))).toBe(false);
        const hour =
          (at - 3 * HOUR_MS - Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate())) /
          HOUR_MS;
        expect(hour).toBeGreaterThanOrEqual(from - 1e-6);
        expect(hour).toBeLessThan(to);
      }
    }),
  );
});

test('long lanes take longer than short ones, and lanes differ', () => {
  const lives = [...byParcel(take(worldEvents(WORLD), 150_000)).values()];
  const days = (origem: string, destino: string) => {
    const own = lives.filter((e) => e[0]?.event.origem === origem && e[0].event.destino === destino);
    const done = own.flatMap((e) => {
      const end = e.find(({ event }) => event.status_rastreamento === 'ENTREGUE');
      return end === undefined ? [] : [(end.atMs - (e[0]?.atMs ?? 0)) / DAY_MS];
    });
    expect(done.length).toBeGreaterThan(50);
    return done.sort((a, b) => a - b)[done.length >> 1] ?? NaN;
  };
  expect(days('São Paulo', 'Manaus')).toBeGreaterThan(1.5 * days('São Paulo', 'Rio de Janeiro'));
});

test('seeds do not share parcel numbers', () => {
  const ids = (seed: number) => take(worldEvents({ ...WORLD, seed }), 500).map((e) => e.event.id_pacote);
  expect(Math.min(...ids(1))).toBe(firstParcelId(1));
  expect(Math.max(...ids(1))).toBeLessThan(Math.min(...ids(2)));
});

test('a world for a count has about that many events before its end, one for a rate settles at it, parcels are exact', () => {
  for (const count of [1000, 20_000]) {
    const postingIntervalMs = postingIntervalForCount(7, count, START, NOW);
    let n = 0;
    for (const { atMs } of worldEvents({ ...WORLD, seed: 7, postingIntervalMs })) {
      if (atMs > NOW) break;
      n++;
    }
    expect(Math.abs(n / count - 1)).toBeLessThan(0.2);
  }
  const postingIntervalMs = postingIntervalForRate(7, 0.05);
  const settled = take(worldEvents({ ...WORLD, seed: 7, postingIntervalMs }), 125_000).filter(
    ({ atMs }) => atMs > START + 2 * WEEK_MS && atMs <= START + 4 * WEEK_MS,
  );
  expect(Math.abs(settled.length / (14 * 86_400 * 0.05) - 1)).toBeLessThan(0.1);
  const hundred = new Set([...worldEvents({ ...WORLD, maxParcels: 100 })].map((e) => e.event.id_pacote));
  expect(hundred.size).toBe(100);
});

describe('incidents', () => {
  // Tuesday and Wednesday after the holiday of 12 October.
  const during = { atMs: 12 * DAY_MS, forMs: 2 * DAY_MS };
  const incident = (kind: IncidentKind, more = {}): Incident =>
    resolveIncident({ kind, ...during, ...more }, 42, START, 0);
  const world = (incidents: Incident[]) => [
    ...worldEvents({ ...WORLD, postingIntervalMs: 300_000, maxParcels: 6_000, incidents }),
  ];
  const normal = world([]);
  const key = (e: TimedEvent) => JSON.stringify(e.event);
  const within = (e: TimedEvent) => e.atMs >= START + 12 * DAY_MS && e.atMs < START + 14 * DAY_MS;

  test('a frozen hub has no delivery during the time, and parcels elsewhere live as before', () => {
    const frozen = world([incident('frozen_hub', { hub: 'Recife' })]);
    const toRecife = (e: TimedEvent) =>
      e.event.destino === 'Recife' && e.event.status_rastreamento === 'ENTREGUE' && within(e);
    expect(normal.filter(toRecife).length).toBeGreaterThan(5);
    expect(frozen.filter(toRecife)).toEqual([]);
    // The northeast's parcels pass Recife; nobody else's do.
    const gateway = new Map(CITIES.map((c) => [c.name, c.gateway]));
    const elsewhere = (e: TimedEvent) =>
      gateway.get(e.event.origem) !== 'Recife' && gateway.get(e.event.destino) !== 'Recife';
    expect(frozen.filter(elsewhere).map(key)).toEqual(normal.filter(elsewhere).map(key));
    const statuses = (events: TimedEvent[]) =>
      [...byParcel(events)].map(([id, life]) => [id, ...life.map((e) => e.event.status_rastreamento)].join());
    expect(statuses(frozen).sort()).toEqual(statuses(normal).sort());
  });

  test('in a strike nothing is delivered anywhere', () => {
    const delivered = (e: TimedEvent) => e.event.status_rastreamento === 'ENTREGUE' && within(e);
    expect(normal.filter(delivered).length).toBeGreaterThan(100);
    expect(world([incident('strike')]).filter(delivered)).toEqual([]);
  });

  test('a lost burst shows as lost parcels of that hub', () => {
    const lost = (e: TimedEvent) => e.event.status_rastreamento === 'EXTRAVIADO' && within(e);
    const burst = world([incident('lost_burst', { hub: 'São Paulo', share: 0.5 })]);
    expect(burst.filter(lost).length).toBeGreaterThan(10 * normal.filter(lost).length + 50);
  });

  test('a false delivery stands for a failed attempt, and the parcel lives on as it would have', () => {
    const told = world([incident('false_deliveries', { share: 1 })]);
    expect(told).toHaveLength(normal.length);
    const changed = told.flatMap((e, i) => (key(e) === key(normal[i] as TimedEvent) ? [] : [[normal[i], e]]));
    expect(changed.length).toBeGreaterThan(20);
    for (const [before, after] of changed) {
      expect(within(after as TimedEvent)).toBe(true);
      expect([before?.event.status_rastreamento, after?.event]).toEqual([
        'TENTATIVA DE ENTREGA',
        { ...before?.event, status_rastreamento: 'ENTREGUE' },
      ]);
    }
  });

  test('what is left open is decided by the seed, the same each time', () => {
    const hubs = [1, 2, 3, 4, 5, 6].map(
      (seed) => resolveIncident({ kind: 'frozen_hub' }, seed, START, 0).hub,
    );
    expect(hubs).toEqual(
      [1, 2, 3, 4, 5, 6].map((seed) => resolveIncident({ kind: 'frozen_hub' }, seed, START, 0).hub),
    );
    expect(new Set(hubs).size).toBeGreaterThan(1);
    expect(resolveIncident({ kind: 'strike' }, 1, START, 0)).toMatchObject({
      hub: null,
      fromMs: START + DAY_MS,
    });
  });
});

test('random streams are uniform and independent of each other', () => {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const draws = (name: string, index = 0) => {
    const random = new Random(3, name, index);
    return Array.from({ length: 20_000 }, () => random.unit());
  };
  const a = draws('a');
  expect(Math.abs(mean(a) - 0.5)).toBeLessThan(0.01);
  for (const other of [draws('b'), draws('a', 1), draws('a', 2 ** 33)])
    expect(Math.abs(mean(a.map((x, i) => (x - 0.5) * ((other[i] ?? 0) - 0.5))))).toBeLessThan(0.003);
  // The first draw of neighbouring streams must be as even as a stream's own draws.
  const firsts = Array.from({ length: 20_000 }, (_, i) => new Random(3, 'parcel', i).unit());
  expect(Math.abs(mean(firsts) - 0.5)).toBeLessThan(0.01);
  expect(Math.abs(mean(firsts.slice(1).map((x, i) => (x - 0.5) * ((firsts[i] ?? 0) - 0.5))))).toBeLessThan(
    0.003,
  );
});
