-- What panels and alert rules read, from here to the last file: docs/kpis.md has formula, unit and edge cases of each. Durations are in
-- seconds (float8), shares from 0 to 1, and a figure over nothing is null. Functions take the two ends of a time range, both included, as
-- Grafana gives them: SELECT * FROM entregas_no_periodo($__timeFrom(), $__timeTo()).
-- This one: packages by status, now, at any past moment, and how long they stay.

-- Equal to the original's query in sql/reference/, without its scan.
CREATE VIEW status_dos_pacotes AS
SELECT status AS status_rastreamento, sum(total)::bigint AS total_pacotes
FROM resumo_status
GROUP BY status
HAVING sum(total) <> 0;
COMMENT ON VIEW status_dos_pacotes IS 'Packages by current status.';

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

-- Where a package's latest event is unknown, a final status before it still holds. One that can be inlined, since it stands in a FROM.
CREATE FUNCTION final_conhecido(pacote bigint, instante timestamptz) RETURNS TABLE (status text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT k.status
  FROM (
    SELECT c.status, c.terminal
    FROM (
      SELECT e.data_evento, e.status_rastreamento FROM eventos_rastreamento e WHERE e.id_pacote = pacote AND e.data_evento <= instante
      UNION ALL
      SELECT a.data_evento, a.status_rastreamento FROM eventos_anteriores a WHERE a.id_pacote = pacote AND a.data_evento <= instante
    ) AS e JOIN catalogo_status c ON c.status = e.status_rastreamento
    ORDER BY e.data_evento DESC, c.ordem DESC LIMIT 1
  ) AS k
  WHERE k.terminal
$$;
COMMENT ON FUNCTION final_conhecido(bigint, timestamptz) IS 'The latest known status of a package up to an instant where it is a final one, else no row.';

-- Any past moment: today's counts, less what changed since. Whole hours from the summary; within the last one, from the events.
CREATE FUNCTION status_em(instante timestamptz)
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH eventos AS (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, c.status AS conhecido, coalesce(c.ordem, 0) AS ordem
    FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento > instante AND e.data_evento < fim_da_hora(instante)
  ),
  -- The latest event of the rest of the hour, and the latest known one.
  da_hora AS MATERIALIZED (
    SELECT id_pacote, (array_agg(status ORDER BY data_evento DESC, ordem DESC, status COLLATE "C" DESC))[1] AS ultimo,
           (array_agg(conhecido ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido IS NOT NULL))[1] AS conhecido
    FROM eventos GROUP BY id_pacote
  ),
  pares AS MATERIALIZED (
    SELECT d.*, a.conhecido AS antes_conhecido, a.status AS antes_ultimo
    FROM da_hora d
    -- Packages that began later had no status yet: without this, all older chunks would be asked for them. No lower bound for the
    -- events: leaving chunks out anew for each package takes longer than the look into one more index.
    LEFT JOIN pacotes p ON p.id_pacote = d.id_pacote AND p.data_inicio <= instante
    LEFT JOIN LATERAL (
      SELECT x.status, x.conhecido
      FROM (
        (SELECT 1 AS lugar, e.status_rastreamento AS status, c.status AS conhecido
         FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
         WHERE e.id_pacote = p.id_pacote AND e.data_evento <= instante
         ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
         LIMIT 1)
        UNION ALL
        (SELECT 2, r.status_rastreamento, c.status
         FROM eventos_anteriores r LEFT JOIN catalogo_status c ON c.status = r.status_rastreamento
         WHERE r.id_pacote = p.id_pacote AND r.data_evento <= instante
         ORDER BY r.data_evento DESC, coalesce(c.ordem, 0) DESC, r.status_rastreamento COLLATE "C" DESC
         LIMIT 1)
      ) AS x ORDER BY x.lugar LIMIT 1
    ) AS a ON true
  ),
  antes AS MATERIALIZED (
    SELECT p.*, CASE WHEN p.antes_ultimo IS NULL OR p.antes_conhecido IS NOT NULL THEN p.antes_ultimo
                     ELSE coalesce((SELECT f.status FROM final_conhecido(p.id_pacote, instante) AS f), p.antes_ultimo) END AS antes
    FROM pares p
  )
  SELECT u.status, sum(u.total)::bigint
  FROM (
    SELECT r.status, r.total FROM resumo_status r
    UNION ALL
    SELECT h.status, -h.variacao FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)
    UNION ALL
    -- At the end of the hour. An unknown status leaves a final one as it is, be that of the hour or from before it.
    SELECT CASE WHEN c.terminal THEN c.status ELSE a.ultimo END, -1
    FROM antes a LEFT JOIN catalogo_status c ON c.status = coalesce(a.conhecido, a.antes)
    UNION ALL
    SELECT a.antes, 1 FROM antes a WHERE a.antes IS NOT NULL
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

CREATE VIEW limites_dos_status AS
SELECT status_rastreamento, passagens, p50_segundos, p99_segundos
FROM permanencia_no_periodo('-infinity', '-infinity');
COMMENT ON VIEW limites_dos_status IS 'How long packages stay at an event of each status until the next one, all time.';

CREATE FUNCTION coortes_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (dia date, postados bigint, entregues bigint, abertos bigint, extraviados bigint, devolvidos bigint, cancelados bigint,
               ate_2_dias float8, ate_5_dias float8, ate_10_dias float8, taxa_no_prazo float8)
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
    (coalesce(sum(r.total) FILTER (WHERE r.dias < 10), 0) / sum(r.total))::float8,
    (sum(r.no_prazo) / sum(r.total))::float8
  FROM resumo_coortes r LEFT JOIN catalogo_status c USING (status)
  WHERE r.dia BETWEEN dia_local(de) AND dia_local(ate)
  GROUP BY r.dia
  HAVING sum(r.total) > 0
$$;
COMMENT ON FUNCTION coortes_no_periodo(timestamptz, timestamptz) IS
  'Packages by local day of their first event: what became of them, and the share delivered in under 2, 5 and 10 times 24 hours and within the promise.';

GRANT SELECT ON status_dos_pacotes TO rastreio_writer;
GRANT SELECT ON status_dos_pacotes, indicadores_abertos, taxas_de_desfecho, limites_dos_status TO grafana_reader;
