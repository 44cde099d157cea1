import type { Comparison } from '../comparison';

const share = (status: string, name: string) =>
  `(count(*) FILTER (WHERE status = '${status}') / nullif(count(*), 0)::numeric)::float8 AS ${name}`;
const within = (days: number) =>
  `(count(*) FILTER (WHERE entrega - inicio < interval '${days * 24} hours') / count(*)::numeric)::float8 AS ate_${days}_dias`;
const count = (status: string, name: string) => `count(*) FILTER (WHERE status = '${status}') AS ${name}`;
/** Parcels by the status they had after the events, from the first on, for which the condition holds. */
const statusesAfter = (source: string, condition: string, columns: string) => `
  SELECT ${columns}, status_rastreamento, count(*) AS total_pacotes
  FROM (SELECT DISTINCT ON (${columns}, id_pacote) ${columns}, status_rastreamento
        FROM ${source} JOIN ev ON ${condition} AND conta ORDER BY ${columns}, id_pacote, k DESC) AS d
  GROUP BY ${columns}, status_rastreamento`;
/** The instants at which steps of whole hours, at least one, begin within the range, each with its range. */
const STEPS = `(
  SELECT r.n, timestamptz '2000-01-03Z' + k * h.passo AS "time"
  FROM periodos r
  CROSS JOIN LATERAL (SELECT make_interval(hours => greatest(1, ceil(extract(epoch FROM r.passo) / 3600)::int)) AS passo) AS h
  CROSS JOIN LATERAL generate_series(
    ceil(extract(epoch FROM r.de - timestamptz '2000-01-03Z') / extract(epoch FROM h.passo))::int,
    ceil(extract(epoch FROM r.ate - timestamptz '2000-01-03Z') / extract(epoch FROM h.passo))::int - 1) AS k
) AS t`;
const HISTORY = 'FROM periodos r, historico_de_status(r.de, r.ate, r.passo) AS f';

/** Parcels by status, now and at any moment. */
export const STATES: readonly Comparison[] = [
  {
    name: 'status_dos_pacotes',
    key: ['status_rastreamento'],
    actual: 'SELECT * FROM status_dos_pacotes',
    plain: 'SELECT status AS status_rastreamento, count(*) AS total_pacotes FROM pk GROUP BY 1',
  },
  {
    name: 'indicadores_abertos',
    key: [],
    actual: 'SELECT * FROM indicadores_abertos',
    plain: `SELECT count(*) AS abertos, avg(extract(epoch FROM now()) - extract(epoch FROM inicio))::float8 AS idade_media_segundos
            FROM pk WHERE NOT terminal`,
  },
  {
    name: 'taxas_de_desfecho',
    key: [],
    actual: 'SELECT * FROM taxas_de_desfecho',
    plain: `SELECT ${share('EXTRAVIADO', 'taxa_extraviados')}, ${share('DEVOLVIDO', 'taxa_devolvidos')},
                   ${share('CANCELADO', 'taxa_cancelados')} FROM pk`,
  },
  {
    name: 'coortes_no_periodo',
    key: ['n', 'dia'],
    actual: 'SELECT r.n, f.* FROM periodos r, coortes_no_periodo(r.de, r.ate) AS f',
    plain: `SELECT r.n, (inicio AT TIME ZONE fuso())::date AS dia, count(*) AS postados, count(entrega) AS entregues,
                   count(*) FILTER (WHERE NOT terminal) AS abertos, ${count('EXTRAVIADO', 'extraviados')},
                   ${count('DEVOLVIDO', 'devolvidos')}, ${count('CANCELADO', 'cancelados')}, ${[2, 5, 10].map(within).join(', ')},
                   (count(*) FILTER (WHERE entrega <= prometido) / count(*)::numeric)::float8
                     AS taxa_no_prazo
            FROM periodos r JOIN pk ON (inicio AT TIME ZONE fuso())::date
              BETWEEN (r.de AT TIME ZONE fuso())::date AND (r.ate AT TIME ZONE fuso())::date
            GROUP BY 1, 2`,
  },
  {
    name: 'status_em',
    key: ['n', 'status_rastreamento'],
    actual: 'SELECT i.n, f.* FROM instantes i, status_em(i.instante) AS f',
    plain: statusesAfter('instantes', 'data_evento <= instante', 'n'),
  },
  {
    name: 'historico_de_status',
    key: ['n', 'time', 'status_rastreamento'],
    // A status without parcels is a row with zero, so that a stack ends where it should; the next comparison counts rows.
    actual: `SELECT r.n, f.* ${HISTORY} WHERE f.total_pacotes <> 0`,
    plain: `${statusesAfter(STEPS, 'data_evento < t."time"', 'n, "time"')}
            UNION ALL ${statusesAfter('(SELECT n, ate AS "time" FROM periodos) AS t', 'data_evento <= t."time"', 'n, "time"')}`,
  },
  {
    name: 'historico_de_status, the same statuses at every step',
    key: ['n'],
    actual: `SELECT r.n, count(*) AS linhas ${HISTORY} GROUP BY r.n`,
    plain: `SELECT n, count(DISTINCT "time") * count(DISTINCT status_rastreamento) AS linhas
            FROM (SELECT r.n, f.* ${HISTORY}) AS h GROUP BY n`,
  },
];
