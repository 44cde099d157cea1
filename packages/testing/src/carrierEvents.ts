import { STATUS_CATALOGUE } from '@rastreio/contract';
import type { ReceivedEvent } from '@rastreio/database';
import fc from 'fast-check';
import { splitAt } from './events';

const maybe = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const always = fc.record({
  status_rastreamento: fc.constantFrom(...STATUS_CATALOGUE.map(({ status }) => status), 'ROUBADO', '🚚'),
  data_atualizacao: fc.integer({ min: 0, max: 7 }).map((n) => `2026-01-0${1 + n}T10:00:00.000000Z`),
  recebido_em: fc.constant(Date.UTC(2026, 10, 1)),
});
const details = {
  transportadora: maybe('CORREIOS', 'JADLOG'),
  prazo: maybe('2026-01-04', '2026-01-04T10:00:00.000000Z', '2026-01-07T00:00:00.000000Z', '2026-02-01'),
  prazo_em: maybe(
    '2026-01-02T10:00:00.000000Z',
    '2026-01-03T00:00:00.000000Z',
    '2026-02-09T08:00:00.000000Z',
  ),
  local: maybe('CTE Natal', 'Ág. "Centro"\n'),
};
const numbered = fc.record({
  id_pacote: fc.constantFrom(1, 2, Number.MAX_SAFE_INTEGER),
  origem: fc.constantFrom('Natal', 'Acre'),
  destino: fc.constantFrom('Paraíba', '🚚'),
  ...details,
});
const coded = fc.record({
  codigo: fc.constantFrom('A1', 'B2'),
  origem: maybe('Natal', 'Acre', '\uFFFD'),
  destino: maybe('Paraíba', '🚚'),
  ...details,
  transportadora: fc.constantFrom('CORREIOS', 'JADLOG'),
});

/** Events in a carrier's words: few parcels by number and by tracking number, few instants, and fields that are there or not. */
export const anyCarrierEvent: fc.Arbitrary<ReceivedEvent> = fc
  .tuple(always, fc.oneof(numbered, coded))
  .map(([event, { prazo_em, ...name }]) =>
    said({ ...event, ...name, prazo_em: name.prazo === undefined ? undefined : prazo_em }),
  );

/** Such events in some order, some of them twice, split into batches. */
export const anyCarrierBatches: fc.Arbitrary<{ events: ReceivedEvent[]; batches: ReceivedEvent[][] }> = fc
  .array(anyCarrierEvent, { minLength: 1, maxLength: 30 })
  .chain((events) =>
    fc
      .record({
        order: fc.shuffledSubarray([...events, ...events], { minLength: events.length }),
        cuts: fc.array(fc.nat({ max: 2 * events.length }), { maxLength: 5 }),
      })
      .map(({ order, cuts }) => ({ events, batches: splitAt([...order, ...events], cuts) })),
  );

/** Without the fields that are not there, as the contract's decoder gives events. */
function said(event: {
  readonly [Field in keyof ReceivedEvent]: ReceivedEvent[Field] | undefined;
}): ReceivedEvent {
  return Object.fromEntries(
    Object.entries(event).filter(([, value]) => value !== undefined),
  ) as unknown as ReceivedEvent;
}
