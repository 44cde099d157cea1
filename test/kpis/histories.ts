import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { ReceivedEvent } from '@rastreio/database';
import fc from 'fast-check';

const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const MICROS_PER_HOUR = 3_600_000_000;

/** A time range as the functions take it. */
export interface Period {
  readonly de: string;
  readonly ate: string;
  readonly passo: string;
}

/** What one run of the property writes and asks. */
export interface History {
  readonly batches: readonly (readonly ReceivedEvent[])[];
  readonly periods: readonly Period[];
  readonly instants: readonly string[];
}

/** Instants on, just before and just after hours and days (of UTC and of the operator), or anywhere between; up to now and a little on. */
function anyInstant(today: number): fc.Arbitrary<string> {
  return fc
    .record({
      daysAgo: fc.constantFrom(0, 1, 2, 3, 28, 29, 30, 31),
      hour: fc.constantFrom(0, 1, 2, 3, 4, 11, 23),
      micros: fc.oneof(
        fc.constantFrom(-1, 0, 1),
        fc.constantFrom(0, 60_000_000, 1_800_000_000),
        fc.integer({ min: 0, max: MICROS_PER_HOUR }),
      ),
    })
    .map(({ daysAgo, hour, micros }) => isoMicros(today - daysAgo * MS_PER_DAY + hour * MS_PER_HOUR, micros));
}

/** Parcels without a promise of their own. */
const NEVER_PROMISED = new Set([1, 2]);
/** Parcels of which no event says a carrier. */
const WITHOUT_CARRIER = new Set([2, 3]);

function anyEvent(today: number): fc.Arbitrary<ReceivedEvent> {
  return fc
    .record({
      id_pacote: fc.constantFrom(1, 2, 3, 4, 5, 2_147_483_648),
      // No two of them sort differently by locale and by code point: that is reduceParcels' matter.
      lane: fc.constantFrom(['Natal', 'Paraíba'], ['Acre', 'Rondônia'], ['Natal', 'Rondônia']),
      status_rastreamento: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom('ENTREGUE', 'TENTATIVA DE ENTREGA', 'EM TRÂNSITO') },
        { weight: 1, arbitrary: fc.constantFrom('ROUBADO', 'ÁGUA') },
        {
          weight: 2,
          arbitrary: fc.constantFrom(...STATUS_CATALOGUE.map(({ status }) => status), 'ROUBADO', 'ÁGUA'),
        },
      ),
      data_atualizacao: anyInstant(today),
      // Before, at and after what happens, more than once for some parcels and never for others.
      promise: fc.oneof(
        { weight: 5, arbitrary: fc.constant(null) },
        { weight: 2, arbitrary: anyInstant(today) },
        { weight: 1, arbitrary: anyInstant(today + 3 * MS_PER_DAY).map((instant) => instant.slice(0, 10)) },
      ),
      carrier: fc.option(fc.constantFrom('CORREIOS', 'JADLOG'), { nil: undefined, freq: 2 }),
      // Carriers' clocks may be ahead of ours, and a file may come weeks late.
      delayMs: fc.oneof(
        fc.integer({ min: -5_000, max: 60_000 }),
        fc.integer({ min: 0, max: 20 * MS_PER_DAY }),
        fc.constantFrom(0, MS_PER_HOUR),
      ),
    })
    .map(({ lane, delayMs, promise, carrier, ...event }) => ({
      ...event,
      ...(promise === null || NEVER_PROMISED.has(event.id_pacote) ? {} : { prazo: promise }),
      ...(carrier === undefined || WITHOUT_CARRIER.has(event.id_pacote) ? {} : { transportadora: carrier }),
      origem: lane[0],
      destino: lane[1],
      recebido_em: Date.parse(event.data_atualizacao) + delayMs,
    }));
}

/** Late, repeated and corrected events in any split into batches, with ranges that often end on an event, an hour or a day. */
export function anyHistory(today: number): fc.Arbitrary<History> {
  return fc.array(anyEvent(today), { minLength: 1, maxLength: 50 }).chain((events) => {
    const instant = fc.oneof(fc.constantFrom(...events.map((e) => e.data_atualizacao)), anyInstant(today));
    const ends = fc.tuple(instant, instant).map(([a, b]) => (a <= b ? { de: a, ate: b } : { de: b, ate: a }));
    const steps = (...list: string[]) => fc.constantFrom(...list);
    const period = fc
      .tuple(
        ends,
        steps('05:00:00', '24:00:00', '50:00:00', '168:00:00'),
        steps('00:01:00', '01:00:00', '02:30:00'),
      )
      .map(([range, coarse, fine]) => ({ ...range, passo: hoursOf(range) < 30 ? fine : coarse }));
    return fc.record({
      batches: fc
        .record({
          order: fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
          cuts: fc.array(fc.nat({ max: 2 * events.length }), { maxLength: 4 }),
        })
        .map(({ order, cuts }) => split([...order, ...events], cuts)),
      periods: fc.array(period, { minLength: 3, maxLength: 3 }),
      instants: fc
        .array(instant, { minLength: 3, maxLength: 3 })
        .map((list) => [...list, '2001-01-01T00:00:00Z', '2100-01-01T00:00:00Z']),
    });
  });
}

function hoursOf({ de, ate }: { readonly de: string; readonly ate: string }): number {
  return (Date.parse(ate) - Date.parse(de)) / MS_PER_HOUR;
}

function split(events: readonly ReceivedEvent[], cuts: number[]): ReceivedEvent[][] {
  const bounds = [0, ...cuts.sort((a, b) => a - b), events.length];
  return bounds.slice(1).map((to, i) => events.slice(bounds[i], to));
}

/** An instant as the contract writes it. */
function isoMicros(epochMs: number, micros: number): string {
  const total = BigInt(epochMs) * 1000n + BigInt(micros);
  const second = new Date(Number(total / 1_000_000n) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(total % 1_000_000n).padStart(6, '0')}Z`;
}
