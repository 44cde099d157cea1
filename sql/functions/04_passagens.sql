-- What the writer calls: to join what two sets of events say about one package, and with what a batch adds to the tables that depend on
-- consecutive events.

CREATE FUNCTION marco_de(data timestamptz, ordem smallint, status text) RETURNS marco
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN data IS NOT NULL THEN ROW(data, ordem, status)::marco END;

-- mergePlaces of packages/database/src/write/parcelPlaces.ts: where a package's places are those of its earliest event, nothing else is kept.
CREATE FUNCTION junta_lugares(inicio timestamptz, o dito, d dito) RETURNS lugares
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN o = d AND o.data = inicio
  THEN ROW(o.origem, d.destino, NULL, NULL, NULL, NULL)::lugares
  ELSE ROW(o.origem, d.destino, o.data, o.destino, d.data, d.origem)::lugares END;
COMMENT ON FUNCTION junta_lugares(timestamptz, dito, dito) IS
  'The place columns of a package whose origin and destination two events (or one) say.';

-- As pacotes.aberto has it, which as a generated column sees no other table either.
CREATE FUNCTION ordem_final(ordem smallint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ordem >= 60;

-- mergeStates of packages/database/src/write/parcelState.ts: which of up to four events is the current one, and which the other.
CREATE FUNCTION junta_situacoes(a marco, b marco, c marco, d marco) RETURNS situacao
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  ultimo    CONSTANT marco := greatest(a, b, c, d);
  conhecido CONSTANT marco := greatest(CASE WHEN a.ordem > 0 THEN a END, CASE WHEN b.ordem > 0 THEN b END,
                                       CASE WHEN c.ordem > 0 THEN c END, CASE WHEN d.ordem > 0 THEN d END);
BEGIN
  IF ultimo.ordem > 0 OR conhecido IS NULL THEN RETURN ROW(ultimo, NULL)::situacao; END IF;
  IF ordem_final(conhecido.ordem) THEN RETURN ROW(conhecido, ultimo)::situacao; END IF;
  RETURN ROW(ultimo, conhecido)::situacao;
END
$$;
COMMENT ON FUNCTION junta_situacoes(marco, marco, marco, marco) IS
  'The current one of a package''s events: the latest known one where that is final, else the latest; and the other of these two.';

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

-- The same for events that go between others: what was counted between those is taken back, and so it is where events are taken out.
-- Called after the change, with the packages locked and up to date. An event of which only the receipt changes is in both lists.
CREATE FUNCTION soma_trocados(sairam evento[], entraram evento[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f smallint := fatia_livre();
BEGIN
  WITH velhos AS MATERIALIZED (SELECT * FROM unnest(sairam)),
  novos AS MATERIALIZED (SELECT * FROM unnest(entraram)),
  mudados AS MATERIALIZED (SELECT id_pacote FROM velhos UNION SELECT id_pacote FROM novos),
  cadeia AS MATERIALIZED (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, c.status AS conhecido, c.ordem, c.terminal,
           n.id_pacote IS NOT NULL AS novo, false AS velho
    FROM mudados d
    JOIN pacotes p USING (id_pacote)
    -- The bounds let the hypertable leave chunks out.
    JOIN eventos_rastreamento e ON e.id_pacote = d.id_pacote AND e.data_evento BETWEEN p.data_inicio AND greatest(p.data_status, p.outra_data)
    LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    LEFT JOIN novos n ON (n.id_pacote, n.data_evento, n.status_rastreamento) = (e.id_pacote, e.data_evento, e.status_rastreamento)
    UNION ALL
    SELECT v.id_pacote, v.data_evento, v.status_rastreamento, c.status, c.ordem, c.terminal, false, true
    FROM velhos v LEFT JOIN catalogo_status c ON c.status = v.status_rastreamento
    UNION ALL
    -- Where the events before are removed (npm run db:retain), the last of them is still what the next one followed.
    SELECT a.id_pacote, a.data_evento, a.status_rastreamento, c.status, c.ordem, c.terminal, false, false
    FROM mudados d
    JOIN eventos_anteriores a USING (id_pacote)
    LEFT JOIN catalogo_status c ON c.status = a.status_rastreamento
    WHERE a.data_evento < (SELECT removidos_ate FROM retencao)
  ),
  -- After the change, and before it. A known event and the unknown ones after it are a group: a final one stays what is current in it.
  grupos AS (
    SELECT s.sinal, c.*, count(c.conhecido) OVER (PARTITION BY s.sinal, c.id_pacote ORDER BY c.data_evento, coalesce(c.ordem, 0), c.status COLLATE "C") AS grupo
    FROM cadeia c JOIN (VALUES (1), (-1)) AS s (sinal) ON CASE WHEN s.sinal = 1 THEN NOT c.velho ELSE NOT c.novo END
  ),
  situacoes AS (
    SELECT g.*, CASE WHEN first_value(g.terminal) OVER w THEN first_value(g.status) OVER w ELSE g.status END AS atual
    FROM grupos g
    WINDOW w AS (PARTITION BY g.sinal, g.id_pacote, g.grupo ORDER BY g.data_evento, coalesce(g.ordem, 0), g.status COLLATE "C")
  ),
  passos AS MATERIALIZED (
    SELECT s.sinal, s.data_evento, s.status, s.atual, lag(s.atual) OVER w AS deixado, lag(s.status) OVER w AS de,
           s.data_evento - lag(s.data_evento) OVER w AS duracao
    FROM situacoes s
    WINDOW w AS (PARTITION BY s.sinal, s.id_pacote ORDER BY s.data_evento, coalesce(s.ordem, 0), s.status COLLATE "C")
  ),
  historico AS (
    INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
    SELECT date_trunc('hour', data_evento, 'UTC'), u.status, f, sum(u.eventos), sum(u.variacao)
    FROM passos, LATERAL (VALUES (status, sinal, 0), (atual, 0, sinal), (deixado, 0, -sinal)) AS u (status, eventos, variacao)
    WHERE u.status IS NOT NULL
    GROUP BY 1, 2 HAVING sum(u.eventos) <> 0 OR sum(u.variacao) <> 0
    ON CONFLICT (hora, status, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, variacao = r.variacao + excluded.variacao
  ),
  recebidos AS MATERIALIZED (
    SELECT 1 AS sinal, recebido_em, data_evento FROM novos UNION ALL SELECT -1, recebido_em, data_evento FROM velhos
  ),
  atraso AS (
    INSERT INTO resumo_atraso AS r (hora, balde, fatia, eventos, segundos)
    SELECT date_trunc('hour', recebido_em, 'UTC'), balde(recebido_em - data_evento), f, sum(sinal), sum(sinal * extract(epoch FROM recebido_em - data_evento))
    FROM recebidos GROUP BY 1, 2 HAVING sum(sinal) <> 0 OR sum(sinal * extract(epoch FROM recebido_em - data_evento)) <> 0
    ON CONFLICT (hora, balde, fatia) DO UPDATE SET eventos = r.eventos + excluded.eventos, segundos = r.segundos + excluded.segundos
  ),
  atraso_dia AS (
    INSERT INTO resumo_atraso_dia AS r (dia, balde, fatia, eventos)
    SELECT (recebido_em AT TIME ZONE 'UTC')::date, balde(recebido_em - data_evento), f, sum(sinal)
    FROM recebidos GROUP BY 1, 2 HAVING sum(sinal) <> 0
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

-- For events that came late.
CREATE FUNCTION soma_atrasados(pacotes_ bigint[], datas timestamptz[], situacoes text[], recebidos timestamptz[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT soma_trocados('{}', array_agg(ROW(u.id_pacote, u.data_evento, u.status_rastreamento, u.recebido_em, NULL)::evento))
  FROM unnest(pacotes_, datas, situacoes, recebidos) AS u (id_pacote, data_evento, status_rastreamento, recebido_em)
$$;

-- Only the writer adds to these tables.
REVOKE EXECUTE ON FUNCTION soma_trocados, soma_historico, soma_permanencia, soma_atraso, soma_atrasados FROM PUBLIC;
GRANT EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados TO rastreio_writer;
