import type { Comparison } from '../comparison';

const local = (instant: string) => `(${instant} AT TIME ZONE fuso())::date`;
const TODAY = local('now()');
/** Each list and who is in it. The limits are the table's defaults. */
const LISTS: Readonly<Record<string, string>> = {
  prometidos_hoje: `${local('prometido_em')} = ${TODAY} AND status NOT IN ('EM ROTA DE ENTREGA', 'AGUARDANDO RETIRADA')`,
  atrasados_parados: `now() > prometido_em AND now() - data_status > interval '48 hours'`,
  esquecidos: `status = 'POSTADO' AND data_status = inicio AND now() - inicio > interval '48 hours'`,
  tentativa_falhou: `tentativa IS NOT NULL AND entrega IS NULL`,
  quebras_amanha: `${local('prometido_em')} = ${TODAY} + 1`,
};
/** How many of the lane's deliveries took longer: each counts by the part of its bucket that lies above. */
const longerThan = (duration: string) => `
  (SELECT sum(CASE WHEN balde(e.entrega - e.inicio) > balde(${duration}) THEN 1
                   WHEN balde(e.entrega - e.inicio) < balde(${duration}) OR balde(${duration}) = 0 THEN 0
                   ELSE (l[balde(${duration}) + 1] - extract(epoch FROM ${duration}) * 1000000)
                        / (l[balde(${duration}) + 1] - l[balde(${duration})]) END)::float8
   FROM nas_rotas e, limites_dos_baldes() AS l
   WHERE e.origem = a.origem AND e.destino = a.destino AND e.dia > ${TODAY} - 30)`;
const OPEN = `(
  SELECT a.*, CASE WHEN now() >= prometido_em THEN 1
                   ELSE ${longerThan('(a.prometido_em - a.inicio)')} / nullif(${longerThan('(now() - a.inicio)')}, 0) END AS risco
  FROM (SELECT pk.*, pk.prometido AS prometido_em FROM pk WHERE NOT terminal) AS a
) AS o`;
const seconds = (from: string, name: string) => `extract(epoch FROM now() - ${from})::float8 AS ${name}`;
/** A share of the open packages, and at least so many. */
const limit = (name: string, least: string) =>
  `greatest(${least}, count(*) * (SELECT valor FROM limites WHERE nome = 'torre_${name}')) AS ${name}`;
const limitsOf = (list: string) =>
  `${limit(`${list}_aviso`, '1')}, ${limit(`${list}_critico`, `(SELECT valor FROM limites WHERE nome = 'torre_minimo')`)}`;

/** The control tower, with any number of deliveries enough for an estimate. */
export const TOWER: readonly Comparison[] = [
  {
    name: 'torre',
    key: [],
    actual: 'SELECT * FROM torre WHERE EXISTS (SELECT FROM pacotes)',
    plain: `SELECT ${Object.entries(LISTS)
      .map(([list, condition]) => {
        const figure =
          list === 'quebras_amanha'
            ? `coalesce(sum(risco) FILTER (WHERE ${condition}), 0)::float8 AS quebras_amanha,
               count(*) FILTER (WHERE ${condition} AND risco IS NULL) AS quebras_amanha_sem_estimativa`
            : `count(*) FILTER (WHERE ${condition}) AS ${list}`;
        return `${figure}, ${limitsOf(list)}`;
      })
      .join(', ')} FROM ${OPEN} WHERE true HAVING EXISTS (SELECT FROM pk)`,
  },
  {
    name: 'torre_das_transportadoras',
    key: ['transportadora'],
    actual: 'SELECT * FROM torre_das_transportadoras',
    plain: `SELECT coalesce(transportadora, '(não informada)') AS transportadora, count(*) AS abertos, ${Object.entries(
      LISTS,
    )
      .filter(([list]) => list !== 'quebras_amanha')
      .map(([list, condition]) => `count(*) FILTER (WHERE ${condition}) AS ${list}`)
      .join(', ')} FROM ${OPEN} GROUP BY 1`,
  },
  ...Object.entries(LISTS).map(([list, condition]) => ({
    name: `lista_da_torre('${list}')`,
    key: ['k'],
    actual: `SELECT f.* FROM lista_da_torre('${list}', NULL) WITH ORDINALITY
             AS f (id_pacote, rota, status_atual, prometido_em, atraso_segundos, parado_segundos, idade_segundos, risco, k)`,
    plain: `SELECT id_pacote::text AS id_pacote, origem || ' → ' || destino AS rota, status AS status_atual, prometido_em,
                   ${seconds('prometido_em', 'atraso_segundos')}, ${seconds('data_status', 'parado_segundos')},
                   ${seconds('inicio', 'idade_segundos')}, risco,
                   row_number() OVER (ORDER BY ${list === 'quebras_amanha' ? 'risco DESC NULLS LAST, ' : ''}prometido_em, id_pacote) AS k
            FROM ${OPEN} WHERE ${condition}`,
  })),
  {
    name: 'abertos_por_idade',
    key: ['ordem'],
    actual: 'SELECT * FROM abertos_por_idade',
    plain: `SELECT faixa, ordem, count(dias) AS total
            FROM (VALUES ('até 1 dia', 1, 1), ('1 a 2 dias', 2, 2), ('2 a 3 dias', 3, 3), ('3 a 5 dias', 4, 5), ('5 a 10 dias', 5, 10),
                         ('10 a 30 dias', 6, 30), ('mais de 30 dias', 7, NULL)) AS f (faixa, ordem, ate)
            LEFT JOIN (SELECT extract(epoch FROM now() - inicio) / 86400 AS dias FROM pk WHERE NOT terminal) AS a
              ON (dias <= ate OR ate IS NULL) AND NOT EXISTS (SELECT FROM (VALUES (1), (2), (3), (5), (10), (30)) AS m (menor)
                                                              WHERE dias <= menor AND (menor < ate OR ate IS NULL))
            WHERE EXISTS (SELECT FROM pk) GROUP BY faixa, ordem`,
  },
  {
    name: 'parados_por_status',
    key: ['status_rastreamento'],
    actual: 'SELECT * FROM parados_por_status',
    plain: `SELECT status AS status_rastreamento, count(*) AS parados,
                   max(extract(epoch FROM now() - data_status))::float8 AS mais_antigo_segundos
            FROM pk JOIN limites_dos_status l ON l.status_rastreamento = status
            WHERE NOT terminal AND extract(epoch FROM now() - data_status)::float8 > l.p99_segundos GROUP BY status`,
  },
  {
    name: 'historico_das_rotas',
    key: ['origem', 'destino'],
    actual: 'SELECT origem, destino, entregas FROM historico_das_rotas',
    plain: `SELECT origem, destino, count(*) AS entregas FROM nas_rotas WHERE dia > ${TODAY} - 30 GROUP BY origem, destino`,
  },
];
