-- What a dashboard's variables choose: places, statuses, a package.

-- Grafana quotes each value of a variable that may have several ($origem): 'Natal','São Paulo'. No value gets out of its quotes, so none is SQL.
CREATE FUNCTION escolhidos(VARIADIC valores text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN valores;
COMMENT ON FUNCTION escolhidos(text[]) IS
  'What a variable of several values chooses, as a list. Panels write escolhidos($variavel), and the variable''s "All" is VARIADIC ''{}'': an empty list, which is no restriction.';

CREATE FUNCTION escolhidos() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{}'::text[];
COMMENT ON FUNCTION escolhidos() IS 'The same where nothing is chosen: an empty list, which is no restriction.';

-- Of panels that were edited on Grafana's screen before there was escolhidos: an upgrade keeps them as they are, and they must go on.
CREATE FUNCTION escolha(texto text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $corpo$
DECLARE
  lista jsonb;
BEGIN
  IF pg_input_is_valid(texto, 'jsonb') THEN
    lista := texto::jsonb;
    IF jsonb_typeof(lista) = 'string' THEN lista := jsonb_build_array(lista); END IF;
    IF jsonb_typeof(lista) = 'array' AND NOT jsonb_path_exists(lista, 'strict $[*] ? (@.type() != "string")') THEN
      RETURN ARRAY(SELECT jsonb_array_elements_text(lista));
    END IF;
  END IF;
  RAISE EXCEPTION 'escolha: % is no choice of a dashboard', quote_literal(left(texto, 100))
    USING ERRCODE = '22023',
          HINT = 'Write escolhidos($variavel) instead.';
END
$corpo$;
COMMENT ON FUNCTION escolha(text) IS
  'Former panels write escolha($v$${variavel:json}$v$), where a value with $v$ in it leaves the quotes: write escolhidos($variavel) instead.';

CREATE VIEW origens AS
WITH RECURSIVE o AS (
  SELECT ''::text AS origem
  UNION ALL
  SELECT (SELECT p.origem FROM pacotes p WHERE p.origem COLLATE "C" > o.origem ORDER BY p.origem COLLATE "C" LIMIT 1) FROM o WHERE o.origem IS NOT NULL
)
SELECT DISTINCT coalesce(g.lugar, o.origem) AS origem FROM o LEFT JOIN grafias g ON g.grafia = o.origem
WHERE o.origem <> '' AND g.id_lugar IS DISTINCT FROM 0 ORDER BY origem;
COMMENT ON VIEW origens IS 'Places that packages come from.';

CREATE VIEW destinos AS
WITH RECURSIVE r AS (
  SELECT ''::text AS origem, ''::text AS destino
  UNION ALL
  SELECT p.origem, p.destino
  FROM r CROSS JOIN LATERAL (
    SELECT p.origem, p.destino FROM pacotes p
    WHERE (p.origem COLLATE "C", p.destino COLLATE "C") > (r.origem, r.destino)
    ORDER BY p.origem COLLATE "C", p.destino COLLATE "C" LIMIT 1
  ) AS p
)
SELECT DISTINCT coalesce(g.lugar, r.destino) AS destino FROM r LEFT JOIN grafias g ON g.grafia = r.destino
WHERE r.destino <> '' AND g.id_lugar IS DISTINCT FROM 0 ORDER BY destino;
COMMENT ON VIEW destinos IS 'Places that packages go to.';

CREATE FUNCTION escolhida(lugar text, lugares text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(cardinality(lugares), 0) = 0 OR lugar COLLATE "C" = ANY (lugares);
COMMENT ON FUNCTION escolhida(text, text[]) IS 'Whether a choice has the place: an empty one has all.';

-- EXECUTE plans with the values known: the choice becomes a condition of the index, and of the packages that were under way the last event is
-- looked for in the chunks of the fifteen days before, and only where there is none in all others.
CREATE FUNCTION status_em_dos_lugares(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN QUERY EXECUTE $consulta$
    SELECT s.status, count(*)
    FROM (
      SELECT CASE WHEN u.agora OR u.status IS NULL OR c.status IS NOT NULL THEN u.status
                  ELSE coalesce((SELECT f.status FROM final_conhecido(u.id_pacote, $1) AS f), u.status) END AS status
      FROM (
        SELECT p.id_pacote, p.data_status <= $1 AS agora, CASE WHEN p.data_status <= $1 THEN p.status_atual ELSE coalesce(
          (SELECT e.status_rastreamento
           FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
           WHERE e.id_pacote = p.id_pacote AND e.data_evento <= $1 AND e.data_evento > $4
           ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT 1),
          (SELECT e.status_rastreamento
           FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
           WHERE e.id_pacote = p.id_pacote AND e.data_evento <= $4
           ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT 1),
          (SELECT a.status_rastreamento
           FROM eventos_anteriores a LEFT JOIN catalogo_status c ON c.status = a.status_rastreamento
           WHERE a.id_pacote = p.id_pacote AND a.data_evento <= $1
           ORDER BY a.data_evento DESC, coalesce(c.ordem, 0) DESC, a.status_rastreamento COLLATE "C" DESC LIMIT 1)) END AS status
        FROM pacotes p
        WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3) AND p.data_inicio <= $1
        OFFSET 0 -- else the condition below would look everything up a second time
      ) AS u LEFT JOIN catalogo_status c ON c.status = u.status
    ) AS s
    WHERE s.status IS NOT NULL
    GROUP BY s.status
  $consulta$ USING instante, origens, destinos, instante - interval '15 days';
END
$$;

CREATE FUNCTION status_em(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em(instante) AS s
  WHERE coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em_dos_lugares(instante, grafias_de(origens), grafias_de(destinos)) AS s
  WHERE coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0
$$;
COMMENT ON FUNCTION status_em(timestamptz, text[], text[]) IS
  'Packages of some origins and destinations by the status they had at an instant; empty lists are no restriction.';

-- Packages that began after an instant and before another are among those with an event between the two.
CREATE FUNCTION iniciados_entre(de timestamptz, ate timestamptz, origens text[], destinos text[]) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  total bigint;
BEGIN
  -- EXECUTE plans with the instants known. OFFSET 0: these packages one by one, or the planner would rather read all.
  EXECUTE $consulta$
    SELECT count(*)
    FROM (SELECT DISTINCT e.id_pacote FROM eventos_rastreamento e WHERE e.data_evento > $1 AND e.data_evento < $2) AS e
    CROSS JOIN LATERAL (SELECT * FROM pacotes q WHERE q.id_pacote = e.id_pacote OFFSET 0) AS p
    WHERE p.data_inicio > $1 AND p.data_inicio < $2 AND escolhida(p.origem, $3) AND escolhida(p.destino, $4)
  $consulta$ INTO total USING de, ate, origens, destinos;
  RETURN total;
END
$$;

-- Those of today, less those that began since: whole hours from the summary, where a package's first event is one more and all others are
-- none; within the instant's own hour from the events.
CREATE FUNCTION pacotes_ate(instante timestamptz) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce((SELECT sum(s.total_pacotes) FROM status_dos_pacotes s), 0)::bigint
    - coalesce((SELECT sum(h.variacao) FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)), 0)::bigint
    - iniciados_entre(instante, fim_da_hora(instante), '{}', '{}')
$$;

CREATE FUNCTION indicadores_dos_lugares(ate timestamptz, origens text[], destinos text[])
RETURNS TABLE (total_pacotes bigint, total_entregues bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  ids integer[] := ARRAY(SELECT t.id_rota FROM rotas t WHERE escolhida(t.origem, origens) AND escolhida(t.destino, destinos));
BEGIN
  RETURN QUERY EXECUTE $consulta$
    WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo('-infinity', $1)),
    somas AS (
      SELECT coalesce(sum(s.entregas), 0)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo,
             sum(s.no_prazo_final) AS no_prazo_final, sum(s.tentativa_no_prazo) AS tentativa_no_prazo
      FROM somas_por_rota('-infinity', $1) AS s WHERE s.id_rota = ANY ($4)
    ),
    histograma AS (
      SELECT array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
      FROM (
        SELECT x.balde, sum(x.entregas) AS entregas
        FROM (
          SELECT r.balde, r.entregas
          FROM resumo_baldes_rota r
          WHERE r.id_rota = ANY ($4) AND r.dia <= dia_local($1) AND (r.dia < dia_local($1) OR (SELECT ultimo FROM cortes))
          UNION ALL
          SELECT balde(p.data_entrega - p.data_inicio), x.sinal
          FROM pontas_do_periodo('-infinity', $1) AS x
          CROSS JOIN LATERAL (SELECT * FROM pacotes q WHERE q.data_entrega >= x.inicio AND q.data_entrega < x.fim OFFSET 0) AS p
          WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3)
        ) AS x GROUP BY x.balde
      ) AS b
    )
    SELECT
      -- All of them are counted in the index; those until an earlier day in the table.
      CASE WHEN $1 > now() - interval '24 hours'
           THEN (SELECT count(*) FROM pacotes p WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3)) - iniciados_entre($1, 'infinity', $2, $3)
           ELSE (SELECT count(*) FROM pacotes p WHERE escolhida(p.origem, $2) AND escolhida(p.destino, $3) AND p.data_inicio <= $1) END,
      s.entregas, (s.segundos / nullif(s.entregas, 0))::float8,
      percentil(0.5, h.baldes, h.totais), percentil(0.95, h.baldes, h.totais),
      (s.no_prazo / nullif(s.entregas, 0))::float8, (s.no_prazo_final / nullif(s.entregas, 0))::float8,
      (s.tentativa_no_prazo / nullif(s.entregas, 0))::float8
    FROM somas s, histograma h
  $consulta$ USING ate, origens, destinos, ids;
END
$$;

CREATE FUNCTION indicadores_em(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (total_pacotes bigint, total_entregues bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    CASE WHEN instante < now() THEN pacotes_ate(instante) ELSE (SELECT coalesce(sum(s.total_pacotes), 0)::bigint FROM status_dos_pacotes s) END,
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo,
           sum(x.no_prazo_final) AS no_prazo_final, sum(x.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      -- All time, less what came after the instant: for the end of a dashboard's range that is little.
      SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.no_prazo_final, r.tentativa_no_prazo
      FROM resumo_entregas r WHERE r.dia = '-infinity'
      UNION ALL
      SELECT b.balde, -b.entregas, -b.segundos, -b.no_prazo, -b.no_prazo_final, -b.tentativa_no_prazo
      FROM baldes_no_periodo(instante + interval '1 microsecond', 'infinity') AS b WHERE instante < now()
    ) AS x GROUP BY x.balde
  ) AS b
  HAVING coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT i.total_pacotes, i.total_entregues, i.tempo_medio_segundos, i.p50_segundos, i.p95_segundos, i.taxa_no_prazo,
         i.taxa_no_prazo_final, i.taxa_tentativa_no_prazo
  FROM indicadores_dos_lugares(CASE WHEN instante < now() THEN instante ELSE 'infinity' END, grafias_de(origens), grafias_de(destinos)) AS i
  WHERE coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0
$$;
COMMENT ON FUNCTION indicadores_em(timestamptz, text[], text[]) IS
  'Packages and deliveries of some origins and destinations up to an instant (from now on: all that is known, also what carriers'' clocks put ahead); empty lists are no restriction.';

GRANT SELECT ON origens, destinos TO grafana_reader;
