import {
  DERIVED_TABLES,
  MISPLACED_EVENTS,
  missingFrom,
  WRONG_PARCELS,
  WRONG_PLACES,
} from '@rastreio/database';
import type { Client } from 'pg';

const queries = [
  ['eventos_corrigidos', MISPLACED_EVENTS],
  ['pacotes', WRONG_PARCELS],
  ['grafias', WRONG_PLACES],
  ...DERIVED_TABLES.map((table) => [table.name, missingFrom(table)]),
];
/** All of findTableDifferences in one statement, planned once a connection: property tests ask for it hundreds of times. */
const ALL = {
  name: 'differences',
  text: queries
    .map(([name, sql]) => `SELECT '${name}' AS name, to_jsonb(d) AS row FROM (${sql}) AS d`)
    .join(' UNION ALL '),
};

/** What any derived table says and the events do not. */
export async function tableDifferences(client: Client): Promise<unknown[]> {
  return (await client.query<{ name: string; row: unknown }>(ALL)).rows;
}

/** Messages that the accounting says were inserted and that are nowhere, or the reverse; null while nothing was. */
export async function unaccounted(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ n: number | null }>(
    'SELECT diferenca_contabil::float8 AS n FROM confiabilidade',
  );
  return rows[0]?.n ?? null;
}
