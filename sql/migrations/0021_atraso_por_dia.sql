-- Up Migration

-- Ingest delay by day: an hour's buckets are some hundred and fifty rows, too many for years of them.

-- No batch comes between the filling and the new functions.
SELECT pg_advisory_xact_lock(762002);

CREATE TABLE resumo_atraso_dia (
  dia     date     NOT NULL,
  balde   smallint NOT NULL,
  fatia   smallint NOT NULL,
  eventos bigint   NOT NULL,
  PRIMARY KEY (dia, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_atraso_dia IS 'Accepted events by day of receipt (UTC) and bucket of ingest delay. Slices to be summed.';

CREATE VIEW conferencia.resumo_atraso_dia AS
SELECT (hora AT TIME ZONE 'UTC')::date AS dia, balde, sum(eventos)::bigint AS eventos FROM conferencia.resumo_atraso GROUP BY 1, 2;

INSERT INTO resumo_atraso_dia (dia, balde, fatia, eventos)
SELECT (hora AT TIME ZONE 'UTC')::date, balde, fatia, sum(eventos) FROM resumo_atraso GROUP BY 1, 2, 3;

-- The functions of 0009 anew, with the table of the days.
CREATE OR REPLACE FUNCTION soma_atraso(horas timestamptz[], baldes smallint[], quantos bigint[], micros bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH novos AS MATERIALIZED (
    SELECT u.*, f.fatia
    FROM unnest(horas, baldes, quantos, micros) AS u (hora, balde, eventos, us), fatia_livre() AS f (fatia)
  ),
  por_dia AS (
    INSERT INTO resumo_atraso_dia AS r (dia, balde, fatia, eventos)
    SELECT (hora AT TIME ZONE 'UTC')::date, balde, fatia, sum(eventos) FROM novos GROUP BY 1, 2, 3
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos
  )
  INSERT INTO resumo_atraso AS r (hora, balde, fatia, eventos, segundos)
  SELECT hora, balde, fatia, eventos, us * 0.000001 FROM novos
  ON CONFLICT (hora, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos
$$;

CREATE OR REPLACE FUNCTION soma_atrasados(pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f smallint := fatia_livre();
BEGIN
  WITH novos AS MATERIALIZED (
    SELECT * FROM unnest(pacotes_, datas, situacoes, recebidos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em)
  ),
  cadeia AS MATERIALIZED (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, coalesce(c.ordem, 0) AS ordem, n.id_pacote IS NOT NULL AS novo
    FROM (SELECT DISTINCT id_pacote FROM novos) AS d
    JOIN pacotes p USING (id_pacote)
    -- The bounds let the hypertable leave chunks out.
    JOIN eventos_rastreamento e ON e.id_pacote = d.id_pacote AND e.data_evento BETWEEN p.data_inicio AND p.data_status
    LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    LEFT JOIN novos n ON (n.id_pacote, n.data_evento, n.status_rastreamento) = (e.id_pacote, e.data_evento, e.status_rastreamento)
    UNION ALL
    -- Where the events before are removed (0010), the last of them is still what the next one followed.
    SELECT a.id_pacote, a.data_evento, a.status_rastreamento, coalesce(c.ordem, 0), false
    FROM (SELECT DISTINCT id_pacote FROM novos) AS d
    JOIN eventos_anteriores a USING (id_pacote)
    LEFT JOIN catalogo_status c ON c.status = a.status_rastreamento
    WHERE a.data_evento < (SELECT removidos_ate FROM retencao)
  ),
  passos AS MATERIALIZED (
    SELECT 1 AS sinal, data_evento, status, lag(status) OVER w AS de, data_evento - lag(data_evento) OVER w AS duracao
    FROM cadeia WINDOW w AS (PARTITION BY id_pacote ORDER BY data_evento, ordem, status COLLATE "C")
    UNION ALL
    SELECT -1, data_evento, status, lag(status) OVER w, data_evento - lag(data_evento) OVER w
    FROM cadeia WHERE NOT novo WINDOW w AS (PARTITION BY id_pacote ORDER BY data_evento, ordem, status COLLATE "C")
  ),
  historico AS (
    INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
    SELECT date_trunc('hour', data_evento, 'UTC'), u.status, f, sum(u.eventos), sum(u.variacao)
    FROM passos, LATERAL (VALUES (status, sinal, sinal), (de, 0, -sinal)) AS u (status, eventos, variacao)
    WHERE u.status IS NOT NULL
    GROUP BY 1, 2 HAVING sum(u.eventos) <> 0 OR sum(u.variacao) <> 0
    ON CONFLICT (hora, status, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao
  ),
  atraso AS (
    INSERT INTO resumo_atraso AS r (hora, balde, fatia, eventos, segundos)
    SELECT date_trunc('hour', recebido_em, 'UTC'), balde(recebido_em - data_evento), f, count(*), sum(extract(epoch FROM recebido_em - data_evento))
    FROM novos GROUP BY 1, 2
    ON CONFLICT (hora, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos
  ),
  atraso_dia AS (
    INSERT INTO resumo_atraso_dia AS r (dia, balde, fatia, eventos)
    SELECT (recebido_em AT TIME ZONE 'UTC')::date, balde(recebido_em - data_evento), f, count(*)
    FROM novos GROUP BY 1, 2
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos
  )
  INSERT INTO resumo_permanencia AS r (dia, status, balde, fatia, passagens, segundos)
  SELECT coalesce(dia, '-infinity'), status, balde, f, sum(sinal), sum(segundos)
  FROM (
    SELECT (data_evento AT TIME ZONE 'UTC')::date AS dia, de AS status, balde(duracao) AS balde, sinal,
           sinal * extract(epoch FROM duracao) AS segundos
    FROM passos WHERE de IS NOT NULL
  ) AS s
  GROUP BY GROUPING SETS ((dia, status, balde), (status, balde))
  HAVING sum(sinal) <> 0 OR sum(segundos) <> 0
  ON CONFLICT (dia, status, balde, fatia) DO UPDATE
    SET passagens = r.passagens + excluded.passagens, segundos = r.segundos + excluded.segundos;
END
$$;

-- As in 0014, and the table of the days.
CREATE OR REPLACE FUNCTION esvazia_resumos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM resumo_status;
  DELETE FROM resumo_entregas;
  DELETE FROM resumo_entregas_rota;
  DELETE FROM resumo_baldes_rota;
  DELETE FROM resumo_coortes;
  DELETE FROM resumo_historico;
  DELETE FROM resumo_permanencia;
  DELETE FROM resumo_atraso;
  DELETE FROM resumo_atraso_dia;
  DELETE FROM eventos_anteriores;
  DELETE FROM removidos_historico;
  DELETE FROM removidos_permanencia;
  DELETE FROM removidos_atraso;
  UPDATE retencao SET horizonte = '-infinity', removidos_ate = '-infinity';
  RETURN NULL;
END
$$;

GRANT SELECT ON resumo_atraso_dia TO grafana_reader;

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
