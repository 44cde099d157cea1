import { isKnownStatus, STATUS_CATALOGUE } from '@rastreio/contract';
import fc from 'fast-check';
import type { PlainReceived } from './batch';
import { followPassages, totalMicros, type LatestEvent, type Passages } from './passages';

const MICROS_PER_HOUR = 3_600_000_000;
const START = Date.UTC(2026, 1, 27, 22) * 1000;

/** Steps of a parcel: often none or a microsecond across an hour or a day, sometimes years. */
const anyStep = fc.oneof(
  fc.integer({ min: 1, max: 2 * MICROS_PER_HOUR }),
  fc.constantFrom(1, 24_999, 25_000, MICROS_PER_HOUR - 1, MICROS_PER_HOUR, 24 * MICROS_PER_HOUR),
  fc.integer({ min: 1, max: 12 * 365 * 24 * MICROS_PER_HOUR }),
);
const anyStatus = fc.oneof(
  fc.constantFrom(...STATUS_CATALOGUE.map(({ status }) => status)),
  fc.constantFrom('ENTREGUE', '', 'ROUBADO'),
);
const anyParcel = fc.record({
  stored: fc.nat({ max: 3 }),
  steps: fc.array(
    fc.record({ step: anyStep, status: anyStatus, delayMs: fc.integer({ min: -90_000, max: 1e10 }) }),
    { minLength: 1, maxLength: 8 },
  ),
});

interface Followed {
  readonly id: number;
  /** Since 1970. */
  readonly micros: number;
  readonly status: string;
  readonly recebido_em: number;
}

/** Parcels from event to event, the first few of some of them stored before, mixed without disturbing the order within one. */
const anyPassages = fc
  .tuple(fc.array(anyParcel, { minLength: 1, maxLength: 6 }), fc.infiniteStream(fc.nat()))
  .map(([parcels, choices]) => {
    const latest = new Map<number, LatestEvent>();
    const before = new Map<number, Followed[]>();
    const queues = parcels.map(({ stored, steps }, i) => {
      let micros = START;
      const events: Followed[] = steps.map(({ step, status, delayMs }) => {
        micros += step;
        return { id: i + 1, micros, status, recebido_em: Math.floor(micros / 1000) + delayMs };
      });
      const first = events.splice(0, stored);
      const last = first.at(-1);
      before.set(i + 1, first);
      if (last !== undefined)
        latest.set(i + 1, { status: last.status, micros: last.micros, current: plainCurrent(first) ?? '' });
      return events;
    });
    const events: Followed[] = [];
    for (;;) {
      const waiting = queues.filter((queue) => queue.length > 0);
      if (waiting.length === 0) return { before, latest, events };
      const next = waiting[(choices.next().value as number) % waiting.length]?.shift();
      if (next !== undefined) events.push(next);
    }
  });

test('events, changes, dwell and delay are those of the plain definition, for all parcels or some', () => {
  fc.assert(
    fc.property(anyPassages, fc.func(fc.boolean()), ({ before, latest, events }, follows) => {
      const list = events.map(received);
      const previous = Int32Array.from(events, ({ id }, i) =>
        events.slice(0, i).findLastIndex((e) => e.id === id),
      );
      expect(flat(followPassages(list, previous, latest))).toEqual(plain(events, before));
      const some = events.filter(({ id }) => follows(id));
      expect(flat(followPassages(list, previous, latest, ({ id_pacote }) => follows(id_pacote)))).toEqual(
        plain(some, before),
      );
    }),
    { numRuns: 150 },
  );
});

test('sums beyond what a double holds are exact', () => {
  expect(totalMicros({ seconds: 9_007_199_254_740_991, micros: 3_000_001 })).toBe('9007199254740994000001');
});

function received({ id, micros, status, recebido_em }: Followed): PlainReceived {
  const second = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const fraction = String(micros % 1e6).padStart(6, '0');
  return {
    ...{ id_pacote: id, origem: 'Natal', destino: 'Paraíba', status_rastreamento: status },
    ...{ data_atualizacao: `${second}.${fraction}Z`, recebido_em },
  };
}

/** Rows as text, so that their order does not matter. */
function flat({ history, dwell, delay }: Passages): string[] {
  return [
    ...history.map((r) => `history ${iso(r.hour)} ${r.status}: ${r.events} ${r.change}`),
    ...dwell.map((r) => `dwell ${iso(r.day)} ${r.status} ${r.bucket}: ${r.count} ${totalMicros(r)}`),
    ...delay.map((r) => `delay ${iso(r.hour)} ${r.bucket}: ${r.count} ${totalMicros(r)}`),
  ].sort();
}

/** Of a parcel's events in order: the latest known one's status where that is final and the latest is unknown, else the latest's. */
function plainCurrent(events: readonly Followed[]): string | undefined {
  const known = events.findLast(({ status }) => isKnownStatus(status))?.status;
  const latest = events.at(-1)?.status;
  const isFinal = STATUS_CATALOGUE.some(({ status, terminal }) => terminal && status === known);
  return latest !== undefined && !isKnownStatus(latest) && isFinal ? known : latest;
}

function plain(events: readonly Followed[], stored: ReadonlyMap<number, readonly Followed[]>): string[] {
  const sums = new Map<string, [bigint, bigint]>();
  const add = (key: string, ...[a, b]: [number, number]) => {
    const [x, y] = sums.get(key) ?? [0n, 0n];
    sums.set(key, [x + BigInt(a), y + BigInt(b)]);
  };
  const hour = (micros: number) => `${iso(micros).slice(0, 13)}:00:00.000Z`;
  const day = (micros: number) => `${iso(micros).slice(0, 10)}T00:00:00.000Z`;
  events.forEach(({ id, micros, status, recebido_em }, i) => {
    const earlier = [...(stored.get(id) ?? []), ...events.slice(0, i).filter((e) => e.id === id)];
    const before = earlier.at(-1);
    add(`history ${hour(micros)} ${status}`, 1, 0);
    const [left, entered] = [plainCurrent(earlier), plainCurrent([...earlier, events[i] as Followed])];
    if (left !== entered || left === status) {
      if (entered !== undefined) add(`history ${hour(micros)} ${entered}`, 0, 1);
      if (left !== undefined) add(`history ${hour(micros)} ${left}`, 0, -1);
    }
    if (before !== undefined) {
      const stayed = micros - before.micros;
      add(`dwell ${day(micros)} ${before.status} ${plainBucket(stayed)}`, 1, stayed);
    }
    const delay = recebido_em * 1000 - micros;
    add(`delay ${hour(recebido_em * 1000)} ${plainBucket(delay)}`, 1, delay);
  });
  return [...sums].map(([key, [a, b]]) => `${key}: ${a} ${b}`).sort();
}

/** The recurrence of SQL, step by step. */
function plainBucket(micros: number): number {
  let bucket = 0;
  for (let ms = 25; ms * 1000 <= micros; ms += Math.max(1, Math.floor((ms * 4) / 100))) {
    bucket++;
    if (ms >= 315_360_000_000) break;
  }
  return bucket;
}

function iso(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString();
}
