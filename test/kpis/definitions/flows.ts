import { quantiles, type Comparison } from '../comparison';

const utcDay = (instant: string) => `(${instant} AT TIME ZONE 'UTC')::date`;
const mean = 'avg(s)::float8 AS tempo_medio_segundos';
/** What is below the first bucket, negative delays among it, counts together and never as less than nothing. */
const meanDelay = `((coalesce(sum(s) FILTER (WHERE s >= 0.025), 0) + greatest(coalesce(sum(s) FILTER (WHERE s < 0.025), 0), 0))
  / nullif(count(s), 0))::float8 AS tempo_medio_segundos`;
const dwell = `count(*) AS passagens, ${mean}, ${quantiles(50, 90, 95, 99)}`;

const HOURS = '3600 * greatest(1, ceil(extract(epoch FROM r.passo) / 3600))';
const DAYS = '86400 * greatest(1, ceil(extract(epoch FROM r.passo) / 86400))';
/** The beginning of the step, so many seconds long, that an instant is in. */
const stepOf = (instant: string, seconds: string) =>
  `timestamptz '2000-01-03Z' + floor(extract(epoch FROM ${instant} - timestamptz '2000-01-03Z') / (${seconds})) * (${seconds}) * interval '1 second'`;
const DELAYS = `(
  SELECT date_trunc('hour', recebido_em, 'UTC') AS hora, extract(epoch FROM recebido_em - data_evento)::float8 AS s FROM ev
) AS d`;

/**
 * How long from u.recebido_ate until one new event used to have come: after the share of an hour that its usual events are one more than
 * those between. Hours that nothing is known of, no more than a week old, have no usual.
 */
const USUAL_SECONDS = `
  WITH horas AS (
    SELECT hora, percentile_cont(0.5) WITHIN GROUP (ORDER BY novos) AS novos
    FROM generate_series(date_trunc('hour', u.recebido_ate, 'UTC'), u.recebido_ate + interval '48 hours', '1 hour') AS hora,
         generate_series(1, 4) AS w CROSS JOIN LATERAL (
           SELECT coalesce(sum(inseridos), 0)::float8 AS novos FROM ingestao
           WHERE date_trunc('hour', minuto, 'UTC') = hora - w * interval '168 hours') AS antes
    WHERE (SELECT min(date_trunc('hour', minuto, 'UTC')) FROM ingestao) < date_trunc('hour', u.recebido_ate, 'UTC') - w * interval '168 hours'
    GROUP BY hora
  ), restos AS (
    SELECT *, greatest(hora, u.recebido_ate) AS de,
           extract(epoch FROM hora + interval '1 hour' - greatest(hora, u.recebido_ate))::float8 / 3600 * novos AS resto FROM horas
  ), ate AS (
    SELECT de, novos, resto, coalesce((SELECT sum(b.resto) FROM restos b WHERE b.hora < a.hora), 0) AS antes FROM restos a
  )
  SELECT coalesce(min(extract(epoch FROM de - u.recebido_ate)::float8 + 3600 * (1 - antes) / novos) FILTER (WHERE novos > 0 AND antes + resto >= 1),
                  CASE WHEN count(*) > 0 THEN 172800 END) AS usual FROM ate WHERE antes < 1`;

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
    plain: `SELECT r.n, count(s) AS eventos, ${meanDelay}, ${quantiles(50, 95, 99)}
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
  {
    name: 'atraso_por_passo',
    key: ['n', 'time'],
    actual: 'SELECT r.n, f.* FROM periodos r, atraso_por_passo(r.de, r.ate, r.passo) AS f',
    plain: `SELECT r.n, d.inicio AS "time", count(*) AS eventos, ${quantiles(50, 95, 99)}
            FROM periodos r CROSS JOIN LATERAL (
              SELECT s, CASE unidade WHEN 'hour' THEN ${stepOf('hora', HOURS)} ELSE ${stepOf('hora', DAYS)} END AS inicio
              FROM ${DELAYS}, (SELECT CASE WHEN r.passo < interval '24 hours' AND extract(epoch FROM r.ate) - extract(epoch FROM r.de) <= 31 * 86400 THEN 'hour' ELSE 'day' END AS unidade) AS x
              WHERE date_trunc(unidade, hora, 'UTC') BETWEEN date_trunc(unidade, r.de, 'UTC') AND r.ate
            ) AS d
            GROUP BY r.n, d.inicio`,
  },
  {
    name: 'atraso_tipico',
    key: [],
    actual: 'SELECT * FROM atraso_tipico',
    plain: `SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY p90_segundos) AS p90_segundos,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY p99_segundos) AS p99_segundos
            FROM (SELECT ${quantiles(90)}, ${quantiles(99)} FROM ${DELAYS}, ultimo_recebimento u
                  WHERE hora > u.recebido_ate - interval '24 hours' AND hora <= u.recebido_ate
                    AND balde(make_interval(secs => s)) <= balde(hora + interval '1 hour' - (SELECT min(date_trunc('hour', recebido_em, 'UTC')) FROM ev))
                  GROUP BY hora) AS h`,
  },
  {
    name: 'ingestao_por_passo',
    key: ['n', 'time'],
    actual: 'SELECT r.n, f.* FROM periodos r, ingestao_por_passo(r.de, r.ate, r.passo) AS f',
    plain: `SELECT r.n, p.inicio AS "time", coalesce(sum(inseridos), 0)::bigint AS inseridos,
                   coalesce(sum(duplicados), 0)::bigint AS duplicados, coalesce(sum(rejeitados), 0)::bigint AS rejeitados,
                   p.segundos::float8 AS segundos
            FROM (
              SELECT *, CASE WHEN passo < interval '1 hour' THEN 'minute' ELSE 'hour' END AS unidade,
                     CASE WHEN passo < interval '1 hour' THEN greatest(60, 60 * ceil(extract(epoch FROM passo) / 60)) ELSE ${HOURS} END AS segundos
              FROM periodos r
            ) AS r
            CROSS JOIN LATERAL (
              SELECT inicio, r.segundos FROM (SELECT min(minuto) AS de, max(minuto) AS ate FROM ingestao) AS i, generate_series(
                ${stepOf(`greatest(date_trunc('minute', r.de), date_trunc('hour', i.de, 'UTC'))`, 'r.segundos')},
                ${stepOf('least(r.ate, greatest(now(), i.ate))', 'r.segundos')}, r.segundos * interval '1 second') AS inicio
            ) AS p
            LEFT JOIN ingestao ON ${stepOf('minuto', 'r.segundos')} = p.inicio
              AND date_trunc(unidade, minuto, 'UTC') <= r.ate AND minuto + interval '1 minute' > date_trunc(unidade, r.de, 'UTC')
            GROUP BY r.n, p.inicio, p.segundos`,
  },
  {
    name: 'contabilidade',
    key: ['n'],
    actual: 'SELECT r.n, f.* FROM periodos r, contabilidade(r.de, r.ate) AS f',
    plain: `SELECT r.n, consumidos, inseridos, duplicados, rejeitados, 0 AS diferenca, cartas, cartas - rejeitados AS diferenca_cartas,
                   (SELECT coalesce(sum(m.ate - m.desde), 0) FROM mensagens_perdidas m
                    WHERE date_trunc('minute', percebido_em) <= r.ate AND date_trunc('minute', percebido_em) + interval '1 minute' > r.de) AS nunca_chegaram,
                   sem_hora
            FROM periodos r CROSS JOIN LATERAL (
              SELECT coalesce(sum(consumidos), 0) AS consumidos, coalesce(sum(inseridos), 0) AS inseridos,
                     coalesce(sum(duplicados), 0) AS duplicados, coalesce(sum(rejeitados), 0) AS rejeitados,
                     coalesce(sum(sem_hora), 0) AS sem_hora
              FROM ingestao WHERE minuto <= r.ate AND minuto + interval '1 minute' > r.de
            ) AS i CROSS JOIN LATERAL (
              SELECT count(*) AS cartas FROM eventos_rejeitados
              WHERE date_trunc('minute', rejeitado_em) <= r.ate AND date_trunc('minute', rejeitado_em) + interval '1 minute' > r.de
            ) AS c`,
  },
  {
    name: 'ultimo_recebimento',
    key: [],
    actual: 'SELECT * FROM ultimo_recebimento',
    plain: `SELECT extract(epoch FROM now() - recebido_ate)::float8 AS segundos, 120 * greatest(600, usual) / 600 AS segundos_aviso,
                   greatest(600, usual) AS segundos_critico, recebido_ate
            FROM (SELECT max(least(recebido_ate, minuto + interval '1 minute', now())) AS recebido_ate FROM ingestao WHERE inseridos > 0) AS u
            LEFT JOIN LATERAL (${USUAL_SECONDS}) AS e ON now() - recebido_ate > interval '2 minutes'`,
  },
  {
    name: 'rejeitados_recentes',
    key: [],
    actual: 'SELECT * FROM rejeitados_recentes',
    plain: `SELECT CASE WHEN algo THEN recentes END AS rejeitados, 1::float8 AS rejeitados_aviso, CASE WHEN algo THEN abertos END AS abertos
            FROM (SELECT count(*) FILTER (WHERE now() - rejeitado_em < interval '24 hours') AS recentes,
                         count(*) FILTER (WHERE reprocessado_em IS NULL AND aceito_em IS NULL) AS abertos FROM eventos_rejeitados) AS r,
                 (SELECT count(*) > 0 AS algo FROM ingestao) AS i`,
  },
];

/** Hours against the same hours of past weeks, with any number of events enough to judge one. */
export const COMPLETENESS: readonly Comparison[] = [
  {
    name: 'completude_por_hora',
    key: ['hora'],
    actual: 'SELECT * FROM completude_por_hora',
    plain: `SELECT hora, eventos, esperados, esperados >= 1 AND eventos < 0.5 * esperados AS incompleta
            FROM (SELECT (SELECT recebido_ate FROM ultimo_recebimento)
                           - greatest((SELECT p99_segundos FROM atraso_tipico), 0) * interval '1 second' AS ate) AS f,
            generate_series(date_trunc('hour', now(), 'UTC') - 168 * interval '1 hour', now(), '1 hour') AS hora
            CROSS JOIN LATERAL (SELECT count(*) AS eventos FROM ev WHERE data_evento >= hora AND data_evento < hora + interval '1 hour') AS e
            CROSS JOIN LATERAL (
              SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (
                       SELECT count(*) FROM ev WHERE data_evento >= antes AND data_evento < antes + interval '1 hour')::float8) AS esperados
              FROM generate_series(1, 4) AS w CROSS JOIN LATERAL (SELECT hora - w * 168 * interval '1 hour' AS antes) AS a
              WHERE antes >= (SELECT min(date_trunc('hour', data_evento, 'UTC')) FROM ev)
            ) AS x
            WHERE hora + interval '1 hour' <= ate AND esperados IS NOT NULL`,
  },
];
