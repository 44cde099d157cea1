-- The pipeline: what became of messages, how late events come, how fresh the data are.

-- Whole hours from the summary; the minutes of the hours that the range cuts, from the accounting itself.
CREATE FUNCTION contas_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.consumidos, r.inseridos, r.duplicados, r.rejeitados
  FROM resumo_ingestao r
  WHERE r.hora > inicio_da_hora(de) AND r.hora < inicio_da_hora(ate)
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= date_trunc('minute', de) AND i.minuto < fim_da_hora(de) AND i.minuto <= ate
  UNION ALL
  SELECT i.consumidos, i.inseridos, i.duplicados, i.rejeitados
  FROM ingestao i
  WHERE i.minuto >= greatest(fim_da_hora(de), inicio_da_hora(ate)) AND i.minuto <= ate
$$;
COMMENT ON FUNCTION contas_no_periodo(timestamptz, timestamptz) IS 'The accounting of the minutes of the range, to be summed.';

CREATE FUNCTION ingestao_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, taxa_rejeitados float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(i.consumidos), 0)::bigint, coalesce(sum(i.inseridos), 0)::bigint, coalesce(sum(i.duplicados), 0)::bigint,
         coalesce(sum(i.rejeitados), 0)::bigint, (sum(i.rejeitados) / nullif(sum(i.consumidos), 0))::float8
  FROM contas_no_periodo(de, ate) AS i
$$;
COMMENT ON FUNCTION ingestao_no_periodo(timestamptz, timestamptz) IS 'What became of the messages consumed in the minutes of the range.';

-- Rounded up: below an hour whole minutes, from an hour on whole hours.
CREATE FUNCTION passo_das_contas(passo interval) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN passo < interval '1 hour' THEN make_interval(mins => greatest(1, ceil(extract(epoch FROM passo) / 60)::int))
            ELSE passo_em_horas(passo) END;

-- A chart joins the points it has: a step without messages is a point at 0, from the first hour in which there ever were any until now.
CREATE FUNCTION ingestao_por_passo(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, inseridos bigint, duplicados bigint, rejeitados bigint, segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH contas AS MATERIALIZED (
    SELECT time_bucket(passo_das_contas(passo), c.instante) AS instante,
           sum(c.inseridos)::bigint AS inseridos, sum(c.duplicados)::bigint AS duplicados, sum(c.rejeitados)::bigint AS rejeitados
    FROM (
      SELECT i.minuto AS instante, i.inseridos, i.duplicados, i.rejeitados
      FROM ingestao i
      WHERE passo < interval '1 hour' AND i.minuto >= date_trunc('minute', de) AND i.minuto <= ate
      UNION ALL
      SELECT r.hora, r.inseridos, r.duplicados, r.rejeitados
      FROM resumo_ingestao r
      WHERE passo >= interval '1 hour' AND r.hora >= inicio_da_hora(de) AND r.hora <= ate
    ) AS c
    GROUP BY 1
  )
  SELECT p.instante, coalesce(c.inseridos, 0), coalesce(c.duplicados, 0), coalesce(c.rejeitados, 0),
         extract(epoch FROM passo_das_contas(passo))::float8
  FROM (SELECT min(r.hora) AS hora FROM resumo_ingestao r) AS primeira
  CROSS JOIN LATERAL generate_series(
    time_bucket(passo_das_contas(passo), greatest(date_trunc('minute', de), primeira.hora)),
    greatest(time_bucket(passo_das_contas(passo), least(ate, now())), (SELECT max(x.instante) FROM contas x)),
    passo_das_contas(passo)) AS p (instante)
  LEFT JOIN contas c ON c.instante = p.instante
  ORDER BY 1
$$;
COMMENT ON FUNCTION ingestao_por_passo(timestamptz, timestamptz, interval) IS
  'What became of the messages consumed in the range, by step: whole minutes, from an hour on whole hours; segundos is the length of a step. Nothing before the first hour with messages, nor in the future.';

CREATE FUNCTION contabilidade(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, diferenca bigint, cartas bigint, diferenca_cartas bigint,
               nunca_chegaram bigint, sem_hora bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT c.consumidos, c.inseridos, c.duplicados, c.rejeitados, c.consumidos - c.inseridos - c.duplicados - c.rejeitados,
         r.cartas, r.cartas - c.rejeitados, p.perdidas, s.sem_hora
  FROM ingestao_no_periodo(de, ate) AS c,
    (SELECT count(*) AS cartas FROM eventos_rejeitados e
     WHERE e.rejeitado_em >= date_trunc('minute', de) AND e.rejeitado_em < date_trunc('minute', ate) + interval '1 minute') AS r,
    (SELECT coalesce(sum(m.ate - m.desde), 0)::bigint AS perdidas FROM mensagens_perdidas m
     WHERE m.percebido_em >= date_trunc('minute', contabilidade.de) AND m.percebido_em < date_trunc('minute', contabilidade.ate) + interval '1 minute') AS p,
    (SELECT coalesce(sum(i.sem_hora), 0)::bigint AS sem_hora FROM ingestao i
     WHERE i.sem_hora > 0 AND i.minuto >= date_trunc('minute', de) AND i.minuto <= ate) AS s
$$;
COMMENT ON FUNCTION contabilidade(timestamptz, timestamptz) IS
  'The accounting of the minutes of the range, and the dead letters of the same minutes. diferenca is always 0; diferenca_cartas is below 0 where rejected messages were read again, and never above. nunca_chegaram: messages that Kafka removed before they were read, by when that was noticed; sem_hora: messages whose own time in Kafka could not be true.';

CREATE FUNCTION atraso_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (eventos bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8, p99_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    coalesce(sum(b.eventos), 0)::bigint,
    -- Bucket 0 holds all delays below 25 ms and all negative ones, which count as 0 here as they do in percentiles.
    (sum(CASE WHEN b.balde = 0 THEN greatest(b.segundos, 0) ELSE b.segundos END) / nullif(sum(b.eventos), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde))
  FROM (
    SELECT r.balde, sum(r.eventos)::bigint AS eventos, sum(r.segundos) AS segundos
    FROM resumo_atraso r
    WHERE r.hora BETWEEN inicio_da_hora(de) AND ate
    GROUP BY r.balde
  ) AS b
$$;
COMMENT ON FUNCTION atraso_no_periodo(timestamptz, timestamptz) IS
  'Ingest delay (receipt by Kafka minus the event''s own time) of the events received in the hours of the range.';

-- Rounded up: whole hours, and whole days for ranges over a month. The percentiles of more hours than these would take over a second,
-- and a screen has no room for them.
CREATE FUNCTION passo_do_atraso(passo interval, de timestamptz, ate timestamptz) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN passo < interval '24 hours' AND extract(epoch FROM ate) - extract(epoch FROM de) <= 31 * 86400 THEN passo_em_horas(passo)
            ELSE make_interval(hours => 24 * greatest(1, ceil(extract(epoch FROM passo) / 86400))::int) END;

CREATE FUNCTION atraso_por_passo(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, eventos bigint, p50_segundos float8, p95_segundos float8, p99_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    b.inicio,
    sum(b.eventos)::bigint,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.eventos ORDER BY b.balde))
  FROM (
    SELECT time_bucket(passo_do_atraso(passo, de, ate), x.inicio) AS inicio, x.balde, sum(x.eventos)::bigint AS eventos
    FROM (
      SELECT r.hora AS inicio, r.balde, r.eventos
      FROM resumo_atraso r
      WHERE passo_do_atraso(passo, de, ate) < interval '24 hours' AND r.hora >= inicio_da_hora(de) AND r.hora <= ate
      UNION ALL
      SELECT r.dia::timestamp AT TIME ZONE 'UTC', r.balde, r.eventos
      FROM resumo_atraso_dia r
      WHERE passo_do_atraso(passo, de, ate) >= interval '24 hours' AND r.dia >= (de AT TIME ZONE 'UTC')::date AND r.dia <= (ate AT TIME ZONE 'UTC')::date
    ) AS x
    GROUP BY 1, 2
  ) AS b
  GROUP BY b.inicio
  HAVING sum(b.eventos) > 0
  ORDER BY b.inicio
$$;
COMMENT ON FUNCTION atraso_por_passo(timestamptz, timestamptz, interval) IS
  'Ingest delay of the events received in the range, by step: whole hours, whole days (UTC) from a day on and in ranges over 31 days.';

CREATE VIEW frescor AS
WITH RECURSIVE topicos AS (
  (SELECT topico FROM ingestao ORDER BY topico LIMIT 1)
  UNION ALL
  SELECT (SELECT i.topico FROM ingestao i WHERE i.topico > t.topico ORDER BY i.topico LIMIT 1)
  FROM topicos t WHERE t.topico IS NOT NULL
)
SELECT t.topico, r.recebido_ate, extract(epoch FROM now() - r.recebido_ate)::float8 AS segundos
FROM topicos t CROSS JOIN LATERAL (
  SELECT max(i.recebido_ate) AS recebido_ate FROM ingestao i WHERE i.topico = t.topico AND i.minuto > now() - interval '7 days'
) AS r
WHERE r.recebido_ate IS NOT NULL;
COMMENT ON VIEW frescor IS 'Seconds since Kafka got the newest message that is written, by topic; no row after seven days of silence.';

-- How long after an instant so many new events used to have come, in the same hours of up to four weeks before; null where none of these is
-- known. The median of the weeks, so that neither a holiday nor a load of old events makes an hour's number.
CREATE FUNCTION tempo_ate_eventos(desde timestamptz, quantos float8) RETURNS float8
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  WITH semanas AS MATERIALIZED (
    SELECT s.semana FROM generate_series(1, 4) AS s (semana)
    WHERE inicio_da_hora(desde) - s.semana * interval '168 hours' > (SELECT min(r.hora) FROM resumo_ingestao r)
  ),
  eventos AS MATERIALIZED (
    SELECT h.n, s.semana, (
      SELECT coalesce(sum(r.inseridos), 0)::float8 FROM resumo_ingestao r
      WHERE r.hora = inicio_da_hora(desde) + h.n * interval '1 hour' - s.semana * interval '168 hours') AS eventos
    FROM generate_series(0, 48) AS h (n) CROSS JOIN semanas s
  ),
  horas AS (
    SELECT e.n, percentile_cont(0.5) WITHIN GROUP (ORDER BY e.eventos) AS eventos FROM eventos e GROUP BY e.n
  ),
  -- Of the first hour only what is left of it.
  ate AS (
    SELECT h.n, h.eventos, sum(CASE WHEN h.n = 0 THEN h.eventos * (1 - d.parte) ELSE h.eventos END) OVER (ORDER BY h.n) AS soma, d.parte
    FROM horas h, (SELECT (extract(epoch FROM desde - inicio_da_hora(desde)) / 3600)::float8 AS parte) AS d
  )
  SELECT coalesce(
    (SELECT 3600 * (a.n + 1 - a.parte - (a.soma - quantos) / a.eventos) FROM ate a WHERE a.soma >= quantos AND a.eventos > 0 ORDER BY a.n LIMIT 1),
    (SELECT 48 * 3600 FROM semanas LIMIT 1))::float8;
END;
COMMENT ON FUNCTION tempo_ate_eventos(timestamptz, float8) IS
  'How many seconds after an instant so many new events used to have come in the same hours of up to four weeks before, at most two days; null where nothing is known of then.';

-- A receipt cannot be later than its writing, also where a producer's clock is ahead. Of each topic the newest receipt that is not ahead is
-- one look into the index; those that are ahead have an index of their own.
CREATE VIEW ultimo_recebimento AS
WITH RECURSIVE topicos AS (
  SELECT ''::text AS topico
  UNION ALL
  SELECT (SELECT i.topico FROM ingestao i WHERE i.topico > t.topico ORDER BY i.topico LIMIT 1)
  FROM topicos t WHERE t.topico IS NOT NULL
),
ultimo AS MATERIALIZED (
  SELECT greatest(
    (SELECT max(r.recebido_ate)
     FROM topicos t CROSS JOIN LATERAL (
       SELECT i.recebido_ate FROM ingestao i
       WHERE i.topico = t.topico AND i.recebido_ate - i.minuto <= interval '1 minute' AND i.inseridos > 0 ORDER BY i.recebido_ate DESC LIMIT 1
     ) AS r),
    (SELECT max(i.minuto) + interval '1 minute' FROM ingestao i WHERE i.recebido_ate - i.minuto > interval '1 minute' AND i.inseridos > 0)) AS recebido_ate
)
SELECT s.segundos, s.aviso * greatest(1, e.segundos / s.critico) AS segundos_aviso, greatest(s.critico, e.segundos) AS segundos_critico, s.recebido_ate
FROM (
  SELECT extract(epoch FROM now() - u.recebido_ate)::float8 AS segundos, (SELECT limite('silencio_aviso')) AS aviso, (SELECT limite('silencio')) AS critico,
         u.recebido_ate
  FROM (SELECT CASE WHEN recebido_ate IS NOT NULL THEN least(recebido_ate, now()) END AS recebido_ate FROM ultimo) AS u
) AS s
-- Where next to nothing comes at this hour, nothing is no news. What is usual is asked only where it matters.
CROSS JOIN LATERAL (
  SELECT CASE WHEN s.segundos > least(s.aviso, s.critico) THEN tempo_ate_eventos(s.recebido_ate, (SELECT limite('silencio_eventos'))) END AS segundos
) AS e;
COMMENT ON VIEW ultimo_recebimento IS
  'One row: seconds since the newest message came in that brought a new event, by Kafka or by an import (null when none ever came), and its limits: those of the table limites, longer where silencio_eventos events would not yet have come in the same hours of past weeks.';

GRANT SELECT ON frescor, ultimo_recebimento TO grafana_reader;
