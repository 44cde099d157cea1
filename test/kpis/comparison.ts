import type { Client } from 'pg';
import type { Period } from './histories';

/** A view or function beside what it is defined to be; both give one row per key. */
export interface Comparison {
  readonly name: string;
  readonly key: readonly string[];
  readonly actual: string;
  /** Over the events, in the words of {@link WORLD}. */
  readonly plain: string;
}

/** The spelling of the place that is shown; which place that is, test/kpis/places.test.ts checks. */
const shown = (spelling: string) =>
  `coalesce((SELECT g.lugar FROM grafias g WHERE g.grafia = ${spelling}), ${spelling})`;

/**
 * What the plain definitions are written in: time ranges, instants and choices of places; the events, the parcels as the events say
 * they are, the deliveries, the passages from event to event. No derived table is read.
 */
const WORLD = `
  periodos AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS t (n int, de timestamptz, ate timestamptz, passo interval)
  ),
  instantes AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($2::jsonb) AS t (n int, instante timestamptz)),
  -- By the place's spelling that is shown, which any other spelling chooses as well.
  escolhas AS MATERIALIZED (
    SELECT lugares, ARRAY(SELECT ${shown('u')} FROM unnest(origens) AS u) AS origens, ARRAY(SELECT ${shown('u')} FROM unnest(destinos) AS u) AS destinos
    FROM (VALUES
      (0, '{}'::text[], '{}'::text[]), (1, '{Natal}', '{}'), (2, '{}', '{Rondônia,Paraíba}'), (3, '{Acre,Natal}', '{Rondônia}'),
      (4, '{Nenhures}', '{}')
    ) AS t (lugares, origens, destinos)
  ),
  numerados AS MATERIALIZED (
    SELECT e.*, coalesce(c.ordem, 0) AS ordem, coalesce(c.terminal, false) AS terminal, c.status IS NOT NULL AS conhecido,
           row_number() OVER (PARTITION BY id_pacote ORDER BY data_evento, coalesce(c.ordem, 0), status_rastreamento COLLATE "C") AS k
    FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  ),
  -- An event counts for the current status unless it is unknown and the latest known one before it is final.
  ev AS MATERIALIZED (
    SELECT n.*, n.conhecido OR NOT coalesce((
      SELECT a.terminal FROM numerados a WHERE a.id_pacote = n.id_pacote AND a.conhecido AND a.k < n.k ORDER BY a.k DESC LIMIT 1
    ), false) AS conta
    FROM numerados n
  ),
  pk AS MATERIALIZED (
    SELECT p.id_pacote, ${shown('p.origem')} AS origem, ${shown('p.destino')} AS destino, p.origem AS origem_escrita, p.destino AS destino_escrito,
           l.status_rastreamento AS status, l.terminal, l.data_evento AS data_status,
           f.inicio, f.entrega, f.tentativa,
           z.prazo, f.proprio, f.proprio_final, f.transportadora,
           -- The deadline: the parcel's own promise, else its lane's, else the default.
           coalesce(f.proprio, f.inicio + extract(epoch FROM z.prazo) * interval '1 second') AS prometido,
           coalesce(f.proprio_final, f.inicio + extract(epoch FROM z.prazo) * interval '1 second') AS prometido_final
    FROM pacotes p
    JOIN LATERAL (
      SELECT coalesce((SELECT z.prazo FROM prazos z WHERE ${shown('z.origem')} = ${shown('p.origem')} AND ${shown('z.destino')} = ${shown('p.destino')}),
                      (SELECT z.prazo FROM prazos z WHERE z.origem = '*')) AS prazo
    ) AS z ON true
    JOIN LATERAL (SELECT * FROM ev WHERE ev.id_pacote = p.id_pacote AND conta ORDER BY k DESC LIMIT 1) AS l ON true
    JOIN LATERAL (
      SELECT min(data_evento) AS inicio,
             max(data_evento) FILTER (WHERE status_rastreamento = 'ENTREGUE') AS entrega,
             min(data_evento) FILTER (WHERE status_rastreamento = 'TENTATIVA DE ENTREGA') AS tentativa,
             (array_agg(dito ORDER BY dito_em, dito) FILTER (WHERE dito IS NOT NULL))[1] AS proprio,
             (array_agg(dito_final ORDER BY dito_final_em DESC, dito_final DESC) FILTER (WHERE dito IS NOT NULL))[1] AS proprio_final,
             (array_agg(detalhes->>'transportadora' ORDER BY data_evento, detalhes->>'transportadora' COLLATE "C")
                FILTER (WHERE detalhes ? 'transportadora'))[1] AS transportadora
      FROM (
        -- Two reports of one event may promise two things, and each at another moment than the event's.
        SELECT ev.*, (detalhes->>'prazo')::timestamptz AS dito, coalesce((detalhes->>'prazo_em')::timestamptz, data_evento) AS dito_em,
               coalesce(detalhes->>'prazo_final', detalhes->>'prazo')::timestamptz AS dito_final,
               coalesce((CASE WHEN detalhes ? 'prazo_final' THEN detalhes->>'prazo_final_em' ELSE detalhes->>'prazo_em' END)::timestamptz, data_evento)
                 AS dito_final_em
        FROM ev
      ) AS ev WHERE ev.id_pacote = p.id_pacote
    ) AS f ON true
  ),
  entregues AS MATERIALIZED (
    SELECT *, extract(epoch FROM entrega - inicio) AS s, (entrega AT TIME ZONE fuso())::date AS dia,
           coalesce(entrega <= prometido, false) AS no_prazo, coalesce(tentativa > entrega, true) AS na_primeira,
           coalesce(entrega <= prometido_final, false) AS no_prazo_final,
           coalesce(entrega <= prometido OR tentativa <= prometido, false) AS tentativa_no_prazo
    FROM pk WHERE entrega IS NOT NULL
  ),
  -- Those between places that somebody said.
  nas_rotas AS MATERIALIZED (SELECT * FROM entregues WHERE '(não informado)' NOT IN (origem, destino)),
  passagens AS MATERIALIZED (
    SELECT a.id_pacote, a.status_rastreamento AS status, b.data_evento AS fim, extract(epoch FROM b.data_evento - a.data_evento) AS s
    FROM ev a JOIN ev b ON b.id_pacote = a.id_pacote AND b.k = a.k + 1
  )`;

/** Quantiles of the column \`s\` by PostgreSQL's own aggregate; durations below zero count as zero. */
export function quantiles(...percents: readonly number[]): string {
  return percents
    .map(
      (p) =>
        `percentile_cont(${p / 100}) WITHIN GROUP (ORDER BY CASE WHEN s < 0 THEN 0 ELSE s END::float8) AS p${p}_segundos`,
    )
    .join(', ');
}

/** Mean and shares of \`entregues\`, null over nothing. */
export const DELIVERY_FIGURES = {
  mean: 'avg(s)::float8 AS tempo_medio_segundos',
  onTime: 'avg(no_prazo::int)::float8 AS taxa_no_prazo',
  firstAttempt: 'avg(na_primeira::int)::float8 AS taxa_na_primeira',
  /** The other two definitions of on time. */
  otherwiseOnTime:
    'avg(no_prazo_final::int)::float8 AS taxa_no_prazo_final, avg(tentativa_no_prazo::int)::float8 AS taxa_tentativa_no_prazo',
};

/** One statement, so that all of it sees one snapshot and one now(). */
function comparisonQuery(comparisons: readonly Comparison[]): string {
  const rowsOf = (sql: string) => `coalesce((SELECT jsonb_agg(to_jsonb(x)) FROM (${sql}) AS x), '[]')`;
  const one = ({ actual, plain }: Comparison, i: number) =>
    `SELECT ${i} AS i, ${rowsOf(actual)} AS actual, ${rowsOf(plain)} AS plain`;
  return `WITH ${WORLD} ${comparisons.map(one).join(' UNION ALL ')}`;
}

type Row = Readonly<Record<string, unknown>>;

/** Everything in which a view or function differs from its definition, in words; empty when all are right. */
export async function findDifferences(
  client: Client,
  comparisons: readonly Comparison[],
  { periods, instants }: { readonly periods: readonly Period[]; readonly instants: readonly string[] },
): Promise<string[]> {
  const { rows } = await client.query<{ i: number; actual: Row[]; plain: Row[] }>(
    comparisonQuery(comparisons),
    [
      JSON.stringify(periods.map((period, n) => ({ n, ...period }))),
      JSON.stringify(instants.map((instante, n) => ({ n, instante }))),
    ],
  );
  return rows.flatMap(({ i, actual, plain }) => differences(comparisons[i] as Comparison, actual, plain));
}

function differences({ name, key }: Comparison, actual: readonly Row[], plain: readonly Row[]): string[] {
  const byKey = (rows: readonly Row[]) =>
    new Map(rows.map((row) => [JSON.stringify(key.map((k) => row[k])), row]));
  const [found, wanted] = [byKey(actual), byKey(plain)];
  const problems =
    found.size === actual.length ? [] : [`${name}: a key more than once in ${JSON.stringify(actual)}`];
  for (const id of new Set([...found.keys(), ...wanted.keys()])) {
    const [is, should] = [found.get(id), wanted.get(id)];
    if (is === undefined || should === undefined || !sameRow(is, should))
      problems.push(`${name}: ${JSON.stringify(is)} should be ${JSON.stringify(should)}`);
  }
  return problems;
}

function sameRow(is: Row, should: Row): boolean {
  const columns = Object.keys(should);
  return (
    JSON.stringify(Object.keys(is).sort()) === JSON.stringify([...columns].sort()) &&
    columns.every((column) => sameValue(column, is[column], should[column]))
  );
}

function sameValue(column: string, is: unknown, should: unknown): boolean {
  if (typeof is !== 'number' || typeof should !== 'number') return is === should;
  return Math.abs(is - should) <= allowedError(column, should);
}

function allowedError(column: string, should: number): number {
  // The width of a bucket. Below 25 ms all durations share one.
  if (/^p\d\d_/.test(column)) return 0.04 * should + 0.025;
  // Multiples of 2^-40, the parts of a change, and what rounding left over.
  if (/^(taxa|mudanca|contribuicao)/.test(column)) return 1e-10;
  return 1e-12 * Math.abs(should);
}
