-- Up Migration

-- Ranges cut days: a range's figures are whole days from the summaries and, at its two ends, what the packages themselves say. An end may
-- also be had the other way round, the whole day less the part that lies outside, and whichever part is the shorter is read. Where the
-- range ends now, as nearly all do, nothing lies after it. docs/performance.md says what that gave.

-- Whether the first and the last local day of a range count whole, so that what lies outside is taken off.
CREATE FUNCTION cortes_do_periodo(de timestamptz, ate timestamptz) RETURNS TABLE (primeiro boolean, ultimo boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    CASE WHEN NOT isfinite(de) THEN true
         WHEN d1 < d2 THEN de - inicio_do_dia(d1) <= inicio_do_dia(d1 + 1) - de
         WHEN d1 = d2 THEN (de - inicio_do_dia(d1)) + resto < ate - de
         ELSE false END,
    CASE WHEN NOT isfinite(ate) OR NOT isfinite(de) THEN true
         WHEN d1 < d2 THEN resto < ate - inicio_do_dia(d2)
         WHEN d1 = d2 THEN (de - inicio_do_dia(d1)) + resto < ate - de
         ELSE false END
  FROM (
    SELECT dia_local(de) AS d1, dia_local(ate) AS d2,
           CASE WHEN isfinite(ate) AND ate < now() THEN inicio_do_dia(dia_local(ate) + 1) - ate ELSE interval '0' END AS resto
  ) AS d
$$;
COMMENT ON FUNCTION cortes_do_periodo(timestamptz, timestamptz) IS
  'Whether the first and the last local day of a range, both ends included, are taken whole from the summaries; see pontas_do_periodo.';

-- What is left to read: from inicio up to, but not including, fim; the sign is what it counts. Timestamps are whole microseconds.
CREATE FUNCTION pontas_do_periodo(de timestamptz, ate timestamptz) RETURNS TABLE (inicio timestamptz, fim timestamptz, sinal integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN primeiro THEN inicio_do_dia(dia_local(de)) ELSE de END,
         CASE WHEN primeiro THEN de ELSE least(inicio_do_dia(dia_local(de) + 1), ate + interval '1 microsecond') END,
         CASE WHEN primeiro THEN -1 ELSE 1 END
  FROM cortes_do_periodo(de, ate) WHERE de <= ate
  UNION ALL
  SELECT CASE WHEN ultimo THEN ate + interval '1 microsecond' ELSE inicio_do_dia(dia_local(ate)) END,
         CASE WHEN ultimo THEN inicio_do_dia(dia_local(ate) + 1) ELSE ate + interval '1 microsecond' END,
         CASE WHEN ultimo THEN -1 ELSE 1 END
  FROM cortes_do_periodo(de, ate) WHERE de <= ate AND (ultimo OR dia_local(de) < dia_local(ate))
$$;
COMMENT ON FUNCTION pontas_do_periodo(timestamptz, timestamptz) IS
  'The parts of a range that are no whole local days: with cortes_do_periodo, the whole days and these, each times its sign, are the range.';

-- The planner knows how many rows a number of days are, as it does not for a range whose beginning it computes only when it runs, and unlike
-- dia > dia_local(now()) - 30 it is not computed for each row where all are read.
CREATE FUNCTION ultimos_dias(dias integer) RETURNS date[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT array_agg(dia_local(now()) - d) FROM generate_series(-1, dias - 1) AS d $$;
COMMENT ON FUNCTION ultimos_dias(integer) IS
  'The last local days, today as one of them, and tomorrow: events may be a little ahead. Write = ANY ((SELECT ultimos_dias(30))::date[]), computed once.';

CREATE OR REPLACE FUNCTION baldes_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (balde smallint, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate))
  SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.na_primeira
  FROM resumo_entregas r
  WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate) AND r.dia > '-infinity'
    AND (r.dia > dia_local(de) OR (SELECT primeiro FROM cortes)) AND (r.dia < dia_local(ate) OR (SELECT ultimo FROM cortes))
  UNION ALL
  SELECT balde(p.data_entrega - p.data_inicio), x.sinal, x.sinal * extract(epoch FROM p.data_entrega - p.data_inicio),
         x.sinal * coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int,
         x.sinal * (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int
  FROM pontas_do_periodo(de, ate) AS x JOIN pacotes p ON p.data_entrega >= x.inicio AND p.data_entrega < x.fim
  LEFT JOIN prazos z USING (origem, destino)
$$;

CREATE OR REPLACE FUNCTION entregas_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (origem text, destino text, rota text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8,
               p95_segundos float8, taxa_no_prazo float8, taxa_na_primeira float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate)),
  pontas AS MATERIALIZED (
    SELECT t.id_rota, balde(p.data_entrega - p.data_inicio) AS balde, x.sinal AS entregas,
           x.sinal * extract(epoch FROM p.data_entrega - p.data_inicio) AS segundos,
           x.sinal * coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int AS no_prazo,
           x.sinal * (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int AS na_primeira
    FROM pontas_do_periodo(de, ate) AS x JOIN pacotes p ON p.data_entrega >= x.inicio AND p.data_entrega < x.fim
    JOIN rotas t USING (origem, destino) LEFT JOIN prazos z USING (origem, destino)
  ),
  somas AS (
    SELECT s.id_rota, sum(s.entregas)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo,
           sum(s.na_primeira) AS na_primeira
    FROM (
      SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.na_primeira
      FROM resumo_entregas_rota r
      WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
        AND (r.dia > dia_local(de) OR (SELECT primeiro FROM cortes)) AND (r.dia < dia_local(ate) OR (SELECT ultimo FROM cortes))
      UNION ALL
      SELECT e.id_rota, e.entregas, e.segundos, e.no_prazo, e.na_primeira FROM pontas e
    ) AS s GROUP BY s.id_rota
  ),
  histogramas AS (
    SELECT b.id_rota, array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
    FROM (
      -- Hundreds of thousands of rows, so summed at once, in integers, whose sum is a bigint.
      SELECT x.id_rota, x.balde, sum(x.entregas) AS entregas
      FROM (
        SELECT r.id_rota, r.balde, r.entregas
        FROM resumo_baldes_rota r
        WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
          AND (r.dia > dia_local(de) OR (SELECT primeiro FROM cortes)) AND (r.dia < dia_local(ate) OR (SELECT ultimo FROM cortes))
        UNION ALL
        SELECT e.id_rota, e.balde, e.entregas FROM pontas e
      ) AS x GROUP BY x.id_rota, x.balde
    ) AS b GROUP BY b.id_rota
  )
  SELECT
    t.origem, t.destino, t.origem || ' → ' || t.destino,
    s.entregas,
    (s.segundos / s.entregas)::float8,
    percentil(0.5, h.baldes, h.totais),
    percentil(0.9, h.baldes, h.totais),
    percentil(0.95, h.baldes, h.totais),
    (s.no_prazo::numeric / s.entregas)::float8,
    (s.na_primeira::numeric / s.entregas)::float8
  FROM somas s JOIN histogramas h USING (id_rota) JOIN rotas t USING (id_rota)
  WHERE s.entregas > 0
$$;

DROP FUNCTION proximo_dia(timestamptz);

CREATE OR REPLACE VIEW limites_das_rotas AS
SELECT
  t.origem, t.destino, h.entregas,
  percentil(0.5, h.baldes, h.totais) AS p50_segundos,
  percentil(0.95, h.baldes, h.totais) AS p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM (
  SELECT b.id_rota, sum(b.entregas)::bigint AS entregas, array_agg(b.balde ORDER BY b.balde) AS baldes,
         array_agg(b.entregas ORDER BY b.balde) AS totais
  FROM (
    SELECT id_rota, balde, sum(entregas) AS entregas
    FROM resumo_baldes_rota WHERE dia = ANY ((SELECT ultimos_dias(30))::date[]) GROUP BY id_rota, balde
  ) AS b GROUP BY b.id_rota
) AS h JOIN rotas t USING (id_rota) LEFT JOIN prazos z USING (origem, destino)
WHERE h.entregas > 0;

-- A limit is a point in time, computed once for each lane: an open package is compared with it, and only one at risk gets its figures.
CREATE OR REPLACE VIEW pacotes_em_risco AS
WITH regra AS MATERIALIZED (SELECT valor AS fracao, extract(epoch FROM prazo_padrao())::float8 AS padrao FROM limites WHERE nome = 'risco_fracao_prazo'),
rotas AS MATERIALIZED (
  SELECT origem, destino, p95_segundos, prazo_segundos, now() - make_interval(secs => least(p95_segundos, fracao * prazo_segundos)) AS limite
  FROM (
    SELECT origem, destino, r.p95_segundos, coalesce(extract(epoch FROM z.prazo)::float8, r.prazo_segundos) AS prazo_segundos
    FROM limites_das_rotas r FULL JOIN (SELECT * FROM prazos WHERE (origem, destino) <> ('*', '*')) AS z USING (origem, destino)
  ) AS u CROSS JOIN regra
),
padrao AS MATERIALIZED (SELECT padrao AS prazo_segundos, now() - make_interval(secs => fracao * padrao) AS limite FROM regra)
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_inicio)::float8 AS idade_segundos,
  r.p95_segundos,
  coalesce(r.prazo_segundos, (SELECT prazo_segundos FROM padrao)) AS prazo_segundos
FROM pacotes p
LEFT JOIN rotas r USING (origem, destino)
WHERE p.aberto
  -- No lane's limit is later than this one, so that the index leaves the young ones out.
  AND p.data_inicio < (SELECT greatest((SELECT max(limite) FROM rotas), (SELECT limite FROM padrao)))
  AND p.data_inicio < coalesce(r.limite, (SELECT limite FROM padrao));
