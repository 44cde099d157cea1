-- Deliveries. Ranges cut days: a range's figures are whole days from the summaries and, at its two ends, what the packages themselves say.
-- An end may also be had the other way round, the whole day less the part that lies outside, and whichever part is the shorter is read.
-- Where the range ends now, as nearly all do, nothing lies after it. docs/performance.md says what that gave.

-- Each delivery as the triggers count it. Numbers, since they are added up and taken off.
CREATE VIEW entregas_julgadas AS
SELECT
  p.id_pacote, origem, destino, p.data_inicio, p.data_entrega,
  balde(p.data_entrega - p.data_inicio) AS balde,
  extract(epoch FROM p.data_entrega - p.data_inicio) AS segundos,
  coalesce(dentro_do_prazo(p.data_entrega, p.prazo_inicial, p.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))), false)::int AS no_prazo,
  (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int AS na_primeira,
  coalesce(dentro_do_prazo(p.data_entrega, p.prazo_final, p.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))), false)::int AS no_prazo_final,
  coalesce(dentro_do_prazo(least(p.data_tentativa, p.data_entrega), p.prazo_inicial, p.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))), false)::int
    AS tentativa_no_prazo,
  p.transportadora
FROM pacotes p LEFT JOIN prazos_julgados z USING (origem, destino)
WHERE p.data_entrega IS NOT NULL;
COMMENT ON VIEW entregas_julgadas IS
  'Delivered packages: delivery time, and 1 or 0 for on time by the first promise (no_prazo), by the latest (no_prazo_final), the first attempt within the first promise (tentativa_no_prazo), no attempt before the delivery (na_primeira), and the carrier, null where none is said.';

-- Whether the first and the last local day of a range count whole, so that what lies outside is taken off. Who asks for each row writes
-- (SELECT dia_local(de)), which is computed once: of a range that is computed itself, as the four weeks before another, the
-- day for each of 370,000 rows took more than half of the query.
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

CREATE FUNCTION entregas_das_pontas(de timestamptz, ate timestamptz)
RETURNS TABLE (origem text, destino text, balde smallint, entregas integer, segundos numeric, no_prazo integer, na_primeira integer,
               no_prazo_final integer, tentativa_no_prazo integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.origem, p.destino, p.balde, x.sinal, x.sinal * p.segundos, x.sinal * p.no_prazo, x.sinal * p.na_primeira,
         x.sinal * p.no_prazo_final, x.sinal * p.tentativa_no_prazo
  FROM pontas_do_periodo(de, ate) AS x
  -- OFFSET 0: by the instants of delivery, also where only some lanes are wanted, and by this process alone. The planner expects a tenth of
  -- all packages of a range whose ends it does not know, and workers take longer to start than some thousand rows to read.
  CROSS JOIN LATERAL (SELECT * FROM entregas_julgadas q WHERE q.data_entrega >= x.inicio AND q.data_entrega < x.fim OFFSET 0) AS p
$$;
COMMENT ON FUNCTION entregas_das_pontas(timestamptz, timestamptz) IS
  'The deliveries of pontas_do_periodo, one row each, in numbers that carry its sign: to be added to the whole days.';

-- The whole local days and the two ends: exact for any range.
CREATE FUNCTION baldes_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (balde smallint, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint, no_prazo_final bigint,
               tentativa_no_prazo bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate))
  SELECT r.balde, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
  FROM resumo_entregas r
  WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate) AND r.dia > '-infinity'
    AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
  UNION ALL
  SELECT e.balde, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo
  FROM entregas_das_pontas(de, ate) AS e
$$;

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
  (sum(na_primeira) / nullif(sum(entregas), 0))::float8 AS taxa_na_primeira,
  (sum(no_prazo_final) / nullif(sum(entregas), 0))::float8 AS taxa_no_prazo_final,
  (sum(tentativa_no_prazo) / nullif(sum(entregas), 0))::float8 AS taxa_tentativa_no_prazo
FROM (
  SELECT balde, sum(entregas)::bigint AS entregas, sum(segundos) AS segundos, sum(no_prazo) AS no_prazo, sum(na_primeira) AS na_primeira,
         sum(no_prazo_final) AS no_prazo_final, sum(tentativa_no_prazo) AS tentativa_no_prazo
  FROM resumo_entregas WHERE dia = '-infinity' GROUP BY balde
) AS b;
COMMENT ON VIEW indicadores_entrega IS
  'All time: packages, delivered packages, delivery time from the first event to the latest ENTREGUE (mean and percentiles), share within the promise (three definitions) and at the first attempt.';

CREATE FUNCTION entregas_no_periodo(de timestamptz, ate timestamptz)
RETURNS TABLE (entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_na_primeira float8, taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    coalesce(sum(b.entregas), 0)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.9, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.na_primeira) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT x.balde, sum(x.entregas)::bigint AS entregas, sum(x.segundos) AS segundos, sum(x.no_prazo) AS no_prazo,
           sum(x.na_primeira) AS na_primeira, sum(x.no_prazo_final) AS no_prazo_final, sum(x.tentativa_no_prazo) AS tentativa_no_prazo
    FROM baldes_no_periodo(de, ate) AS x GROUP BY x.balde
  ) AS b
$$;
COMMENT ON FUNCTION entregas_no_periodo(timestamptz, timestamptz) IS 'Deliveries whose delivery lies in the range: count, delivery time, shares.';

-- For a time series: steps of whole local days, at least one.
CREATE FUNCTION entregas_por_passo(de timestamptz, ate timestamptz, passo interval)
RETURNS TABLE ("time" timestamptz, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    b.inicio,
    sum(b.entregas)::bigint,
    (sum(b.segundos) / nullif(sum(b.entregas), 0))::float8,
    percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)),
    (sum(b.no_prazo) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.no_prazo_final) / nullif(sum(b.entregas), 0))::float8,
    (sum(b.tentativa_no_prazo) / nullif(sum(b.entregas), 0))::float8
  FROM (
    SELECT inicio_do_passo(r.dia, passo) AS inicio, r.balde, sum(r.entregas)::bigint AS entregas, sum(r.segundos) AS segundos,
           sum(r.no_prazo) AS no_prazo, sum(r.no_prazo_final) AS no_prazo_final, sum(r.tentativa_no_prazo) AS tentativa_no_prazo
    FROM resumo_entregas r
    WHERE r.dia > '-infinity' AND inicio_do_dia(r.dia) >= inicio_do_passo(dia_local(de), passo) AND r.dia <= dia_local(ate)
    GROUP BY 1, 2
  ) AS b
  GROUP BY b.inicio
  HAVING sum(b.entregas) > 0
  ORDER BY b.inicio
$$;

GRANT SELECT ON indicadores_entrega TO grafana_reader, rastreio_writer;
GRANT SELECT ON entregas_julgadas TO grafana_reader;
