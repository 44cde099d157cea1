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

-- Packages under way, with what is normal for their lane and status. Only they are read, however many were ever delivered.
CREATE VIEW limites_das_rotas AS
SELECT
  b.origem, b.destino, sum(b.entregas)::bigint AS entregas,
  percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p50_segundos,
  percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM (
  SELECT origem, destino, balde, sum(entregas)::bigint AS entregas
  FROM resumo_entregas_rota WHERE balde >= 0 AND dia > dia_local(now()) - 30 GROUP BY origem, destino, balde
) AS b LEFT JOIN prazos z USING (origem, destino)
GROUP BY b.origem, b.destino, z.prazo
HAVING sum(b.entregas) > 0;
COMMENT ON VIEW limites_das_rotas IS 'Delivery time and promise of each lane, over the deliveries of the last 30 local days.';

CREATE VIEW limites_dos_status AS
SELECT status_rastreamento, passagens, p50_segundos, p99_segundos
FROM permanencia_no_periodo('-infinity', '-infinity');
COMMENT ON VIEW limites_dos_status IS 'How long packages stay at an event of each status until the next one, all time.';

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('risco_fracao_prazo', 0.8, 'fração', 'An open package is at risk when it is older than this share of its promise, or than its lane''s p95');

CREATE VIEW pacotes_em_risco AS
WITH rotas AS MATERIALIZED (SELECT * FROM limites_das_rotas),
regra AS MATERIALIZED (SELECT valor AS fracao FROM limites WHERE nome = 'risco_fracao_prazo')
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_inicio)::float8 AS idade_segundos,
  r.p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM pacotes p
LEFT JOIN rotas r USING (origem, destino)
LEFT JOIN prazos z USING (origem, destino)
WHERE p.aberto
  -- No lane's limit is below this one, so that the index leaves the young ones out.
  AND p.data_inicio < now() - make_interval(secs => (
    SELECT least((SELECT min(p95_segundos) FROM rotas), (SELECT fracao FROM regra) * (SELECT min(extract(epoch FROM prazo)) FROM prazos)::float8)))
  AND extract(epoch FROM now() - p.data_inicio)::float8
    > least(r.p95_segundos, (SELECT fracao FROM regra) * extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8);
COMMENT ON VIEW pacotes_em_risco IS
  'Open packages older than their lane''s p95 or than a share of the promise (risco_fracao_prazo in the table limites).';

CREATE VIEW pacotes_parados AS
WITH regra AS MATERIALIZED (SELECT * FROM limites_dos_status)
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_status)::float8 AS parado_segundos,
  r.p99_segundos
FROM pacotes p JOIN regra r ON r.status_rastreamento = p.status_atual
WHERE p.aberto
  AND p.data_inicio < now() - make_interval(secs => (SELECT min(p99_segundos) FROM regra))
  AND extract(epoch FROM now() - p.data_status)::float8 > r.p99_segundos;
COMMENT ON VIEW pacotes_parados IS 'Open packages without a new event for longer than 99 % of the packages that left their status took.';

-- Any past moment: today's counts, less what changed since. Whole hours from the summary; within the last one, from the events.
CREATE FUNCTION status_em(instante timestamptz)
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH depois AS (
    SELECT DISTINCT ON (e.id_pacote) e.id_pacote, e.status_rastreamento
    FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento > instante AND e.data_evento < fim_da_hora(instante)
    ORDER BY e.id_pacote, e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
  )
  SELECT u.status, sum(u.total)::bigint
  FROM (
    SELECT r.status, r.total FROM resumo_status r
    UNION ALL
    SELECT h.status, -h.variacao FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)
    UNION ALL
    SELECT d.status_rastreamento, -1 FROM depois d
    UNION ALL
    SELECT coalesce(a.status_rastreamento, r.status_rastreamento), 1
    FROM depois d
    -- Packages that began later had no status yet: without this, all older chunks would be asked for them. No lower bound for the
    -- events: leaving chunks out anew for each package takes longer than the look into one more index.
    JOIN pacotes p ON p.id_pacote = d.id_pacote AND p.data_inicio <= instante
    LEFT JOIN LATERAL (
      SELECT e.status_rastreamento
      FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
      WHERE e.id_pacote = d.id_pacote AND e.data_evento <= instante
      ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
      LIMIT 1
    ) AS a ON true
    LEFT JOIN eventos_anteriores r ON r.id_pacote = d.id_pacote AND r.data_evento <= instante
    WHERE coalesce(a.status_rastreamento, r.status_rastreamento) IS NOT NULL
  ) AS u
  GROUP BY u.status
  HAVING sum(u.total) <> 0
$$;
COMMENT ON FUNCTION status_em(timestamptz) IS 'Packages by the status they had at an instant, late events included.';

-- The whole hours before the range count from its beginning on; then each step adds what changed within it.
CREATE FUNCTION historico_de_status(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH variacoes AS MATERIALIZED (
    SELECT time_bucket(passo_em_horas(passo), h.hora) AS inicio, h.status, sum(h.variacao)::bigint AS variacao
    FROM resumo_historico h WHERE h.hora >= time_bucket(passo_em_horas(passo), de)
    GROUP BY 1, 2
  ),
  agora AS (SELECT s.status_rastreamento AS status, s.total_pacotes AS total FROM status_dos_pacotes s),
  situacoes AS (SELECT status FROM agora UNION SELECT status FROM variacoes),
  -- Up to the last change, not only to the end of the range: the totals are counted back from today's.
  passos AS (
    SELECT p.inicio, s.status
    FROM generate_series(
      time_bucket(passo_em_horas(passo), de),
      greatest(ate, (SELECT max(inicio) FROM variacoes)),
      passo_em_horas(passo)) AS p (inicio), situacoes s
  )
  SELECT h.inicio, h.status, h.total
  FROM (
    SELECT p.inicio, p.status,
           coalesce(a.total, 0) - coalesce(sum(v.variacao) OVER (PARTITION BY p.status ORDER BY p.inicio DESC), 0)::bigint AS total
    FROM passos p
    LEFT JOIN variacoes v USING (inicio, status)
    LEFT JOIN agora a USING (status)
  ) AS h
  WHERE h.inicio >= de AND h.inicio < ate
  UNION ALL
  SELECT ate, s.status, coalesce(f.total_pacotes, 0)
  FROM situacoes s LEFT JOIN status_em(ate) AS f ON f.status_rastreamento = s.status
  ORDER BY 1, 2
$$;
COMMENT ON FUNCTION historico_de_status(timestamptz, timestamptz, interval) IS
  'Packages by status just before each whole step (of at least an hour) of the range, and at its end; also those statuses that have none then.';

-- One package: its events in order, how long it stayed at each, and what is normal there.
CREATE FUNCTION passos_do_pacote(pacote bigint)
RETURNS TABLE (data_evento timestamptz, status_rastreamento text, recebido_em timestamptz, ate timestamptz, permanencia_segundos float8,
               p50_segundos float8, p99_segundos float8)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  cabeca record;
BEGIN
  SELECT p.data_inicio, p.data_status, p.aberto INTO cabeca FROM pacotes p WHERE p.id_pacote = pacote;
  IF NOT FOUND THEN RETURN; END IF;
  -- EXECUTE plans with the two instants known, so that only the chunks between them are planned and read: the time does not grow
  -- with the number of chunks.
  RETURN QUERY EXECUTE $consulta$
    SELECT e.data_evento, e.status_rastreamento, e.recebido_em, e.seguinte,
           extract(epoch FROM coalesce(e.seguinte, CASE WHEN $4 THEN now() END) - e.data_evento)::float8,
           n.p50_segundos, n.p99_segundos
    FROM (
      SELECT x.data_evento, x.status_rastreamento, x.recebido_em, coalesce(c.ordem, 0) AS ordem,
             lead(x.data_evento) OVER (ORDER BY x.data_evento, coalesce(c.ordem, 0), x.status_rastreamento COLLATE "C") AS seguinte
      FROM eventos_rastreamento x LEFT JOIN catalogo_status c ON c.status = x.status_rastreamento
      WHERE x.id_pacote = $1 AND x.data_evento BETWEEN $2 AND $3
    ) AS e
    LEFT JOIN limites_dos_status n USING (status_rastreamento)
    ORDER BY e.data_evento, e.ordem, e.status_rastreamento COLLATE "C"
  $consulta$ USING pacote, cabeca.data_inicio, cabeca.data_status, cabeca.aberto;
END
$$;
COMMENT ON FUNCTION passos_do_pacote(bigint) IS
  'The events of one package in order, the seconds until the next one (until now for the last one of an open package), and the p50 and p99 of that status.';

-- Its head: where it is and how it compares with the deliveries of its lane.
CREATE FUNCTION resumo_do_pacote(pacote bigint)
RETURNS TABLE (id_pacote bigint, origem text, destino text, status_atual text, data_status timestamptz, data_inicio timestamptz,
               data_entrega timestamptz, idade_segundos float8, entregas_da_rota bigint, p50_da_rota_segundos float8,
               p95_da_rota_segundos float8, prazo_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio, p.data_entrega,
         extract(epoch FROM coalesce(p.data_entrega, CASE WHEN p.aberto THEN now() ELSE p.data_status END) - p.data_inicio)::float8,
         r.entregas, r.p50, r.p95,
         extract(epoch FROM coalesce((SELECT z.prazo FROM prazos z WHERE (z.origem, z.destino) = (p.origem, p.destino)), (SELECT prazo_padrao())))::float8
  FROM pacotes p CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.entregas), 0)::bigint AS entregas,
           percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p50,
           percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p95
    FROM (
      SELECT x.balde, sum(x.entregas)::bigint AS entregas
      FROM generate_series(0, 29) AS d (dias)
      JOIN resumo_entregas_rota x ON x.dia = dia_local(now()) - d.dias AND x.origem = p.origem AND x.destino = p.destino AND x.balde >= 0
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;
COMMENT ON FUNCTION resumo_do_pacote(bigint) IS 'One package, its age or delivery time, the p50 and p95 of its lane over the last 30 local days, and the promise.';

-- The reader reads; only the writer adds to the tables that depend on events.
GRANT SELECT ON resumo_status, resumo_entregas, resumo_entregas_rota, resumo_coortes, resumo_historico, resumo_permanencia, resumo_atraso,
  prazos, indicadores_entrega, indicadores_abertos, taxas_de_desfecho, frescor, rotas_desde_ontem, limites_das_rotas, limites_dos_status,
  pacotes_em_risco, pacotes_parados TO grafana_reader;
GRANT SELECT ON prazos, indicadores_entrega TO rastreio_writer;
REVOKE EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados FROM PUBLIC;
GRANT EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados TO rastreio_writer;
-- Slices are locks that writers wait for, and triggers need no caller's right.
REVOKE EXECUTE ON FUNCTION fatia_livre, resume_insercao, resume_atualizacao, resume_exclusao, esvazia_resumos, guarda_anteriores,
  julga_prazos FROM PUBLIC;
