-- What the writer calls with what a batch adds to the tables that depend on consecutive events.

CREATE FUNCTION soma_historico(horas timestamptz[], situacoes text[], quantos bigint[], variacoes bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
  SELECT hora, status, f.fatia, eventos, variacao
  FROM unnest(horas, situacoes, quantos, variacoes) AS u (hora, status, eventos, variacao), fatia_livre() AS f (fatia)
  ON CONFLICT (hora, status, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao
$$;

CREATE FUNCTION soma_permanencia(dias date[], situacoes text[], baldes smallint[], quantas bigint[], micros bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO resumo_permanencia AS r (dia, status, balde, fatia, passagens, segundos)
  SELECT coalesce(dia, '-infinity'), status, balde, f.fatia, sum(passagens), sum(us) * 0.000001
  FROM unnest(dias, situacoes, baldes, quantas, micros) AS u (dia, status, balde, passagens, us), fatia_livre() AS f (fatia)
  GROUP BY GROUPING SETS ((dia, status, balde, f.fatia), (status, balde, f.fatia))
  HAVING sum(passagens) <> 0 OR sum(us) <> 0
  ON CONFLICT (dia, status, balde, fatia) DO UPDATE
    SET passagens = r.passagens + excluded.passagens, segundos = r.segundos + excluded.segundos
$$;

CREATE FUNCTION soma_atraso(horas timestamptz[], baldes smallint[], quantos bigint[], micros bigint[]) RETURNS void
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

-- The same for events that came late: they go between others, so what was counted between those is taken back.
-- Called after they are in the table, with their packages locked and data_inicio and data_status up to date.
CREATE FUNCTION soma_atrasados(pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[]) RETURNS void
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
    -- Where the events before are removed (npm run db:retain), the last of them is still what the next one followed.
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

-- Only the writer adds to these tables.
REVOKE EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados FROM PUBLIC;
GRANT EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados TO rastreio_writer;
