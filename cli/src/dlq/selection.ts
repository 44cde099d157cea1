import { HEADER_PROFILE, type RejectionReason } from '@rastreio/contract';
import type { Place } from './place';

/** What has become of a dead letter, and the condition for it. */
export const STATES = {
  open: 'reprocessado_em IS NULL AND aceito_em IS NULL',
  replayed: 'reprocessado_em IS NOT NULL',
  accepted: 'reprocessado_em IS NULL AND aceito_em IS NOT NULL',
  all: 'true',
} as const;

export type StateFilter = keyof typeof STATES;
export type State = Exclude<StateFilter, 'all'>;

/** Which dead letters are meant: those that meet every condition that is there. */
export interface Selection {
  readonly state: StateFilter;
  readonly reasons?: readonly RejectionReason[] | undefined;
  readonly fields?: readonly string[] | undefined;
  /** Rejected at this time or later, ISO 8601. */
  readonly since?: string | undefined;
  /** Rejected before this time, ISO 8601. */
  readonly until?: string | undefined;
  readonly topic?: string | undefined;
  readonly partition?: number | undefined;
  readonly places?: readonly Place[] | undefined;
  /** Payloads of this source; letters that are named are not asked. */
  readonly profile?: string | undefined;
  /** Whose key or text has this word: a number, a tracking number in upper case without spaces, or CARRIER/CODE. */
  readonly parcel?: string | undefined;
}

/** A condition of SQL with its parameters $1 to $12; further ones start at {@link NEXT_PARAMETER}. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export const NEXT_PARAMETER = 13;

/** The selection as a condition on `eventos_rejeitados`. */
export function toCondition({ state, places, ...filter }: Selection): Condition {
  const sql = `(${STATES[state]})
    AND ($1::text[] IS NULL OR motivo = ANY ($1))
    AND ($2::text[] IS NULL OR campo = ANY ($2))
    AND ($3::timestamptz IS NULL OR rejeitado_em >= $3)
    AND ($4::timestamptz IS NULL OR rejeitado_em < $4)
    AND ($5::text IS NULL OR topico = $5)
    AND ($6::integer IS NULL OR particao = $6)
    AND ($7::text[] IS NULL OR ${isIn('$7', '$8', '$9', '$10')})
    AND ($11::text IS NULL OR $7::text[] IS NOT NULL OR cabecalhos->>'${HEADER_PROFILE}' = $11)
    AND ($12::text IS NULL OR ${TEXT} ~ $12)`;
  const parameters = [
    filter.reasons ?? null,
    filter.fields ?? null,
    filter.since ?? null,
    filter.until ?? null,
    filter.topic ?? null,
    filter.partition ?? null,
    ...placeColumns(places),
    filter.profile ?? null,
    filter.parcel === undefined ? null : wordPattern(filter.parcel),
  ];
  return { sql, parameters };
}

/** Key and value without their spaces and in capitals, as tracking numbers are compared; bytes beyond ASCII are escaped. */
const TEXT = `upper(regexp_replace(coalesce(encode(chave, 'escape'), '') || '|' || coalesce(encode(valor, 'escape'), ''), '\\s', '', 'g'))`;

/**
 * A pattern for a parcel's name as a whole word. Of CARRIER/CODE the code is enough: payloads mostly do not say the carrier.
 */
function wordPattern(name: string): string {
  const code = name.includes('/') ? name.slice(name.indexOf('/') + 1) : name;
  return `(^|[^0-9A-Z.])${code.replace(/[^0-9A-Z]/g, (character) => `\\${character}`)}([^0-9A-Z]|$)`;
}

/** What a place is made of, in their order. */
export const PLACE_COLUMNS = 'topico, particao, deslocamento, vida';

/** The condition that a letter's place is one of four array parameters. */
export const isIn = (topics: string, partitions: string, offsets: string, lives: string): string =>
  `(${PLACE_COLUMNS}) IN (SELECT * FROM unnest(${topics}::text[], ${partitions}::integer[], ${offsets}::bigint[], ${lives}::integer[]))`;

/** The four array parameters of {@link isIn}; nulls for no places. */
export function placeColumns(places: readonly Place[] | undefined): (readonly unknown[] | null)[] {
  if (places === undefined) return [null, null, null, null];
  return [
    places.map((p) => p.topico),
    places.map((p) => p.particao),
    places.map((p) => p.deslocamento),
    places.map((p) => p.vida),
  ];
}
