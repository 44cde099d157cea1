import type { ClientBase } from 'pg';
import {
  comparisonOf,
  CORRECTED,
  COUNT_CORRECTED,
  COUNT_PARCELS,
  COUNT_PLACES,
  DERIVED_TABLES,
  differs,
  MISPLACED_EVENTS,
  PARCELS,
  PLACES,
  WRONG_PARCELS,
  WRONG_PLACES,
} from './derivedTables';

/** How many rows of each kind are shown; the rest is only counted. */
const SHOWN = 20;

/**
 * What kind of difference: an event that counts and is taken back, or does neither; a row of sums that are not those of the definition; a parcel whose row is not what its events say;
 * a spelling that the dictionary of places lacks or has at a wrong place, or a lane that is judged by a wrong promise; events whose parcel has no row in `pacotes`; a row of `pacotes` without any event.
 */
type DifferenceKind =
  'misplaced' | 'places' | 'sums' | 'state' | 'events_without_parcel' | 'parcel_without_events';

interface KindOfDifference {
  readonly kind: DifferenceKind;
  readonly count: number;
  /** The first 20. Sums are what is missing from the table; negative: what it has too much. */
  readonly first: readonly Readonly<Record<string, unknown>>[];
}

/** What was found in one table. */
export interface ComparedTable {
  readonly table: string;
  /** Rows of the definition and of the table, by key (`pacotes`: parcels with a row or with events). */
  readonly compared: number;
  readonly differences: number;
  readonly kinds: readonly KindOfDifference[];
  readonly seconds: number;
}

/** What a comparison found, before it is timed. */
type Found = Pick<ComparedTable, 'compared' | 'kinds'>;

/** Compares one table with its definition, and with `add` adds what is missing to it, in the caller's transaction. */
export async function compareTable(
  client: Pick<ClientBase, 'query'>,
  name: string,
  { add = false }: { readonly add?: boolean } = {},
): Promise<ComparedTable> {
  const startedAt = performance.now();
  const { compared, kinds } =
    name === CORRECTED
      ? await compareCorrected(client)
      : name === PARCELS
        ? await compareParcels(client)
        : name === PLACES
          ? await comparePlaces(client)
          : await compareSums(client, name, add);
  return {
    table: name,
    compared,
    differences: kinds.reduce((sum, { count }) => sum + count, 0),
    kinds,
    seconds: Math.round(performance.now() - startedAt) / 1000,
  };
}

async function compareCorrected(client: Pick<ClientBase, 'query'>): Promise<Found> {
  const { rows } = await client.query<{ compared: number; misplaced: number }>(COUNT_CORRECTED);
  const [{ compared, misplaced: count } = { compared: 0, misplaced: 0 }] = rows;
  if (count === 0) return { compared, kinds: [] };
  const { rows: first } = await client.query<Record<string, unknown>>(`${MISPLACED_EVENTS} LIMIT ${SHOWN}`);
  return { compared, kinds: [{ kind: 'misplaced', count, first }] };
}

async function comparePlaces(client: Pick<ClientBase, 'query'>): Promise<Found> {
  const { rows } = await client.query<{ compared: number }>(COUNT_PLACES);
  const { rows: wrong } = await client.query<Record<string, unknown>>(WRONG_PLACES);
  const first = wrong.slice(0, SHOWN);
  return {
    compared: rows[0]?.compared ?? 0,
    kinds: wrong.length === 0 ? [] : [{ kind: 'places', count: wrong.length, first }],
  };
}

const SHOW_PARCELS: Readonly<Record<Exclude<DifferenceKind, 'sums' | 'misplaced' | 'places'>, string>> = {
  state: 'esperado IS NOT NULL AND encontrado IS NOT NULL',
  events_without_parcel: 'encontrado IS NULL',
  parcel_without_events: 'esperado IS NULL',
};

async function compareParcels(client: Pick<ClientBase, 'query'>): Promise<Found> {
  const { rows } = await client.query<Record<string, number>>(COUNT_PARCELS);
  const kinds: KindOfDifference[] = [];
  for (const [kind, condition] of Object.entries(SHOW_PARCELS)) {
    const count = rows[0]?.[kind] ?? 0;
    // A second look at everything, only where there is something to show.
    if (count > 0)
      kinds.push({
        kind: kind as DifferenceKind,
        count,
        first: (
          await client.query<Record<string, unknown>>(
            `SELECT id_pacote, esperado AS expected, encontrado AS found FROM (${WRONG_PARCELS}) AS w
             WHERE ${condition} LIMIT ${SHOWN}`,
          )
        ).rows,
      });
  }
  return { compared: rows[0]?.compared ?? 0, kinds };
}

async function compareSums(client: Pick<ClientBase, 'query'>, name: string, add: boolean): Promise<Found> {
  const { rows } = await client.query<{
    compared: number;
    count: number;
    first: Record<string, unknown>[] | null;
  }>(sumsSummary(name, add));
  const [{ compared, count, first } = { compared: 0, count: 0, first: [] }] = rows;
  return { compared, kinds: count === 0 ? [] : [{ kind: 'sums', count, first: first ?? [] }] };
}

// Slice 16: fatia_livre() never hands it out, so no writer waits for it, and only one rebuild runs at a time.
function sumsSummary(name: string, add: boolean): string {
  const table = DERIVED_TABLES.find((t) => t.name === name);
  if (table === undefined) throw new RangeError(`there is no derived table ${name}`);
  const { keys, sums } = table;
  const added = `,
    added AS (
      INSERT INTO public.${name} AS r (${[...keys, 'fatia', ...sums].join(', ')})
      SELECT ${[...keys, '16', ...sums].join(', ')} FROM m
      ON CONFLICT (${[...keys, 'fatia'].join(', ')}) DO UPDATE
        SET ${sums.map((s) => `${s} = r.${s} + excluded.${s}`).join(', ')}
    )`;
  return `
    WITH c AS MATERIALIZED (${comparisonOf(table)}),
    m AS MATERIALIZED (SELECT * FROM c WHERE ${differs(table)})${add ? added : ''}
    SELECT (SELECT count(*)::float8 FROM c) AS compared, (SELECT count(*)::float8 FROM m) AS count,
           (SELECT jsonb_agg(to_jsonb(f)) FROM (SELECT * FROM m ORDER BY ${keys.join(', ')} LIMIT ${SHOWN}) AS f) AS first`;
}
