import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { PlainReceived } from '@rastreio/database';
import fc from 'fast-check';

/** Few parcels, instants and texts, so that ties, repetitions and late events are common. */
export const anyEvent: fc.Arbitrary<PlainReceived> = fc.record({
  id_pacote: fc.constantFrom(1, 2, 3, 2_147_483_648, Number.MAX_SAFE_INTEGER),
  origem: fc.constantFrom('Natal', 'Acre', 'São Paulo', 'tab\tnewline\\N', '🚚', '\uFFFD'),
  destino: fc.constantFrom('Paraíba', 'Rondônia', "O'Brien"),
  status_rastreamento: fc.constantFrom(
    ...STATUS_CATALOGUE.map(({ status }) => status),
    'ROUBADO',
    'ÁGUA',
    'ZÊNITE',
    '🚚',
    '\uFFFD',
  ),
  data_atualizacao: fc
    .integer({ min: 0, max: 12 })
    .map(
      (n) => `2026-0${1 + (n % 3)}-0${1 + (n % 7)}T10:${String(n % 2).padStart(2, '0')}:00.00000${n % 3}Z`,
    ),
  recebido_em: fc.constant(Date.UTC(2026, 10, 1)),
});

/** Events in some order, some of them twice, split into batches. */
export const anyBatches: fc.Arbitrary<{ events: PlainReceived[]; batches: PlainReceived[][] }> = fc
  .array(anyEvent, { minLength: 1, maxLength: 40 })
  .chain((events) =>
    fc
      .record({
        order: fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
        cuts: fc.array(fc.nat({ max: 2 * events.length }), { maxLength: 6 }),
      })
      .map(({ order, cuts }) => ({ events, batches: splitAt([...order, ...events], cuts) })),
  );

/** A list cut at some places, in whatever order they are given. */
export function splitAt<T>(events: readonly T[], cuts: readonly number[]): T[][] {
  const bounds = [0, ...cuts.toSorted((a, b) => a - b), events.length];
  return bounds.slice(1).map((to, i) => events.slice(bounds[i], to));
}
