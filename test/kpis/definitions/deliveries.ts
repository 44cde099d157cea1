import { DELIVERY_FIGURES, quantiles, type Comparison } from '../comparison';

const { mean, onTime, firstAttempt, otherwiseOnTime } = DELIVERY_FIGURES;
const DAY_OF_FIRST_STEP = `date '2000-01-03'`;
const DAYS = 'greatest(1, ceil(extract(epoch FROM r.passo) / 86400)::int)';
const stepOf = (day: string) =>
  `${DAY_OF_FIRST_STEP} + floor((${day} - ${DAY_OF_FIRST_STEP})::numeric / ${DAYS})::int * ${DAYS}`;
const local = (instant: string) => `(${instant} AT TIME ZONE fuso())::date`;

/** Of a lane's promise, from which on it is slow. */
const LANE_LIMIT = `(SELECT valor FROM limites WHERE nome = 'rota_media_prazo')`;

/** A place whose region nobody says stands for itself. */
const REGIONS = '(SELECT grafia, coalesce(regiao, lugar) AS regiao FROM grafias)';

/** Figures of delivered parcels: all time, by range, step and lane. */
export const DELIVERIES: readonly Comparison[] = [
  {
    name: 'indicadores_entrega',
    key: [],
    actual: 'SELECT * FROM indicadores_entrega',
    plain: `SELECT (SELECT count(*) FROM pk) AS total_pacotes, count(*) AS total_entregues, ${mean},
                   ${quantiles(50, 90, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime} FROM entregues`,
  },
  {
    name: 'entregas_no_periodo',
    key: ['n'],
    actual: 'SELECT r.n, f.* FROM periodos r, entregas_no_periodo(r.de, r.ate) AS f',
    plain: `SELECT r.n, count(s) AS entregas, ${mean}, ${quantiles(50, 90, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime}
            FROM periodos r LEFT JOIN entregues ON entrega BETWEEN r.de AND r.ate GROUP BY r.n`,
  },
  {
    name: 'entregas_no_periodo of all time',
    key: [],
    actual: `SELECT * FROM entregas_no_periodo('-infinity', 'infinity')`,
    plain: `SELECT count(*) AS entregas, ${mean}, ${quantiles(50, 90, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime} FROM entregues`,
  },
  {
    name: 'entregas_por_passo',
    key: ['n', 'time'],
    actual: 'SELECT r.n, f.* FROM periodos r, entregas_por_passo(r.de, r.ate, r.passo) AS f',
    plain: `SELECT r.n, (${stepOf('dia')})::timestamp AT TIME ZONE fuso() AS "time", count(*) AS entregas,
                   ${mean}, ${quantiles(50, 95)}, ${onTime}, ${otherwiseOnTime}
            FROM periodos r JOIN entregues
              ON dia BETWEEN ${stepOf(local('r.de'))} AND ${local('r.ate')}
            GROUP BY r.n, ${stepOf('dia')}`,
  },
  {
    name: 'entregas_por_rota',
    key: ['n', 'origem', 'destino'],
    actual: 'SELECT r.n, f.* FROM periodos r, entregas_por_rota(r.de, r.ate) AS f',
    plain: `SELECT r.n, origem, destino, origem || ' → ' || destino AS rota, count(*) AS entregas, ${mean},
                   ${quantiles(50, 90, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime}
            FROM periodos r JOIN nas_rotas ON entrega BETWEEN r.de AND r.ate GROUP BY r.n, origem, destino`,
  },
  {
    name: 'entregas_por_rota by region',
    key: ['n', 'origem', 'destino'],
    actual: `SELECT r.n, f.* FROM periodos r, entregas_por_rota(r.de, r.ate, 'região') AS f`,
    plain: `SELECT r.n, o.regiao AS origem, d.regiao AS destino, o.regiao || ' → ' || d.regiao AS rota, count(*) AS entregas, ${mean},
                   ${quantiles(50, 90, 95)}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime}
            FROM periodos r JOIN nas_rotas e ON entrega BETWEEN r.de AND r.ate
            JOIN ${REGIONS} AS o ON o.grafia = e.origem JOIN ${REGIONS} AS d ON d.grafia = e.destino GROUP BY r.n, o.regiao, d.regiao`,
  },
  {
    name: 'rotas_desde_ontem',
    key: ['origem', 'destino'],
    actual: 'SELECT * FROM rotas_desde_ontem',
    plain: `SELECT origem, destino, origem || ' → ' || destino AS rota, count(*) AS entregas, ${mean}, ${onTime}, ${firstAttempt}, ${otherwiseOnTime},
                   (min(extract(epoch FROM prazo)) * ${LANE_LIMIT})::float8 AS limite_segundos,
                   (avg(s) / (min(extract(epoch FROM prazo)) * ${LANE_LIMIT}))::float8 AS vezes_o_limite,
                   count(*) >= 20 AS suficiente
            FROM nas_rotas WHERE dia >= ${local('now()')} - 1 GROUP BY origem, destino`,
  },
  {
    name: 'limites_das_rotas',
    key: ['origem', 'destino'],
    actual: 'SELECT * FROM limites_das_rotas',
    plain: `SELECT origem, destino, count(*) AS entregas, ${quantiles(50, 95)},
                   min(extract(epoch FROM prazo))::float8 AS prazo_segundos
            FROM nas_rotas WHERE dia > ${local('now()')} - 30 GROUP BY origem, destino`,
  },
];
