import { DELIVERY_FIGURES, quantiles, type Comparison } from '../comparison';

/** Ends and lengths of periods that are compared with those before them. */
const SPANS = `(SELECT n, ate, passo AS periodo FROM periodos UNION ALL SELECT 100 + n, ate, ate - de FROM periodos WHERE de < ate) AS s`;
const IN_PERIOD = `entrega > ate - periodo AND entrega <= ate`;
const BEFORE = `entrega > ate - 2 * periodo AND entrega <= ate - periodo`;
const TOTALS = `(
  SELECT s.n, s.ate, s.periodo, count(*) FILTER (WHERE ${BEFORE}) AS n0, count(*) FILTER (WHERE ${IN_PERIOD}) AS n1,
         avg(no_prazo::int) FILTER (WHERE ${BEFORE}) AS r0, avg(no_prazo::int) FILTER (WHERE ${IN_PERIOD}) AS r1
  FROM ${SPANS} LEFT JOIN entregues ON true GROUP BY s.n, s.ate, s.periodo
)`;

/** What lanes did against their promise, and against the time before. */
export const LANES: readonly Comparison[] = [
  {
    name: 'mudanca_total',
    key: ['n'],
    actual: `SELECT s.n, f.* FROM ${SPANS}, mudanca_total(s.ate, s.periodo) AS f`,
    plain: `SELECT n, n0 AS entregas_antes, n1 AS entregas, r0::float8 AS taxa_antes, r1::float8 AS taxa, (r1 - r0)::float8 AS mudanca
            FROM ${TOTALS} AS t`,
  },
  {
    name: 'mudanca_no_prazo',
    key: ['n', 'rota'],
    actual: `SELECT s.n, f.* FROM ${SPANS}, mudanca_no_prazo(s.ate, s.periodo) AS f`,
    plain: `SELECT n, rota, l0 AS entregas_antes, l1 AS entregas, q0::float8 AS taxa_antes, q1::float8 AS taxa,
                   (por_taxa)::float8 AS contribuicao_taxa, por_mistura::float8 AS contribuicao_mistura,
                   (por_taxa + por_mistura)::float8 AS contribuicao
            FROM (
              SELECT *, (coalesce(q1, q0) - coalesce(q0, q1)) * (l0 / n0::numeric + l1 / n1::numeric) / 2 AS por_taxa,
                     (l1 / n1::numeric - l0 / n0::numeric) * ((coalesce(q0, q1) + coalesce(q1, q0)) / 2 - (r0 + r1) / 2) AS por_mistura
              FROM (
                SELECT t.n, n0, n1, r0, r1, origem || ' → ' || destino AS rota,
                       count(*) FILTER (WHERE ${BEFORE}) AS l0, count(*) FILTER (WHERE ${IN_PERIOD}) AS l1,
                       avg(no_prazo::int) FILTER (WHERE ${BEFORE}) AS q0, avg(no_prazo::int) FILTER (WHERE ${IN_PERIOD}) AS q1
                FROM ${TOTALS} AS t JOIN entregues ON ${IN_PERIOD} OR ${BEFORE} WHERE n0 > 0 AND n1 > 0
                GROUP BY t.n, n0, n1, r0, r1, origem, destino
              ) AS l
            ) AS p`,
  },
  {
    name: 'the parts of mudanca_no_prazo add up exactly',
    key: ['n'],
    actual: `SELECT s.n, sum(f.contribuicao) = max(t.mudanca) AS todas,
                    bool_and(f.contribuicao_taxa + f.contribuicao_mistura = f.contribuicao) AS cada
             FROM ${SPANS} CROSS JOIN LATERAL mudanca_no_prazo(s.ate, s.periodo) AS f
             CROSS JOIN LATERAL mudanca_total(s.ate, s.periodo) AS t GROUP BY s.n`,
    plain: `SELECT n, true AS todas, true AS cada FROM ${TOTALS} AS t WHERE n0 > 0 AND n1 > 0`,
  },
  {
    name: 'comparacao_por_rota',
    key: ['n', 'origem', 'destino'],
    actual: 'SELECT r.n, f.* FROM periodos r, comparacao_por_rota(r.de, r.ate) AS f',
    plain: `SELECT n, origem, destino, origem || ' → ' || destino AS rota, coalesce(entregas, 0) AS entregas, tempo_medio_segundos,
                   p50_segundos, p95_segundos, taxa_no_prazo, taxa_na_primeira, coalesce(entregas_antes, 0) AS entregas_antes,
                   p50_antes, p95_antes, taxa_antes, taxa_no_prazo_final, taxa_tentativa_no_prazo
            FROM (SELECT n, origem, destino, count(*) AS entregas, avg(s)::float8 AS tempo_medio_segundos, ${quantiles(50, 95)},
                         avg(no_prazo::int)::float8 AS taxa_no_prazo, avg(na_primeira::int)::float8 AS taxa_na_primeira, ${DELIVERY_FIGURES.otherwiseOnTime}
                  FROM periodos JOIN nas_rotas ON entrega BETWEEN de AND ate GROUP BY n, origem, destino) AS agora
            FULL JOIN (SELECT n, origem, destino, count(*) AS entregas_antes, avg(no_prazo::int)::float8 AS taxa_antes,
                              ${quantiles(50, 95).replaceAll('_segundos', '_antes')}
                       FROM periodos JOIN nas_rotas ON entrega >= de - 28 * interval '24 hours' AND entrega < de
                       GROUP BY n, origem, destino) AS antes USING (n, origem, destino)`,
  },
];
