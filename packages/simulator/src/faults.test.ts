import { createHash } from 'node:crypto';
import { createDecoder } from '@rastreio/contract';
import fc from 'fast-check';
import { withWrongClocks } from './clocks';
import { CSV_FORMAT, JSON_FORMAT } from './encode';
import { FAULTS, NO_FAULTS, withFaults, type FaultRates } from './faults';
import type { Message } from './message';
import { resolveIncident, type IncidentKind } from './incidents';
import { DAY_MS, HOUR_MS } from './units';
import { worldEvents, type TimedEvent } from './world';

const START = Date.parse('2026-10-01T00:00:00Z');
const decode = createDecoder({ now: () => START + 365 * DAY_MS, maxFutureSkewMs: 0 });
const { text } = JSON_FORMAT;

function events(n: number, seed = 42): TimedEvent[] {
  const taken: TimedEvent[] = [];
  const world = { seed, startMs: START, postingIntervalMs: 60_000, maxParcels: Infinity, incidents: [] };
  for (const event of worldEvents(world)) {
    if (taken.length >= n) break;
    taken.push(event);
  }
  return taken;
}

test('the same seed gives the same bytes, for ever', () => {
  const rates = {
    dup: 0.02,
    late: 0.02,
    malformed: 0.01,
    unknown: 0.01,
    naive: 0.01,
    future: 0.01,
    conflict: 0.01,
    clock: 0,
    mistake: 0,
  };
  const bytes = [...withFaults(events(5000), rates, 42)]
    .map((m) => `${m.dueMs} ${m.key} ${text(m)}\n`)
    .join('');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(
    'ca2cc01045fae2be56b2826836a2c9072482ec7048885d40e9545e5184f77035',
  );
});

test('every fault has a rate, and every rate a fault', () => {
  expect(Object.keys(FAULTS)).toEqual(Object.keys(NO_FAULTS));
});

test('switching a fault on changes no other message', () => {
  const key = (m: Message) => `${m.kind} ${m.dueMs} ${text(m)}`;
  const of = (kinds: readonly string[], rates: Partial<FaultRates>) =>
    [...withFaults(events(2000), { ...NO_FAULTS, ...rates }, 42)]
      .filter((m) => kinds.includes(m.kind))
      .map(key);
  const plain = of(['event'], {});
  expect(plain).toHaveLength(2000);
  for (const fault of ['dup', 'malformed', 'unknown', 'naive', 'future', 'conflict'] as const) {
    expect(of(['event'], { [fault]: 0.2 })).toEqual(plain);
    const kind = fault === 'dup' ? 'duplicate' : fault;
    const alone = of([kind], { [fault]: 0.2 });
    expect(alone.length).toBeGreaterThan(250);
    expect(
      of([kind], { dup: 0.2, malformed: 0.2, unknown: 0.2, naive: 0.2, future: 0.2, conflict: 0.2 }),
    ).toEqual(alone);
  }
});

test('each event is sent once besides its faults, due times rise, and the pipeline must say what was foreseen', () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  const rates = fc.record({
    dup: rate,
    late: rate,
    malformed: rate,
    unknown: rate,
    naive: rate,
    future: rate,
    conflict: rate,
    clock: rate,
    mistake: rate,
  });
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 1e6 }), (r, seed) => {
      const source = events(200, seed);
      const messages = [...withFaults(source, r, seed)];
      const sent = messages.filter((m) => m.kind === 'event' || m.kind === 'late').map(text);
      const shown = [...withWrongClocks(source, r.clock, seed)];
      expect(sent.sort()).toEqual(shown.map((e) => JSON.stringify(e.event)).sort());
      const distinct = messages.filter((m) => m.rejection === null && m.kind !== 'duplicate').map(text);
      expect(new Set(distinct).size).toBe(distinct.length);
      const known = new Set(distinct);
      const wrong = messages.flatMap((m, i) => {
        const result = decode(Buffer.from(text(m)));
        const said = result.ok ? null : result.rejections[0];
        const right = {
          order: m.dueMs >= (messages[i - 1]?.dueMs ?? 0),
          known: m.kind !== 'duplicate' || known.has(text(m)),
          line: !text(m).includes('\n'),
          foreseen: said?.reason === m.rejection?.reason && said?.field === m.rejection?.field,
        };
        return Object.values(right).includes(false) ? [{ text: text(m), said, right }] : [];
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('a wrong clock dates all events of an origin alike for six hours, and changes nothing else', () => {
  const source = events(20_000);
  const wrong = [...withWrongClocks(source, 0.1, 42)];
  const skews = wrong.map((e, i) => Date.parse(e.event.data_atualizacao) - (source[i]?.atMs ?? NaN));
  const share = skews.filter((skew) => skew !== 0).length / skews.length;
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.15);
  expect(Math.max(...skews)).toBeGreaterThan(20 * 60_000);
  expect(Math.min(...skews)).toBeLessThan(-20 * 60_000);
  expect(skews.filter((skew) => Math.abs(skew) > 45 * 60_000 + 1000)).toEqual([]);
  const byClock = new Map<string, Set<number>>();
  for (const [i, { atMs, event }] of wrong.entries()) {
    const clock = `${event.origem} ${Math.floor(atMs / (6 * HOUR_MS))}`;
    byClock.set(clock, (byClock.get(clock) ?? new Set<number>()).add(skews[i] ?? NaN));
  }
  expect([...byClock.values()].filter(({ size }) => size > 1)).toEqual([]);
  const others = (timed: readonly TimedEvent[]) =>
    timed.map((t) => ({ ...t, event: { ...t.event, data_atualizacao: '' } }));
  expect(others(wrong)).toEqual(others(source));
  expect([...withWrongClocks(source, 0, 42)]).toEqual(source);
});

describe('incidents of the feed', () => {
  const incident = (kind: IncidentKind, hub?: string) =>
    resolveIncident({ kind, hub, atMs: DAY_MS, forMs: 6 * HOUR_MS }, 42, START, 0);
  const [from, to] = [START + DAY_MS, START + DAY_MS + 6 * HOUR_MS];
  const run = (kind: IncidentKind, hub?: string) => [
    ...withFaults(events(8000), NO_FAULTS, 42, [incident(kind, hub)]),
  ];
  const during = (m: Message) => m.dueMs >= from && m.dueMs < to;
  const plain = [...withFaults(events(8000), NO_FAULTS, 42)];

  test('a silent carrier sends nothing meanwhile and everything afterwards', () => {
    expect(plain.filter(during).length).toBeGreaterThan(100);
    const silent = run('silence');
    expect(silent.filter(during)).toEqual([]);
    expect(silent.map(text).sort()).toEqual(plain.map(text).sort());
    const partly = run('silence', 'São Paulo');
    expect(partly.filter(during).length).toBeGreaterThan(50);
    expect(
      partly
        .filter(during)
        .map(text)
        .filter((t) => t.includes('"origem":"São Paulo"')),
    ).toEqual([]);
  });

  test('a doubled feed sends everything twice meanwhile', () => {
    const doubled = run('duplicated_feed');
    const again = doubled.filter((m) => m.kind === 'duplicate');
    expect(again.map(text).sort()).toEqual(plain.filter(during).map(text).sort());
    expect(doubled.filter((m) => m.kind === 'event').map(text)).toEqual(plain.map(text));
  });
});

test('CSV holds what CSV can hold', () => {
  const rates = { ...NO_FAULTS, malformed: 1 };
  const message = (body: Message['body']): Message => ({
    kind: 'event',
    dueMs: 0,
    key: '1',
    body,
    rejection: null,
  });
  expect(
    CSV_FORMAT.text(
      message({
        id_pacote: 1,
        origem: 'a"b',
        destino: 'c,d',
        status_rastreamento: 'x\ny',
        data_atualizacao: 'z',
      }),
    ),
  ).toBe('1,"a""b","c,d","x\ny",z');
  const broken = [...withFaults(events(300), rates, 42)].filter((m) => m.kind === 'malformed');
  expect(
    broken.filter((m) => typeof m.body === 'string').map((m) => CSV_FORMAT.text(m).startsWith('"')),
  ).not.toContain(false);
});
