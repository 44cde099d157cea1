-- Up Migration

-- What a dashboard's variables choose: places, statuses, a package.

CREATE FUNCTION escolha(texto text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $corpo$
DECLARE
  lista jsonb;
BEGIN
  IF pg_input_is_valid(texto, 'jsonb') THEN
    lista := texto::jsonb;
    IF jsonb_typeof(lista) = 'string' THEN lista := jsonb_build_array(lista); END IF;
    IF jsonb_typeof(lista) = 'array' AND NOT jsonb_path_exists(lista, '$[*] ? (@.type() != "string")') THEN
      RETURN ARRAY(SELECT jsonb_array_elements_text(lista));
    END IF;
  END IF;
  RAISE EXCEPTION 'escolha: % is no choice of a dashboard', quote_literal(left(texto, 100))
    USING ERRCODE = '22023',
          HINT = 'Write escolha($v$${variavel:json}$v$): a JSON list of texts, or one text; [] is no restriction.';
END
$corpo$;
COMMENT ON FUNCTION escolha(text) IS
  'A variable''s choice, from JSON: a list of texts, or one text. An empty list is no restriction. Panels write escolha($v$${variavel:json}$v$).';

CREATE FUNCTION numero_do_pacote(texto text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN substring(texto FROM '^\s*0*([0-9]{1,19})\s*$')::numeric <= 9223372036854775807
            THEN substring(texto FROM '^\s*0*([0-9]{1,19})\s*$')::bigint END;
COMMENT ON FUNCTION numero_do_pacote(text) IS 'The number in a text of digits, with or without spaces around it; null for any other text.';

-- Packages of some places are read by it, and the places themselves, each by one look into the index.
CREATE INDEX pacotes_lugares ON pacotes (origem, destino);

CREATE VIEW origens AS
WITH RECURSIVE o AS (
  SELECT ''::text AS origem
  UNION ALL
  SELECT (SELECT p.origem FROM pacotes p WHERE p.origem > o.origem ORDER BY p.origem LIMIT 1) FROM o WHERE o.origem IS NOT NULL
)
SELECT origem FROM o WHERE origem <> '' ORDER BY origem;
COMMENT ON VIEW origens IS 'Where packages come from.';

CREATE VIEW destinos AS
WITH RECURSIVE r AS (
  SELECT ''::text AS origem, ''::text AS destino
  UNION ALL
  SELECT p.origem, p.destino
  FROM r CROSS JOIN LATERAL (
    SELECT p.origem, p.destino FROM pacotes p WHERE (p.origem, p.destino) > (r.origem, r.destino) ORDER BY p.origem, p.destino LIMIT 1
  ) AS p
)
SELECT DISTINCT destino FROM r WHERE destino <> '' ORDER BY destino;
COMMENT ON VIEW destinos IS 'Where packages go to.';

CREATE FUNCTION escolhida(lugar text, lugares text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(cardinality(lugares), 0) = 0 OR lugar = ANY (lugares);
COMMENT ON FUNCTION escolhida(text, text[]) IS 'Whether a choice has the place: an empty one has all.';

CREATE FUNCTION status_em_dos_lugares(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.status, count(*)
  FROM (
    SELECT p.status_atual AS status
    FROM pacotes p
    WHERE escolhida(p.origem, origens) AND escolhida(p.destino, destinos) AND p.data_status <= instante
    UNION ALL
    SELECT coalesce(
      (SELECT e.status_rastreamento
       FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
       WHERE e.id_pacote = p.id_pacote AND e.data_evento <= instante
       ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC LIMIT 1),
      (SELECT a.status_rastreamento FROM eventos_anteriores a WHERE a.id_pacote = p.id_pacote AND a.data_evento <= instante))
    FROM pacotes p
    WHERE escolhida(p.origem, origens) AND escolhida(p.destino, destinos) AND p.data_status > instante AND p.data_inicio <= instante
  ) AS s
  WHERE s.status IS NOT NULL
  GROUP BY s.status
$$;

CREATE FUNCTION status_em(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em(instante) AS s
  WHERE coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT s.status_rastreamento, s.total_pacotes FROM status_em_dos_lugares(instante, origens, destinos) AS s
  WHERE coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0
$$;
COMMENT ON FUNCTION status_em(timestamptz, text[], text[]) IS
  'Packages of some origins and destinations by the status they had at an instant; empty lists are no restriction.';

CREATE FUNCTION baldes_ate(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (balde smallint, entregas bigint, segundos numeric, no_prazo bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.balde, r.entregas, r.segundos, r.no_prazo
  FROM resumo_entregas r
  WHERE r.dia = '-infinity' AND coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT b.balde, -b.entregas, -b.segundos, -b.no_prazo
  FROM baldes_no_periodo(instante + interval '1 microsecond', 'infinity') AS b
  WHERE instante < now() AND coalesce(cardinality(origens), 0) = 0 AND coalesce(cardinality(destinos), 0) = 0
  UNION ALL
  SELECT balde(p.data_entrega - p.data_inicio), 1, extract(epoch FROM p.data_entrega - p.data_inicio),
         coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int
  FROM pacotes p LEFT JOIN prazos z USING (origem, destino)
  WHERE (coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0)
    AND escolhida(p.origem, origens) AND escolhida(p.destino, destinos)
    AND p.data_entrega IS NOT NULL AND (p.data_entrega <= instante OR instante >= now())
$$;

CREATE FUNCTION pacotes_ate(instante timestamptz, origens text[], destinos text[]) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN coalesce(cardinality(origens), 0) > 0 OR coalesce(cardinality(destinos), 0) > 0 THEN
      (SELECT count(*) FROM pacotes p
       WHERE escolhida(p.origem, origens) AND escolhida(p.destino, destinos) AND (p.data_inicio <= instante OR instante >= now()))
    WHEN instante >= now() THEN (SELECT coalesce(sum(s.total_pacotes), 0)::bigint FROM status_dos_pacotes s)
    ELSE (SELECT coalesce(sum(s.total_pacotes), 0)::bigint FROM status_em(instante) AS s)
  END
$$;

CREATE FUNCTION indicadores_em(instante timestamptz, origens text[], destinos text[])
RETURNS TABLE (total_pacotes bigint, total_entregues bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    pacotes_ate(instante, origens, destinos),
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo
    FROM baldes_ate(instante, origens, destinos) AS x GROUP BY x.balde
  ) AS b
$$;
COMMENT ON FUNCTION indicadores_em(timestamptz, text[], text[]) IS
  'Packages and deliveries of some origins and destinations up to an instant (from now on: all that is known, also what carriers'' clocks put ahead); empty lists are no restriction.';

CREATE FUNCTION ultimos_eventos(de timestamptz, ate timestamptz, origens text[], destinos text[], situacoes text[], limite integer)
RETURNS TABLE (data_evento timestamptz, id_pacote text, status_rastreamento text, origem text, destino text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT e.data_evento, e.id_pacote::text, e.status_rastreamento, p.origem, p.destino
  FROM eventos_rastreamento e JOIN pacotes p USING (id_pacote)
  WHERE e.data_evento >= de AND e.data_evento <= ate
    AND escolhida(e.status_rastreamento, situacoes) AND escolhida(p.origem, origens) AND escolhida(p.destino, destinos)
  ORDER BY e.data_evento DESC, e.id_pacote, e.status_rastreamento
  LIMIT limite
$$;
COMMENT ON FUNCTION ultimos_eventos(timestamptz, timestamptz, text[], text[], text[], integer) IS
  'The newest events of the range, of some origins, destinations and statuses; empty lists are no restriction.';

GRANT SELECT ON origens, destinos TO grafana_reader;
