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

/** Few parcels and instants, in hours of two days. Its receipt follows from the instant, so that of two reports any may be the first. */
const anyReport: fc.Arbitrary<NumberedReceived> = fc
  .record({
    id_pacote: fc.constantFrom(1, 2),
    status_rastreamento: fc.constantFrom(...TEXTS),
    instant: fc.constantFrom(0, 3_600_000, 86_400_000),
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
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('map' as const, 'map' as const, 'unmap' as const),
      written: anyWritten,
      status: fc.constantFrom('ENTREGUE', 'entregue', 'Em trânsito', 'RETIDO'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'add' as const, status: 'Retido', rank: 25, terminal: false },
      { kind: 'add' as const, status: 'Perdido', rank: 75, terminal: true },
    ),
  },
);

/** Some edits, and then some of what they mapped taken back. */
const anyEdits: fc.Arbitrary<readonly WordEdit[]> = fc
  .record({
    edits: fc.array(anyEdit, { minLength: 1, maxLength: 5, size: 'max' }),
    back: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 4, size: 'max' }),
  })
  .map(({ edits, back }) => [
    ...edits,
    ...back.flatMap((i): WordEdit[] => {
      const edit = edits[i];
      return edit?.kind === 'map' ? [{ ...edit, kind: 'unmap' }] : [];
    }),
  ]);

export interface WordHistory {
  readonly batches: readonly (readonly NumberedReceived[])[];
  readonly edits: readonly TimedEdit[];
}

export interface TimedEdit {
  readonly edit: WordEdit;
  /** How many batches have to be written before it begins; the others are written meanwhile. */
  readonly after: number;
  /** The part of its work at which it is ended the first time; null: never. */
  readonly endedAt: number | null;
}

/** Reports and corrections in carriers' words, some twice, in batches, and what is done with the words meanwhile. */
export const anyWordHistory: fc.Arbitrary<WordHistory> = fc
  .array(anyReport, { minLength: 1, maxLength: 25, size: 'max' })
  .chain((messages) =>
    fc.record({
      batches: fc
        .record({
          order: fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length }),
          cuts: fc.array(fc.nat({ max: 2 * messages.length }), { maxLength: 5 }),
        })
        .map(({ order, cuts }) => splitAt([...order, ...messages], cuts)),
      edits: anyEdits.chain((edits) =>
        fc.tuple(
          ...edits.map((edit) =>
            fc.record({
              edit: fc.constant(edit),
              after: fc.nat({ max: 6 }),
              endedAt: fc.option(fc.nat({ max: 3 }), { nil: null, freq: 2 }),
            }),
          ),
        ),
      ),
    }),
  );
