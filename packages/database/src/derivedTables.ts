import type { ClientBase } from 'pg';

/** A table of sums that are kept up to date with the events: rows of one key, in slices to be added up. */
export interface DerivedTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly sums: readonly string[];
}

const DELIVERIES = ['entregas', 'segundos', 'no_prazo', 'na_primeira'];

/** All of them. The view of the same name in the schema `conferencia` is the plain definition of each, without slices. */
export const DERIVED_TABLES: readonly DerivedTable[] = [
  { name: 'resumo_status', keys: ['status'], sums: ['total', 'inicio_segundos'] },
  { name: 'resumo_entregas', keys: ['dia', 'balde'], sums: DELIVERIES },
  { name: 'resumo_entregas_rota', keys: ['dia', 'origem', 'destino', 'balde'], sums: DELIVERIES },
  { name: 'resumo_coortes', keys: ['dia', 'status', 'dias'], sums: ['total'] },
  { name: 'resumo_historico', keys: ['hora', 'status'], sums: ['eventos', 'variacao'] },
  { name: 'resumo_permanencia', keys: ['dia', 'status', 'balde'], sums: ['passagens', 'segundos'] },
  { name: 'resumo_atraso', keys: ['hora', 'balde'], sums: ['eventos', 'segundos'] },
];

/**
 * A query for what is missing from a derived table (negative: what it has too much), by key. Its rows, added to the table, make it
 * right: the columns are the table's own, without the slice.
 */
export function missingFrom({ name, keys, sums }: DerivedTable): string {
  const list = (columns: readonly string[], of: (column: string) => string) => columns.map(of).join(', ');
  return `
    SELECT ${list(keys, (k) => k)}, ${list(sums, (s) => `sum(${s}) AS ${s}`)}
    FROM (
      SELECT ${list([...keys, ...sums], (c) => c)} FROM conferencia.${name}
      UNION ALL
      SELECT ${list(keys, (k) => k)}, ${list(sums, (s) => `-${s}`)} FROM public.${name}
    ) AS d
    GROUP BY ${list(keys, (k) => k)}
    HAVING ${sums.map((s) => `sum(${s}) <> 0`).join(' OR ')}`;
}

/** Packages of which the row in `pacotes` is not what their events say, or of which one of the two is missing. */
export const WRONG_PACKAGES = `
  SELECT id_pacote::text AS id_pacote, to_jsonb(e) - 'id_pacote' AS esperado, to_jsonb(p) - 'id_pacote' AS encontrado
  FROM conferencia.pacotes e
  FULL JOIN (
    SELECT id_pacote, status_atual, data_status, ordem_status, data_inicio, data_entrega, data_tentativa FROM public.pacotes
  ) AS p USING (id_pacote)
  WHERE (e.status_atual, e.data_status, e.ordem_status, e.data_inicio, e.data_entrega, e.data_tentativa)
    IS DISTINCT FROM (p.status_atual, p.data_status, p.ordem_status, p.data_inicio, p.data_entrega, p.data_tentativa)`;

/** One thing that a derived table says and the events do not. */
export interface TableDifference {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Recomputes every derived table from the events, in one snapshot if the caller's transaction has one, and returns all differences. */
export async function findTableDifferences(client: Pick<ClientBase, 'query'>): Promise<TableDifference[]> {
  const differences: TableDifference[] = [];
  const compare = async (table: string, sql: string) => {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    for (const row of rows) differences.push({ table, row });
  };
  await compare('pacotes', WRONG_PACKAGES);
  for (const table of DERIVED_TABLES) await compare(table.name, missingFrom(table));
  return differences;
}
