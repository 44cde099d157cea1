import type { ClientBase } from 'pg';

/** A table of sums that are kept up to date with the events: rows of one key, in slices to be added up. */
export interface DerivedTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly sums: readonly string[];
}

const DELIVERIES = [
  'entregas',
  'segundos',
  'no_prazo',
  'na_primeira',
  'no_prazo_final',
  'tentativa_no_prazo',
];

/**
 * All of them. The view of the same name in the schema `conferencia` is the plain definition of each, without slices: over
 * `pacotes` or `ingestao` where triggers on these keep the table, over the events where the writer does.
 */
export const DERIVED_TABLES: readonly DerivedTable[] = [
  { name: 'resumo_status', keys: ['status'], sums: ['total', 'inicio_segundos'] },
  { name: 'resumo_entregas', keys: ['dia', 'balde'], sums: DELIVERIES },
  { name: 'resumo_entregas_rota', keys: ['dia', 'id_rota'], sums: DELIVERIES },
  { name: 'resumo_baldes_rota', keys: ['dia', 'id_rota', 'balde'], sums: ['entregas'] },
  { name: 'resumo_entregas_transportadora', keys: ['dia', 'transportadora'], sums: DELIVERIES },
  {
    name: 'resumo_baldes_transportadora',
    keys: ['dia', 'transportadora', 'balde'],
    sums: ['entregas'],
  },
  {
    name: 'resumo_postagem_transportadora',
    keys: ['dia', 'transportadora'],
    sums: ['pacotes', 'abertos'],
  },
  { name: 'resumo_coortes', keys: ['dia', 'status', 'dias'], sums: ['total', 'no_prazo'] },
  { name: 'resumo_historico', keys: ['hora', 'status'], sums: ['eventos', 'variacao'] },
  { name: 'resumo_permanencia', keys: ['dia', 'status', 'balde'], sums: ['passagens', 'segundos'] },
  { name: 'resumo_atraso', keys: ['hora', 'balde'], sums: ['eventos', 'segundos'] },
  { name: 'resumo_atraso_dia', keys: ['dia', 'balde'], sums: ['eventos'] },
  {
    name: 'resumo_ingestao',
    keys: ['hora', 'topico'],
    sums: ['consumidos', 'inseridos', 'duplicados', 'rejeitados'],
  },
];

/** The table that the first of them are made of, itself made of the events. */
export const PARCELS = 'pacotes';

/** Where events are that are taken back. */
export const CORRECTED = 'eventos_corrigidos';

/** The dictionary of places, by which lanes are put together and deliveries are judged. */
export const PLACES = 'grafias';

/** What db:verify and db:rebuild look at, in this order: each is made of those before it. */
export const VERIFIED_TABLES: readonly string[] = [
  CORRECTED,
  PARCELS,
  PLACES,
  ...DERIVED_TABLES.map(({ name }) => name),
];

/** A query for one row: of how many events it is to be told whether they are taken back, and of how many it is told wrongly. */
export const COUNT_CORRECTED = `
  SELECT count(*)::float8 AS compared, count(*) FILTER (WHERE conta <> deve_contar)::float8 AS misplaced
  FROM conferencia.eventos_corrigidos`;

/** Events that count although a correction takes them back (`conta`), or that do not and should. */
export const MISPLACED_EVENTS = `
  SELECT id_pacote::text, data_evento, status_rastreamento, conta FROM conferencia.eventos_corrigidos
  WHERE conta <> deve_contar ORDER BY 1, 2, 3`;

/** Puts the events of these parcels where they belong. Called with the lock of corrections held alone. */
export const REPAIR_CORRECTED = `
  SELECT public.aplica_correcoes(array_agg(DISTINCT id_pacote)) FROM conferencia.eventos_corrigidos WHERE conta <> deve_contar`;

/** How many spellings and promises of lanes there are to compare. */
export const COUNT_PLACES = `
  SELECT (SELECT count(*) FROM public.grafias)::float8 + (SELECT count(*) FROM public.prazos_julgados)::float8 AS compared`;

/**
 * Spellings that are written somewhere and not in the dictionary, those whose place is another one than the definition says, places with more
 * than one number or shown spelling, and promises of pairs of spellings that are not those of their lane.
 */
export const WRONG_PLACES = `
  SELECT e.grafia AS spelling, NULL AS found, dobra_lugar(e.grafia) AS expected
  FROM conferencia.lugares_escritos e WHERE NOT EXISTS (SELECT FROM public.grafias g WHERE g.grafia = e.grafia)
  UNION ALL
  SELECT grafia, concat_ws(' ', g.dita, g.nome, g.chave, g.regiao), concat_ws(' ', c.dita, c.nome, c.chave, c.regiao)
  FROM public.grafias g JOIN conferencia.grafias c USING (grafia)
  WHERE (g.dita, g.nome, g.chave, g.regiao) IS DISTINCT FROM (c.dita, c.nome, c.chave, c.regiao)
  UNION ALL
  SELECT min(grafia), 'numbers ' || string_agg(DISTINCT id_lugar::text, ', ') || ', shown ' || string_agg(DISTINCT lugar, ', '), chave
  FROM public.grafias GROUP BY chave
  HAVING count(DISTINCT id_lugar) > 1 OR count(DISTINCT lugar) > 1 OR NOT bool_or(grafia = lugar) OR (min(id_lugar) = 0) <> (chave = '(NAO INFORMADO)/')
    OR min(id_lugar) IN (SELECT o.id_lugar FROM public.grafias o WHERE o.chave <> grafias.chave)
  UNION ALL
  SELECT origem || ' → ' || destino, j.prazo::text, c.prazo::text
  FROM public.prazos_julgados j FULL JOIN conferencia.prazos_julgados c USING (origem, destino) WHERE j.prazo IS DISTINCT FROM c.prazo`;

/** Puts the dictionary right, and what is judged by it. */
export const REPAIR_PLACES = 'SELECT public.refaz_grafias()';

/** A query for definition minus table, one row for each key that either of the two has: the columns of the table without the slice. */
export function comparisonOf({ name, keys, sums }: DerivedTable): string {
  const key = keys.join(', ');
  return `
    SELECT ${key}, ${sums.map((s) => `sum(${s}) AS ${s}`).join(', ')}
    FROM (
      SELECT ${[...keys, ...sums].join(', ')} FROM conferencia.${name}
      UNION ALL
      SELECT ${key}, ${sums.map((s) => `-${s}`).join(', ')} FROM public.${name}
    ) AS d
    GROUP BY ${key}`;
}

/** The condition under which a row of {@link comparisonOf} says that something is missing (or, if negative, too much). */
export function differs({ sums }: DerivedTable): string {
  return sums.map((s) => `${s} <> 0`).join(' OR ');
}

/** A query for what is missing from a derived table. Its rows, added to the table, make it right. */
export function missingFrom(table: DerivedTable): string {
  return `SELECT * FROM (${comparisonOf(table)}) AS c WHERE ${differs(table)}`;
}

const STATE =
  'status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa, ' +
  'origem, destino, data_origem, par_origem, data_destino, par_destino, ' +
  'transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final';
const stateOf = (row: string) => STATE.replaceAll(/\w+/g, (column) => `${row}.${column}`);

/** Every parcel as its events have it (e) and as `pacotes` has it (p), either of which may be missing. */
const PAIRED_PARCELS = `
  conferencia.pacotes e FULL JOIN (SELECT id_pacote, ${STATE} FROM public.pacotes) AS p USING (id_pacote)`;
const STATE_DIFFERS = `(${stateOf('e')}) IS DISTINCT FROM (${stateOf('p')})`;

/** A query for one row: how many parcels there are, and how many of each kind that is wrong. */
export const COUNT_PARCELS = `
  SELECT count(*)::float8 AS compared,
         count(*) FILTER (WHERE p.id_pacote IS NULL)::float8 AS events_without_parcel,
         count(*) FILTER (WHERE e.id_pacote IS NULL)::float8 AS parcel_without_events,
         count(*) FILTER (WHERE e.id_pacote = p.id_pacote AND ${STATE_DIFFERS})::float8 AS state
  FROM ${PAIRED_PARCELS}`;

/**
 * Parcels of which the row in `pacotes` (`encontrado`) is not what their events say (`esperado`), or of which one of the two is
 * missing (null).
 */
export const WRONG_PARCELS = `
  SELECT id_pacote::text AS id_pacote, to_jsonb(e) - 'id_pacote' AS esperado, to_jsonb(p) - 'id_pacote' AS encontrado
  FROM ${PAIRED_PARCELS}
  WHERE ${STATE_DIFFERS}`;

/**
 * Sets the row of parcel $1 in `pacotes` to what its events say, and tells how many rows it changed. None if it is so, or if it has no events.
 * They are looked for at every instant: a wrong row does not say between which they are.
 */
export const REPAIR_PARCEL = `
  SELECT public.iguala_pacotes(array_agg(e))::int AS repaired
  FROM conferencia.pacotes_de(ARRAY[$1::bigint], '-infinity', 'infinity') AS e`;

/** One thing that a derived table says and the events do not. */
export interface TableDifference {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * Recomputes every derived table and returns all differences. While others write it needs a snapshot of the caller's (`inSnapshot`), or it
 * finds differences that are none.
 */
export async function findTableDifferences(client: Pick<ClientBase, 'query'>): Promise<TableDifference[]> {
  const differences: TableDifference[] = [];
  const compare = async (table: string, sql: string) => {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    for (const row of rows) differences.push({ table, row });
  };
  await compare(CORRECTED, MISPLACED_EVENTS);
  await compare(PARCELS, WRONG_PARCELS);
  await compare(PLACES, WRONG_PLACES);
  for (const table of DERIVED_TABLES) await compare(table.name, missingFrom(table));
  return differences;
}
