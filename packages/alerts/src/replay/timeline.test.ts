import fc from 'fast-check';
import type { Account, History } from './history';
import { chooseBy, END_MS, Timeline } from './timeline';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** A history of events that happened and were received at these milliseconds. */
function historyOf(
  events: readonly (readonly [happened: number, received: number])[],
  parts: Partial<History> = {},
): History {
  return {
    nowMs: 0,
    timeZone: 'UTC',
    accounts: [],
    rejected: [],
    settings: {},
    parcels: {},
    removedBeforeMs: undefined,
    events: {
      length: events.length,
      ids: Float64Array.from(events, (_, i) => i + 1),
      happenedMicros: Float64Array.from(events, ([happened]) => happened * 1000),
      receivedMs: Float64Array.from(events, ([, received]) => received),
      status: new Uint16Array(events.length),
      lane: new Uint32Array(events.length),
      statuses: ['POSTADO'],
      lanes: [['A', 'B', null]],
    },
    ...parts,
  };
}

function account(minuteMs: number, inserted: number, more: Partial<Account> = {}): Account {
  return {
    minuteMs,
    topic: 't',
    partition: 2,
    inserted,
    duplicate: 0,
    rejected: 0,
    receivedUntilMs: minuteMs + 59_000,
    ...more,
  };
}

/** The parcels whose events are written up to each instant. */
function idsUntil(timeline: Timeline, instants: readonly number[]): readonly (readonly number[])[] {
  return instants.map((ms) => {
    const {
      events: [from, to],
    } = timeline.advance(ms);
    return Array.from({ length: to - from }, (_, i) => timeline.event(from + i).id_pacote);
  });
}

test('an event is there from its receipt on, however late; or from when it happened', () => {
  const history = historyOf([
    [1000, 5000],
    [2000, 2500],
    [3000, 9000],
  ]);
  const received = new Timeline(history, 'received');
  expect(idsUntil(received, [2499, 2500, 5000, 10_000])).toEqual([[], [2], [1], [3]]);
  expect([0, 2499, 2500, 8999, 9000].map((ms) => received.writtenUntil(ms))).toEqual([0, 0, 1, 2, 3]);
  const happened = new Timeline(history, 'happened');
  expect(idsUntil(happened, [1000, 3000])).toEqual([[1], [2, 3]]);
  expect(happened.event(0)).toMatchObject({
    data_atualizacao: '1970-01-01T00:00:01.000000Z',
    recebido_em: 1000,
  });
});

test('what the consumer wrote an hour later is there an hour later', () => {
  const history = historyOf(
    [
      [0, 1000],
      [0, 70_000],
      [0, 80_000],
    ],
    {
      accounts: [account(0, 1), account(60 * MINUTE, 2)],
    },
  );
  expect(idsUntil(new Timeline(history, 'received'), [2000, 59 * MINUTE, 60 * MINUTE])).toEqual([
    [1],
    [],
    [2, 3],
  ]);
});

test('the accounts of the minute under way are what is there; those of a full minute are the database’s own', () => {
  const full = account(0, 2, { duplicate: 7, receivedUntilMs: 50_000 });
  const history = historyOf(
    [
      [0, 10_000],
      [0, 40_000],
    ],
    { accounts: [full] },
  );
  const timeline = new Timeline(history, 'received');
  expect(timeline.advance(20_000).accounts).toEqual([account(0, 1, { receivedUntilMs: 10_000 })]);
  expect(timeline.advance(MINUTE).accounts).toEqual([full]);
  expect(timeline.advance(END_MS).accounts).toEqual([]);
});

test('by when events happened, accounts follow them', () => {
  const timeline = new Timeline(
    historyOf(
      [
        [10_000, 9e9],
        [70_000, 9e9],
      ],
      { accounts: [account(9e9, 2)] },
    ),
    'happened',
  );
  const made = (minuteMs: number, receivedUntilMs: number) =>
    account(minuteMs, 1, { topic: 'historico', partition: 0, receivedUntilMs });
  expect(timeline.advance(80_000).accounts).toEqual([made(0, 10_000), made(MINUTE, 70_000)]);
});

test('a rejected message is open until it was settled', () => {
  const row = { deslocamento: 1, reprocessado_em: 'then', aceito_em: null, nota: 'why' };
  const history = historyOf([], { rejected: [{ row, rejectedMs: 1000, receivedMs: 900, settledMs: 5000 }] });
  const timeline = new Timeline(history, 'received');
  expect(timeline.advance(2000).rejected).toEqual([{ ...row, reprocessado_em: null, nota: null }]);
  expect(timeline.advance(4000).rejected).toEqual([]);
  expect(timeline.advance(5000).rejected).toEqual([row]);
});

test('whatever the steps: each event once, and the database’s accounts at the end', () => {
  const receipts = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 40 });
  const steps = fc.array(fc.integer({ min: 1, max: 25 * MINUTE }), { maxLength: 10 });
  fc.assert(
    fc.property(receipts, steps, fc.integer({ min: 0, max: 5 }), (list, instants, lag) => {
      const minutes = new Map<number, number>();
      for (const ms of list) {
        const minute = Math.floor(ms / MINUTE) * MINUTE + lag * MINUTE;
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      }
      const accounts = [...minutes]
        .sort(([a], [b]) => a - b)
        .map(([minute, count]) => account(minute, count));
      const timeline = new Timeline(
        historyOf(
          list.map((ms) => [ms, ms]),
          { accounts },
        ),
        'received',
      );
      const last = new Map<number, Account>();
      const ids: number[] = [];
      for (const ms of [...instants.sort((a, b) => a - b), END_MS]) {
        const {
          events: [from, to],
          accounts: rows,
        } = timeline.advance(ms);
        for (let place = from; place < to; place++) ids.push(timeline.event(place).id_pacote);
        for (const row of rows) last.set(row.minuteMs, row);
      }
      expect(ids.sort((a, b) => a - b)).toEqual(list.map((_, i) => i + 1));
      expect([...last.values()].sort((a, b) => a.minuteMs - b.minuteMs)).toEqual(accounts);
    }),
  );
});

test.each([
  ['received', 0.5],
  ['happened', 0.6],
] as const)('a range is replayed by %s where %d of it came over a day late', (by, late) => {
  const events = Array.from(
    { length: 10 },
    (_, i) => [10 * DAY, i < late * 10 ? 12 * DAY : 10 * DAY] as const,
  );
  const before = Array.from({ length: 50 }, () => [0, 20 * DAY] as const);
  expect(chooseBy(historyOf([...events, ...before]).events, 5 * DAY)).toEqual({ by, lateShare: late });
});
