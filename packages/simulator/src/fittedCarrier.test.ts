import { STATUS_DELIVERED } from '@rastreio/contract';
import fc from 'fast-check';
import type { Carrier } from './carrier';
import { EventSample, type ObservedEvent } from './eventSample';
import { fittedCarrier } from './fittedCarrier';
import { resolveIncident } from './incidents';
import { Random } from './random';
import { DAY_MS, HOUR_MS } from './units';
import { formatSecond, worldEvents } from './world';

const START = Date.parse('2026-03-02T03:00:00Z');

type Dwell = (random: Random, lane: number) => number;

/** Parcels on six lanes, POSTADO to ENTREGUE in four steps whose whole time is drawn in days. */
function* parcels(
  n: number,
  days: Dwell,
  lives: Partial<{ end: (i: number) => boolean; status: string }> = {},
) {
  for (let i = 0; i < n; i++) {
    const random = new Random(5, 'parcel', i);
    const lane = i % 6;
    const postedMs = START + random.below(60 * 24) * HOUR_MS;
    const took = days(random, lane) * DAY_MS;
    const statuses = ['POSTADO', lives.status ?? 'EM TRÂNSITO', 'EM ROTA DE ENTREGA', STATUS_DELIVERED];
    for (const [step, status_rastreamento] of statuses.entries())
      if (step === 0 || lives.end?.(i) !== true || step < 2)
        yield {
          id_pacote: i + 1,
          origem: `origem ${lane}`,
          destino: 'destino',
          status_rastreamento,
          data_atualizacao: formatSecond(postedMs + (took * step) / 3),
        };
  }
}

function* theWorld(seed: number, n: number): Generator<ObservedEvent> {
  const world = { seed, startMs: START, postingIntervalMs: 200_000, maxParcels: n, incidents: [] };
  for (const { event } of worldEvents(world)) yield event;
}

function learn(events: Iterable<ObservedEvent>, sample = new EventSample()): Carrier {
  for (const event of events) sample.add(event);
  return fittedCarrier(sample);
}

function* fitted(carrier: Carrier, n: number, seed = 42): Generator<ObservedEvent> {
  const world = { seed, startMs: START, postingIntervalMs: 200_000, maxParcels: n, incidents: [], carrier };
  for (const { event } of worldEvents(world)) yield event;
}

interface Delivered {
  readonly lane: string;
  readonly days: number;
}

function deliveries(events: Iterable<ObservedEvent>): Delivered[] {
  const seen = new Map<number, { lane: string; first: number; end: number | undefined }>();
  for (const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } of events) {
    const at = Date.parse(data_atualizacao);
    const parcel = seen.get(id_pacote) ?? { lane: `${origem}>${destino}`, first: at, end: undefined };
    seen.set(id_pacote, parcel);
    parcel.first = Math.min(parcel.first, at);
    if (status_rastreamento === STATUS_DELIVERED) parcel.end = Math.max(parcel.end ?? 0, at);
  }
  return [...seen.values()].flatMap(({ lane, first, end }) =>
    end === undefined ? [] : [{ lane, days: (end - first) / DAY_MS }],
  );
}

/** As PostgreSQL's percentile_disc: of few parcels percentile_cont lies between two of them, where no fitted one does. */
function percentile(all: readonly Delivered[], p: number): number {
  return all.map((d) => d.days).sort((a, b) => a - b)[Math.ceil(p * all.length) - 1] ?? NaN;
}

const logNormal: Dwell = (random, lane) => random.logNormal(4 + lane, 0.9);
const twoModes: Dwell = (random) =>
  random.unit() < 0.85 ? random.logNormal(2, 0.1) : random.logNormal(20, 0.1);

test.each<[string, () => Iterable<ObservedEvent>]>([
  ['the default world', () => theWorld(11, 20_000)],
  ['a heavy tail', () => parcels(20_000, logNormal)],
  ['two modes', () => parcels(20_000, twoModes)],
  // An odd number, so that one of them is the p50.
  ['31 parcels', () => parcels(31, logNormal)],
  ['statuses outside the catalogue', () => parcels(5_000, logNormal, { status: 'ROTA ALTERADA' })],
  ['parcels that never end', () => parcels(5_000, logNormal, { end: (i) => i % 3 === 0 })],
])('the fitted world has the delivery times of its file: %s', (_title, file) => {
  const carrier = learn(file());
  const [was, is] = [deliveries(file()), deliveries(fitted(carrier, 60_000))];
  const quantiles = [0.5, 0.95, 0.99].map((p) => percentile(is, p) / percentile(was, p));
  expect(Math.max(...quantiles.map((q) => Math.abs(q - 1)))).toBeLessThan(0.05);
  const promises = new Map(carrier.promises().map((p) => [`${p.origem}>${p.destino}`, p.prazo_dias]));
  for (const promised of [(d: Delivered) => promises.get(d.lane) ?? NaN, () => 10]) {
    const late = (all: Delivered[]) => all.filter((d) => d.days > promised(d)).length / all.length;
    expect(Math.abs(late(is) - late(was))).toBeLessThan(0.03);
  }
  const share = (all: Delivered[], lane: string) => all.filter((d) => d.lane === lane).length / all.length;
  const busiest = was[0]?.lane ?? '';
  expect(Math.abs(share(is, busiest) - share(was, busiest))).toBeLessThan(0.03);
});

test('the same file and seed give the same events, another seed others, and steps are a minute apart', () => {
  const carrier = learn(parcels(500, logNormal));
  const events = [...fitted(carrier, 300)];
  expect([...fitted(learn(parcels(500, logNormal)), 300)]).toEqual(events);
  expect([...fitted(carrier, 300, 43)]).not.toEqual(events);
  const last = new Map<number, number>();
  const close = events.filter(({ id_pacote, data_atualizacao }) => {
    const at = Date.parse(data_atualizacao);
    const before = last.get(id_pacote) ?? -Infinity;
    last.set(id_pacote, at);
    return at - before < 60_000;
  });
  expect(close).toEqual([]);
});

test('parcels are kept whole, no more than asked for, whatever the order of the events', () => {
  const all = [...parcels(400, logNormal)];
  const size = { parcels: 100, events: 350 };
  const keep = (events: readonly ObservedEvent[]) => {
    const sample = new EventSample(size);
    for (const event of events) sample.add(event);
    return sample.lives();
  };
  const inOrder = keep(all);
  expect(inOrder.length).toBeGreaterThan(20);
  expect(inOrder.length).toBeLessThanOrEqual(100);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      const lives = keep(shuffled);
      expect(lives.length).toBeLessThanOrEqual(100);
      expect(lives.every(({ steps }) => steps.length === 4)).toBe(true);
      expect(lives.map(({ origem }) => origem).filter((o) => !/^origem \d$/.test(o))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('what is under way at the file’s end is left out, what was forgotten stays', () => {
  const late = START + 90 * DAY_MS;
  const open = (id_pacote: number, at: number, origem: string) => ({
    ...{ id_pacote, origem, destino: 'destino', status_rastreamento: 'POSTADO' },
    data_atualizacao: formatSecond(at),
  });
  const twoDays: Dwell = () => 2;
  const events = [...parcels(100, twoDays), open(901, late, 'under way'), open(902, START, 'forgotten')];
  const carrier = learn(events);
  expect(carrier.hasPlace('under way')).toBe(false);
  expect(carrier.hasPlace('forgotten')).toBe(true);
});

test('a frozen hub holds the parcels on their way to it', () => {
  const carrier = learn(parcels(2_000, logNormal));
  const incident = resolveIncident(
    { kind: 'frozen_hub', hub: 'destino', atMs: 10 * DAY_MS, forMs: 4 * DAY_MS },
    1,
    START,
    0,
    carrier.hubs,
  );
  const world = { seed: 1, startMs: START, postingIntervalMs: 600_000, maxParcels: 3_000, carrier };
  const during = (incidents: (typeof incident)[]) =>
    [...worldEvents({ ...world, incidents })].filter(
      ({ atMs, event }) =>
        event.status_rastreamento === STATUS_DELIVERED && atMs >= incident.fromMs && atMs < incident.toMs,
    ).length;
  expect(during([])).toBeGreaterThan(50);
  expect(during([incident])).toBe(0);
});

test('a file that teaches nothing is refused with what it lacks', () => {
  expect(() => learn([])).toThrow(/no valid event/);
  expect(() => learn([...parcels(10, logNormal)].slice(0, 3))).toThrow(/no parcel has an ENTREGUE/);
});
