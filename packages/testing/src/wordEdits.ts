import type { NumberedReceived } from '@rastreio/database';
import fc from 'fast-check';
import { splitAt } from './events';

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

/** Texts of which some are statuses, some are one word in two spellings, and some are added as statuses. */
const TEXTS = [
  ...['POSTADO', 'EM TRÂNSITO', 'ENTREGUE'],
  ...['EM TRANSITO', 'SAIU À RUA', 'SAIU A RUA', 'CHEGOU', 'RETIDO', 'PERDIDO'],
];
const CARRIERS = ['CORREIOS', 'JADLOG'];
const CODES = ['01', '02'];

/** Few parcels and instants, in two hours of two days. Its receipt follows from the instant, so that of two reports any may be the first. */
const anyReport: fc.Arbitrary<NumberedReceived> = fc
  .record({
    id_pacote: fc.constantFrom(1, 2, 3),
    status_rastreamento: fc.constantFrom(...TEXTS),
    instant: fc.constantFrom(0, 60_000, 3_600_000, 86_400_000),
    origem: optional(fc.constantFrom('Natal', 'Acre')),
    destino: optional(fc.constantFrom('Natal', 'Acre')),
    transportadora: optional(fc.constantFrom(...CARRIERS)),
    codigo_evento: optional(fc.constantFrom(...CODES)),
    plain: fc.boolean(),
    correcao: fc.option(fc.constantFrom('mesmo' as const, 'anterior' as const), { nil: undefined, freq: 6 }),
  })
  .map(({ id_pacote, status_rastreamento, instant, plain, origem, destino, correcao, ...said }) => {
    const at = Date.UTC(2026, 0, 1) + instant;
    const key = {
      ...{ id_pacote, status_rastreamento, recebido_em: at + 5_000 },
      data_atualizacao: new Date(at).toISOString().replace('Z', '000Z'),
      ...(correcao === undefined ? {} : { correcao }),
    };
    const places = plain ? { origem: 'Natal', destino: 'Acre' } : { origem, destino, ...said };
    return Object.fromEntries(
      Object.entries({ ...key, ...places }).filter(([, value]) => value !== undefined),
    ) as unknown as NumberedReceived;
  });

/** What a person does with the words of a database. */
export type WordEdit =
  | { readonly kind: 'map' | 'unmap'; readonly written: Written; readonly status: string }
  | { readonly kind: 'add'; readonly status: string; readonly rank: number; readonly terminal: boolean };
interface Written {
  readonly carrier?: string;
  readonly kind: 'texto' | 'codigo';
  readonly word: string;
}

const anyWritten: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ kind: fc.constant('texto' as const), word: fc.constantFrom(...TEXTS.slice(3)) }),
  fc.record({
    kind: fc.constant('texto' as const),
    carrier: fc.constantFrom('Correios', 'Jadlog'),
    word: fc.constantFrom('Chegou', 'saiu à rua', 'Perdido'),
  }),
  fc.record({
    kind: fc.constant('codigo' as const),
    carrier: fc.constantFrom('Correios', 'Jadlog'),
    word: fc.constantFrom(...CODES),
  }),
);

const anyEdit: fc.Arbitrary<WordEdit> = fc.oneof(
  { weight: 4, arbitrary: edit('map') },
  { weight: 2, arbitrary: edit('unmap') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'add' as const, status: 'Retido', rank: 25, terminal: false },
      { kind: 'add' as const, status: 'Perdido', rank: 75, terminal: true },
    ),
  },
);

function edit(kind: 'map' | 'unmap'): fc.Arbitrary<WordEdit> {
  return fc.record({
    kind: fc.constant(kind),
    written: anyWritten,
    status: fc.constantFrom('POSTADO', 'Em trânsito', 'ENTREGUE', 'RETIDO'),
  });
}

export interface WordHistory {
  readonly batches: readonly (readonly NumberedReceived[])[];
  /** Each with the part of its work at which it is ended the first time; null: never. */
  readonly edits: readonly { readonly edit: WordEdit; readonly endedAt: number | null }[];
}

/** Reports and corrections in carriers' words, some twice, in batches, and what is done with the words meanwhile. */
export const anyWordHistory: fc.Arbitrary<WordHistory> = fc
  .array(anyReport, { minLength: 1, maxLength: 25 })
  .chain((messages) =>
    fc.record({
      batches: fc
        .record({
          order: fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length }),
          cuts: fc.array(fc.nat({ max: 2 * messages.length }), { maxLength: 5 }),
        })
        .map(({ order, cuts }) => splitAt([...order, ...messages], cuts)),
      edits: fc.array(
        fc.record({ edit: anyEdit, endedAt: fc.option(fc.nat({ max: 3 }), { nil: null, freq: 2 }) }),
        { minLength: 1, maxLength: 6 },
      ),
    }),
  );
