-- Up Migration

-- What panels and alert rules read: docs/kpis.md has formula, unit and edge cases of each. Durations are in seconds (float8), shares
-- from 0 to 1, and a figure over nothing is null. Functions take the two ends of a time range, both included, as Grafana gives them:
-- SELECT * FROM entregas_no_periodo($__timeFrom(), $__timeTo()).

-- Beginnings of hours in UTC. IMMUTABLE, as date_trunc() over timestamptz is not: a range given in literals is then computed
-- once, by the planner, and not for each row of a scan.
CREATE FUNCTION inicio_da_hora(instante timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_trunc('hour', instante AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';

CREATE FUNCTION fim_da_hora(instante timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (date_trunc('hour', instante AT TIME ZONE 'UTC') + interval '1 hour') AT TIME ZONE 'UTC';

CREATE FUNCTION proximo_dia(instante timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN dia_local(instante) + CASE WHEN inicio_do_dia(dia_local(instante)) = instante THEN 0 ELSE 1 END;
COMMENT ON FUNCTION proximo_dia(timestamptz) IS 'The first local day that begins at the instant or after it.';

-- Steps of a history are whole hours, at least one: the summaries know no finer ones.
CREATE FUNCTION passo_em_horas(passo interval) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN make_interval(hours => greatest(1, ceil(extract(epoch FROM passo) / 3600)::int));

-- All time, kept up to date: reading it does not depend on how much there is.
CREATE VIEW indicadores_entrega AS
SELECT
  (SELECT coalesce(sum(total_pacotes), 0)::bigint FROM status_dos_pacotes) AS total_pacotes,
  coalesce(sum(entregas), 0)::bigint AS total_entregues,
  (sum(segundos) / nullif(sum(entregas), 0))::float8 AS tempo_medio_segundos,
  percentil(0.5, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p50_segundos,
  percentil(0.9, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p90_segundos,
  percentil(0.95, array_agg(balde ORDER BY balde), array_agg(entregas ORDER BY balde)) AS p95_segundos,
  (sum(no_prazo) / nullif(sum(entregas), 0))::float8 AS taxa_no_prazo,
  (sum(na_primeira) / nullif(sum(entregas), 0))::float8 AS taxa_na_primeira
FROM (
  SELECT balde, sum(entregas)::bigint AS entregas, sum(segundos) AS segundos, sum(no_prazo) AS no_prazo, sum(na_primeira) AS na_primeira
  FROM resumo_entregas WHERE dia = '-infinity' GROUP BY balde
) AS b;
COMMENT ON VIEW indicadores_entrega IS
  'All time: packages, delivered packages, delivery time from the first event to the latest ENTREGUE (mean and percentiles), share within the promise and at the first attempt.';

CREATE VIEW indicadores_abertos AS
SELECT
  coalesce(sum(r.total), 0)::bigint AS abertos,
  (extract(epoch FROM now()) - sum(r.inicio_segundos) / nullif(sum(r.total), 0))::float8 AS idade_media_segundos
FROM resumo_status r LEFT JOIN catalogo_status c USING (status)
WHERE NOT coalesce(c.terminal, false);
COMMENT ON VIEW indicadores_abertos IS 'Packages without a final status and their mean age since the first event.';

CREATE VIEW taxas_de_desfecho AS
SELECT
  (coalesce(sum(total_pacotes) FILTER (WHERE status_rastreamento = 'EXTRAVIADO'), 0) / nullif(sum(total_pacotes), 0))::float8 AS taxa_extraviados,
  (coalesce(sum(total_pacotes) FILTER (WHERE status_rastreamento = 'DEVOLVIDO'), 0) / nullif(sum(total_pacotes), 0))::float8 AS taxa_devolvidos,
  (coalesce(sum(total_pacotes) FILTER (WHERE status_rastreamento = 'CANCELADO'), 0) / nullif(sum(total_pacotes), 0))::float8 AS taxa_cancelados
FROM status_dos_pacotes;
COMMENT ON VIEW taxas_de_desfecho IS 'Share of all packages that are lost, returned, cancelled now.';

-- Whole local days come from the summary, the two ends that are no whole days from the packages themselves: exact for any range.
CREATE FUNCTION baldes_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (balde smallint, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.na_primeira
  FROM resumo_entregas r
  WHERE r.dia >= proximo_dia(de) AND r.dia < dia_local(ate) AND r.dia > '-infinity'
  UNION ALL
  SELECT balde(p.data_entrega - p.data_inicio), 1, extract(epoch FROM p.data_entrega - p.data_inicio),
         coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int,
         (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int
  FROM (
    SELECT * FROM pacotes WHERE data_entrega >= de AND data_entrega <= ate AND data_entrega < inicio_do_dia(proximo_dia(de))
    UNION ALL
    SELECT * FROM pacotes WHERE data_entrega >= inicio_do_dia(greatest(proximo_dia(de), dia_local(ate))) AND data_entrega <= ate
  ) AS p LEFT JOIN prazos z USING (origem, destino)
$$;

CREATE FUNCTION entregas_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_na_primeira float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.na_primeira) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo, sum(x.na_primeira) AS na_primeira
    FROM baldes_no_periodo(de, ate) AS x GROUP BY x.balde
  ) AS b
$$;
COMMENT ON FUNCTION entregas_no_periodo(timestamptz, timestamptz) IS 'Deliveries whose delivery lies in the range: count, delivery time, shares.';

CREATE FUNCTION inicio_do_passo(dia date, passo interval) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN inicio_do_dia(date '2000-01-03'
  + (dia - date '2000-01-03') / greatest(1, ceil(extract(epoch FROM passo) / 86400)::int) * greatest(1, ceil(extract(epoch FROM passo) / 86400)::int));

-- For a time series: steps of whole local days, at least one.
CREATE FUNCTION entregas_por_passo(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8, taxa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    b.inicio,
    sum(b.entregas)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT inicio_do_passo(r.dia, passo) AS inicio, r.balde, sum(r.entregas)::bigint AS entregas,
           sum(r.segundos) AS segundos, sum(r.no_prazo) AS no_prazo
    FROM resumo_entregas r
    WHERE r.dia > '-infinity' AND inicio_do_dia(r.dia) >= inicio_do_passo(dia_local(de), passo) AND r.dia <= dia_local(ate)
    GROUP BY 1, 2
  ) AS b
  GROUP BY b.inicio
  HAVING sum(b.entregas) > 0
  ORDER BY b.inicio
$$;

-- As baldes_no_periodo, by lane.
CREATE FUNCTION baldes_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (origem text, destino text, balde smallint, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.origem, r.destino, r.balde, r.entregas, r.segundos, r.no_prazo, r.na_primeira
  FROM resumo_entregas_rota r
  WHERE r.balde >= 0 AND r.dia >= proximo_dia(de) AND r.dia < dia_local(ate)
  UNION ALL
  SELECT p.origem, p.destino, balde(p.data_entrega - p.data_inicio), 1, extract(epoch FROM p.data_entrega - p.data_inicio),
         coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int,
         (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int
  FROM (
    SELECT * FROM pacotes WHERE data_entrega >= de AND data_entrega <= ate AND data_entrega < inicio_do_dia(proximo_dia(de))
    UNION ALL
    SELECT * FROM pacotes WHERE data_entrega >= inicio_do_dia(greatest(proximo_dia(de), dia_local(ate))) AND data_entrega <= ate
  ) AS p LEFT JOIN prazos z USING (origem, destino)
$$;

CREATE FUNCTION entregas_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (origem text, destino text, rota text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8,
               p95_segundos float8, taxa_no_prazo float8, taxa_na_primeira float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    b.origem, b.destino, b.origem || ' → ' || b.destino,
    sum(b.entregas)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.na_primeira) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.origem, x.destino, x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos,
           sum(x.no_prazo) AS no_prazo, sum(x.na_primeira) AS na_primeira
    FROM baldes_por_rota(de, ate) AS x GROUP BY x.origem, x.destino, x.balde
  ) AS b
  GROUP BY b.origem, b.destino
  HAVING sum(b.entregas) > 0
$$;
COMMENT ON FUNCTION entregas_por_rota(timestamptz, timestamptz) IS 'As entregas_no_periodo, by lane.';

-- For a panel that asks every five seconds: it reads a row per lane and day, not the deliveries.
CREATE VIEW rotas_desde_ontem AS
SELECT
  origem, destino, origem || ' → ' || destino AS rota,
  sum(entregas)::bigint AS entregas,
  (sum(segundos) / nullif(sum(entregas), 0))::float8 AS tempo_medio_segundos,
  (sum(no_prazo) / nullif(sum(entregas), 0))::float8 AS taxa_no_prazo,
  (sum(na_primeira) / nullif(sum(entregas), 0))::float8 AS taxa_na_primeira
FROM resumo_entregas_rota
WHERE balde = -1 AND dia >= dia_local(now()) - 1
GROUP BY origem, destino
HAVING sum(entregas) > 0;
COMMENT ON VIEW rotas_desde_ontem IS 'Deliveries of today and yesterday (local days) by lane: count, mean delivery time, shares.';

CREATE FUNCTION permanencia_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (status_rastreamento text, passagens bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8,
               p95_segundos float8, p99_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    b.status,
    sum(b.passagens)::bigint,
    (sum(b.segundos) / nullif(sum(b.passagens), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde)),
    percentil(0.99, array_agg(b.balde ORDER BY b.balde), array_agg(b.passagens ORDER BY b.balde))
  FROM (
    SELECT r.status, r.balde, sum(r.passagens)::bigint AS passagens, sum(r.segundos) AS segundos
    FROM resumo_permanencia r
    WHERE r.dia BETWEEN (de AT TIME ZONE 'UTC')::date AND (ate AT TIME ZONE 'UTC')::date
      -- The row of all days together is for who asks for nothing else.
      AND (r.dia > '-infinity' OR ate = '-infinity')
    GROUP BY r.status, r.balde
  ) AS b
  GROUP BY b.status
  HAVING sum(b.passagens) > 0
$$;
COMMENT ON FUNCTION permanencia_no_periodo(timestamptz, timestamptz) IS
  'Time from an event to the next one of the package, by status of the former; passages that ended on a day (UTC) of the range. -infinity to -infinity: all time.';

CREATE FUNCTION atraso_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (eventos bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8, p99_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    coalesce(sum(b.eventos), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.eventos), 0))::float8,
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

CREATE FUNCTION ingestao_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (consumidos bigint, inseridos bigint, duplicados bigint, rejeitados bigint, taxa_rejeitados float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(sum(i.consumidos), 0)::bigint, coalesce(sum(i.inseridos), 0)::bigint, coalesce(sum(i.duplicados), 0)::bigint,
         coalesce(sum(i.rejeitados), 0)::bigint, (sum(i.rejeitados) / nullif(sum(i.consumidos), 0))::float8
  FROM ingestao i
  WHERE i.minuto BETWEEN date_trunc('minute', de) AND ate
$$;
COMMENT ON FUNCTION ingestao_no_periodo(timestamptz, timestamptz) IS 'What became of the messages consumed in the minutes of the range.';

-- The newest receipt is one look into the index, however many minutes the accounting has.
CREATE INDEX ingestao_recebido_ate ON ingestao (topico, recebido_ate);

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

CREATE FUNCTION coortes_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (dia date, postados bigint, entregues bigint, abertos bigint, extraviados bigint, devolvidos bigint, cancelados bigint,
               ate_2_dias float8, ate_5_dias float8, ate_10_dias float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    r.dia,
    sum(r.total)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.dias IS NOT NULL), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE NOT coalesce(c.terminal, false)), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'EXTRAVIADO'), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'DEVOLVIDO'), 0)::bigint,
    coalesce(sum(r.total) FILTER (WHERE r.status = 'CANCELADO'), 0)::bigint,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 2), 0) / sum(r.total))::float8,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 5), 0) / sum(r.total))::float8,
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 10), 0) / sum(r.total))::float8
  FROM resumo_coortes r LEFT JOIN catalogo_status c USING (status)
  WHERE r.dia BETWEEN dia_local(de) AND dia_local(ate)
  GROUP BY r.dia
  HAVING sum(r.total) > 0
$$;
COMMENT ON FUNCTION coortes_no_periodo(timestamptz, timestamptz) IS
  'Packages by local day of their first event: what became of them, and the share delivered in under 2, 5 and 10 times 24 hours.';
