import { compareText, statusRank, type Correction } from '@rastreio/contract';
import type { NumberedReceived } from '@rastreio/database';
import fc from 'fast-check';
import { anyEvent, splitAt } from './events';

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const saidPlace = fc.constantFrom('Natal', 'Acre', 'São Paulo');

/** Few parcels, one of them with a number that the database gave. */
const anyParcelEvent = fc
  .tuple(anyEvent, fc.constantFrom(1, 2, -3))
  .map(([event, id_pacote]) => ({ ...event, id_pacote }));

/** What a report says beside the event's key: plain places, or details with places left out among them. */
const anySaid = fc.oneof(
  fc.record({ origem: saidPlace, destino: saidPlace }),
  fc
    .record({
      origem: optional(saidPlace),
      destino: optional(saidPlace),
      transportadora: optional(fc.constantFrom('CORREIOS', 'ÁGIL')),
      local: optional(fc.constantFrom('CTE Natal', 'CDD Acre')),
      prazo: optional(fc.constantFrom('2026-03-09T02:59:59.999999Z', '2026-04-01T00:00:00.000000Z')),
      prazo_em: optional(fc.constantFrom('2026-01-05T10:00:00.000000Z', '2026-03-05T00:00:00.000000Z')),
    })
    .map(({ prazo_em, ...fields }) => ({
      ...fields,
      prazo_em: fields.prazo === undefined ? undefined : prazo_em,
    })),
);

/** An event whose receipt follows from what it is, so that the first report of two is any. */
const anyReport: fc.Arbitrary<NumberedReceived> = fc
  .tuple(anyParcelEvent, anySaid)
  .map(([event, fields]) => report(event, fields));

function report(event: NumberedReceived, fields: object): NumberedReceived {
  const { id_pacote, status_rastreamento, data_atualizacao } = event;
  const recebido_em = Date.parse(data_atualizacao) + 1_000 * status_rastreamento.length;
  return said({ id_pacote, status_rastreamento, data_atualizacao, recebido_em, ...fields });
}

const anyCorrection: fc.Arbitrary<NumberedReceived> = fc
  .tuple(anyParcelEvent, fc.constantFrom<Correction>('mesmo', 'anterior'))
  .map(([event, correcao]) => ({ ...event, correcao }));

export interface CorrectedHistory {
  /** Messages that differ. */
  readonly messages: readonly NumberedReceived[];
  /** The same in some order, some of them twice, split into batches. */
  readonly batches: readonly (readonly NumberedReceived[])[];
}

/** Events, some of them reported twice in different words, and corrections, of which some take back one of the events. */
export const anyCorrectedHistory: fc.Arbitrary<CorrectedHistory> = fc
  .record({
    events: fc.array(anyReport, { minLength: 1, maxLength: 25 }),
    again: fc.array(fc.tuple(fc.nat({ max: 24 }), anySaid), { maxLength: 6 }),
    aimed: fc.array(fc.nat({ max: 24 }), { maxLength: 4 }),
    others: fc.array(anyCorrection, { maxLength: 4 }),
  })
  .map(({ events, again, aimed, others }) => [
    ...events,
    ...again.flatMap(([i, fields]): NumberedReceived[] => {
      const event = events[i];
      return event === undefined ? [] : [report(event, fields)];
    }),
    ...others,
    ...aimed.flatMap((i): NumberedReceived[] => {
      const event = events[i];
      return event === undefined ? [] : [{ ...event, correcao: 'mesmo' }];
    }),
  ])
  .chain((messages) =>
    fc
      .record({
        order: fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length }),
        rest: fc.shuffledSubarray(messages, { minLength: messages.length }),
        cuts: fc.array(fc.nat({ max: 2 * messages.length }), { maxLength: 6 }),
      })
      .map(({ order, rest, cuts }) => ({ messages, batches: splitAt([...order, ...rest], cuts) })),
  );

/** What of an event tells it from others. */
export function keyOf({ id_pacote, data_atualizacao, status_rastreamento }: NumberedReceived): string {
  return `${id_pacote}/${data_atualizacao}/${status_rastreamento}`;
}

/**
 * The plain definition of corrections: the reports of the events that are left. Gone is what a correction "mesmo" names; then each correction
 * "anterior", in the order of (instant, status), takes back the latest event that is left and not after its own instant.
 */
export function remainingReports(messages: readonly NumberedReceived[]): NumberedReceived[] {
  const corrections = new Map(
    messages.filter(({ correcao }) => correcao !== undefined).map((c) => [`${c.correcao} ${keyOf(c)}`, c]),
  );
  const left = new Map<string, NumberedReceived>();
  for (const report of messages)
    if (report.correcao === undefined && !corrections.has(`mesmo ${keyOf(report)}`))
      left.set(keyOf(report), report);
  const previous = [...corrections.values()]
    .filter(({ correcao }) => correcao === 'anterior')
    .sort(
      (a, b) =>
        compareText(a.data_atualizacao, b.data_atualizacao) ||
        compareText(a.status_rastreamento, b.status_rastreamento),
    );
  for (const correction of previous) {
    const [latest] = [...left.values()]
      .filter(
        (e) => e.id_pacote === correction.id_pacote && e.data_atualizacao <= correction.data_atualizacao,
      )
      .sort((a, b) => compareEvents(b, a));
    if (latest !== undefined) left.delete(keyOf(latest));
  }
  return messages.filter((report) => report.correcao === undefined && left.has(keyOf(report)));
}

function compareEvents(a: NumberedReceived, b: NumberedReceived): number {
  return (
    compareText(a.data_atualizacao, b.data_atualizacao) ||
    statusRank(a.status_rastreamento) - statusRank(b.status_rastreamento) ||
    compareText(a.status_rastreamento, b.status_rastreamento)
  );
}

/** Without the fields that are not said. */
function said(event: object): NumberedReceived {
  return Object.fromEntries(
    Object.entries(event).filter(([, value]) => value !== undefined),
  ) as unknown as NumberedReceived;
}
