import { quantiles, type Comparison } from '../comparison';

const utcDay = (instant: string) => `(${instant} AT TIME ZONE 'UTC')::date`;
const mean = 'avg(s)::float8 AS tempo_medio_segundos';
const dwell = `count(*) AS passagens, ${mean}, ${quantiles(50, 90, 95, 99)}`;

/** What happened within a range: passages from status to status, receipts, messages. */
export const FLOWS: readonly Comparison[] = [
  {
    name: 'permanencia_no_periodo',
    key: ['n', 'status_rastreamento'],
    actual: 'SELECT r.n, f.* FROM periodos r, permanencia_no_periodo(r.de, r.ate) AS f',
    plain: `SELECT r.n, status AS status_rastreamento, ${dwell}
            FROM periodos r JOIN passagens ON ${utcDay('fim')} BETWEEN ${utcDay('r.de')} AND ${utcDay('r.ate')}
            GROUP BY r.n, status`,
  },
  {
    name: 'permanencia_no_periodo from the beginning',
    key: ['status_rastreamento'],
    actual: `SELECT * FROM permanencia_no_periodo('-infinity', 'infinity')`,
    plain: `SELECT status AS status_rastreamento, ${dwell} FROM passagens GROUP BY status`,
  },
  {
    name: 'limites_dos_status',
    key: ['status_rastreamento'],
    actual: 'SELECT * FROM limites_dos_status',
    plain: `SELECT status AS status_rastreamento, count(*) AS passagens, ${quantiles(50, 99)} FROM passagens GROUP BY status`,
  },
  {
    name: 'atraso_no_periodo',
    key: ['n'],
    actual: 'SELECT r.n, f.* FROM periodos r, atraso_no_periodo(r.de, r.ate) AS f',
    plain: `SELECT r.n, count(s) AS eventos, ${mean}, ${quantiles(50, 95, 99)}
            FROM periodos r LEFT JOIN (
              SELECT date_trunc('hour', recebido_em, 'UTC') AS hora, extract(epoch FROM recebido_em - data_evento) AS s FROM ev
            ) AS e ON hora <= r.ate AND hora + interval '1 hour' > r.de
            GROUP BY r.n`,
  },
  {
    name: 'ingestao_no_periodo',
    key: ['n'],
    actual: 'SELECT r.n, f.* FROM periodos r, ingestao_no_periodo(r.de, r.ate) AS f',
    plain: `SELECT r.n, coalesce(sum(consumidos), 0) AS consumidos, coalesce(sum(inseridos), 0) AS inseridos,
                   coalesce(sum(duplicados), 0) AS duplicados, coalesce(sum(rejeitados), 0) AS rejeitados,
                   (sum(rejeitados) / nullif(sum(consumidos), 0))::float8 AS taxa_rejeitados
            FROM periodos r LEFT JOIN ingestao ON minuto <= r.ate AND minuto + interval '1 minute' > r.de GROUP BY r.n`,
  },
  {
    name: 'frescor',
    key: ['topico'],
    actual: 'SELECT * FROM frescor',
    plain: `SELECT DISTINCT ON (topico) topico, recebido_ate,
                   (extract(epoch FROM now()) - extract(epoch FROM recebido_ate))::float8 AS segundos
            FROM ingestao WHERE minuto > now() - interval '168 hours' ORDER BY topico, recebido_ate DESC`,
  },
];
