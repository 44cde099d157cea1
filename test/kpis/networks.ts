import type { ReceivedEvent } from '@rastreio/database';
import fc from 'fast-check';
import type { History } from './histories';

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const HOURS_PER_WEEK = 168;
const LANES = [
  ['Natal', 'Paraíba'],
  ['Acre', 'Rondônia'],
  ['Natal', 'Rondônia'],
] as const;

const anyParcel = fc.record({
  lane: fc.constantFrom(...LANES),
  weeksAgo: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4, 5),
  hoursAgo: fc.integer({ min: 0, max: 100 }),
  /** Minutes after the posting; what would be in the future is left out. */
  scans: fc.uniqueArray(fc.integer({ min: 1, max: 40 * 60 }), { maxLength: 3 }),
  failed: fc.boolean(),
  end: fc.constantFrom('ENTREGUE', 'ENTREGUE', 'ENTREGUE', 'EXTRAVIADO', 'EM ROTA DE ENTREGA', null),
  takesMinutes: fc.integer({ min: 30, max: 90 * 60 }),
  /** What its first, second, third event promises, in minutes after the posting; many say nothing. */
  promises: fc.oneof(
    fc.constant([]),
    fc.array(fc.option(fc.integer({ min: -60, max: 120 * 60 })), { minLength: 1, maxLength: 5 }),
  ),
});
type Parcel = typeof anyParcel extends fc.Arbitrary<infer T> ? T : never;

/** Few lanes with many deliveries of the last days, open parcels of all ages, and some of the same hours in past weeks. */
export function anyNetwork(now: number): fc.Arbitrary<History> {
  const span = fc
    .record({ endHoursAgo: fc.integer({ min: 0, max: 60 }), hours: fc.constantFrom(7, 24, 48, 168) })
    .map(({ endHoursAgo, hours }) => {
      const ate = now - endHoursAgo * MS_PER_HOUR;
      return { de: iso(ate - hours * MS_PER_HOUR), ate: iso(ate), passo: '24:00:00' };
    });
  return fc.record({
    batches: fc
      .array(anyParcel, { minLength: 20, maxLength: 120 })
      .map((parcels) => [parcels.flatMap((parcel, i) => eventsOf(parcel, i + 1, now))]),
    periods: fc.array(span, { minLength: 2, maxLength: 2 }),
    instants: fc.constant([]),
  });
}

function eventsOf(parcel: Parcel, id: number, now: number): ReceivedEvent[] {
  const { lane, weeksAgo, hoursAgo, scans, failed, end, takesMinutes, promises } = parcel;
  const posted = now - (weeksAgo * HOURS_PER_WEEK + hoursAgo) * MS_PER_HOUR;
  const steps: readonly (readonly [string, number])[] = [
    ['POSTADO', 0],
    ...scans.map(
      (minutes, i) => [i === 0 && failed ? 'TENTATIVA DE ENTREGA' : 'EM TRÂNSITO', minutes] as const,
    ),
    ...(end === null ? [] : [[end, takesMinutes] as const]),
  ];
  return steps
    .map(([status, minutes], i) => ({
      ...{ status, at: posted + minutes * MS_PER_MINUTE },
      promise: promises[i] ?? null,
    }))
    .filter(({ at }) => at <= now)
    .map(({ status, at, promise }) => ({
      ...{ id_pacote: id, origem: lane[0], destino: lane[1], status_rastreamento: status },
      ...(id % 3 === 0 ? {} : { transportadora: id % 3 === 1 ? 'CORREIOS' : 'JADLOG' }),
      data_atualizacao: iso(at).replace('Z', '000Z'),
      ...(promise === null ? {} : { prazo: iso(posted + promise * MS_PER_MINUTE).replace('Z', '000Z') }),
      recebido_em: Math.min(now, at + 20 * MS_PER_MINUTE),
    }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
