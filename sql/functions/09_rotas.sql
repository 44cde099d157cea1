-- Deliveries by lane, and what became of lanes: against a promise, against the time before.

-- As entregas_no_periodo, by lane.
CREATE FUNCTION entregas_por_rota(de timestamptz, ate timestamptz, nivel text DEFAULT 'cidade')
RETURNS TABLE (origem text, destino text, rota text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8,
               p95_segundos float8, taxa_no_prazo float8, taxa_na_primeira float8, taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate)),
  mapa AS MATERIALIZED (SELECT * FROM rotas_do_nivel(nivel)),
  pontas AS MATERIALIZED (
    SELECT t.id_rota, e.* FROM entregas_das_pontas(de, ate) AS e JOIN rotas t USING (origem, destino)
  ),
  somas AS (
    SELECT m.chave, m.origem, m.destino, sum(p.entregas)::bigint AS entregas, sum(p.segundos) AS segundos, sum(p.no_prazo) AS no_prazo,
           sum(p.na_primeira) AS na_primeira, sum(p.no_prazo_final) AS no_prazo_final, sum(p.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      -- First by pair of spellings, which leaves few rows to join.
      SELECT s.id_rota, sum(s.entregas)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo)::bigint AS no_prazo,
             sum(s.na_primeira)::bigint AS na_primeira, sum(s.no_prazo_final)::bigint AS no_prazo_final,
             sum(s.tentativa_no_prazo)::bigint AS tentativa_no_prazo
      FROM (
        SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
        FROM resumo_entregas_rota r
        WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
          AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
        UNION ALL
        SELECT e.id_rota, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo FROM pontas e
      ) AS s GROUP BY s.id_rota
    ) AS p JOIN mapa m USING (id_rota) GROUP BY m.chave, m.origem, m.destino
  ),
  histogramas AS (
    SELECT b.chave, array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
    FROM (
      SELECT m.chave, p.balde, sum(p.entregas)::bigint AS entregas
      FROM (
        -- Hundreds of thousands of rows, so summed at once, in integers, whose sum is a bigint.
        SELECT x.id_rota, x.balde, sum(x.entregas) AS entregas
        FROM (
          SELECT r.id_rota, r.balde, r.entregas
          FROM resumo_baldes_rota r
          WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
            AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
          UNION ALL
          SELECT e.id_rota, e.balde, e.entregas FROM pontas e
        ) AS x GROUP BY x.id_rota, x.balde
      ) AS p JOIN mapa m USING (id_rota) GROUP BY m.chave, p.balde
    ) AS b GROUP BY b.chave
  )
  SELECT
    s.origem, s.destino, s.origem || ' → ' || s.destino,
    s.entregas,
    (s.segundos / s.entregas)::float8,
    percentil(0.5, h.baldes, h.totais),
    percentil(0.9, h.baldes, h.totais),
    percentil(0.95, h.baldes, h.totais),
    (s.no_prazo::numeric / s.entregas)::float8,
    (s.na_primeira::numeric / s.entregas)::float8,
    (s.no_prazo_final::numeric / s.entregas)::float8,
    (s.tentativa_no_prazo::numeric / s.entregas)::float8
  FROM somas s JOIN histogramas h USING (chave)
  WHERE s.entregas > 0
$$;
COMMENT ON FUNCTION entregas_por_rota(timestamptz, timestamptz, text) IS
  'As entregas_no_periodo, by lane between places (cidade) or regions (região); without deliveries of which nobody said a place.';

-- As entregas_por_rota, without percentiles: from rows of a lane's day.
CREATE FUNCTION somas_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (id_rota integer, entregas bigint, segundos numeric, no_prazo bigint, no_prazo_final bigint, tentativa_no_prazo bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate))
  SELECT s.id_rota, sum(s.entregas)::bigint, sum(s.segundos), sum(s.no_prazo)::bigint, sum(s.no_prazo_final)::bigint,
         sum(s.tentativa_no_prazo)::bigint
  FROM (
    SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.no_prazo_final, r.tentativa_no_prazo
    FROM resumo_entregas_rota r
    WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
      AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
    UNION ALL
    SELECT t.id_rota, e.entregas, e.segundos, e.no_prazo, e.no_prazo_final, e.tentativa_no_prazo
    FROM entregas_das_pontas(de, ate) AS e JOIN rotas t USING (origem, destino)
  ) AS s
  GROUP BY s.id_rota
  HAVING sum(s.entregas) > 0
$$;
COMMENT ON FUNCTION somas_por_rota(timestamptz, timestamptz) IS 'Deliveries in the range by lane: count, sum of delivery times, how many were on time, in three definitions.';

-- For a panel that asks every five seconds: it reads a row per lane and day, not the deliveries.
CREATE VIEW rotas_desde_ontem AS
SELECT
  s.origem, s.destino, s.origem || ' → ' || s.destino AS rota,
  s.entregas,
  (s.segundos / s.entregas)::float8 AS tempo_medio_segundos,
  (s.no_prazo / s.entregas)::float8 AS taxa_no_prazo,
  (s.na_primeira / s.entregas)::float8 AS taxa_na_primeira,
  (s.no_prazo_final / s.entregas)::float8 AS taxa_no_prazo_final,
  (s.tentativa_no_prazo / s.entregas)::float8 AS taxa_tentativa_no_prazo,
  l.limite AS limite_segundos,
  (s.segundos / s.entregas)::float8 / l.limite AS vezes_o_limite,
  s.entregas >= coalesce(m.valor, (SELECT limite('minimo_entregas_rota'))) AS suficiente
FROM (
  SELECT t.chave, t.origem, t.destino, sum(r.entregas)::bigint AS entregas, sum(r.segundos) AS segundos, sum(r.no_prazo) AS no_prazo,
         sum(r.na_primeira) AS na_primeira, sum(r.no_prazo_final) AS no_prazo_final, sum(r.tentativa_no_prazo) AS tentativa_no_prazo
  FROM (
    SELECT id_rota, sum(entregas) AS entregas, sum(segundos) AS segundos, sum(no_prazo) AS no_prazo, sum(na_primeira) AS na_primeira,
           sum(no_prazo_final) AS no_prazo_final, sum(tentativa_no_prazo) AS tentativa_no_prazo
    FROM resumo_entregas_rota WHERE dia >= dia_local(now()) - 1 GROUP BY id_rota
  ) AS r JOIN rotas_dos_lugares t ON t.id_rota = r.id_rota AND t.id_origem <> 0 AND t.id_destino <> 0
  GROUP BY t.chave, t.origem, t.destino
) AS s
-- Those of any spelling, so that of the one that is shown.
LEFT JOIN prazos_julgados z ON (z.origem, z.destino) = (s.origem, s.destino)
-- As limite_da_rota, which would be two calls for each lane.
LEFT JOIN limites_dos_lugares m ON (m.nome, m.chave) = ('minimo_entregas_rota', s.chave)
LEFT JOIN limites_dos_lugares f ON (f.nome, f.chave) = ('rota_media_prazo', s.chave)
CROSS JOIN LATERAL (
  SELECT coalesce(f.valor, (SELECT limite('rota_media_prazo'))) * extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS limite
) AS l
WHERE s.entregas > 0;
COMMENT ON VIEW rotas_desde_ontem IS
  'Deliveries of today and yesterday (local days) by lane: count, mean delivery time, shares, the limit of the mean by the lane''s promise (rota_media_prazo), and whether there are enough to judge it.';

CREATE VIEW limites_das_rotas AS
SELECT
  h.origem, h.destino, h.entregas,
  percentil(0.5, h.baldes, h.totais) AS p50_segundos,
  percentil(0.95, h.baldes, h.totais) AS p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM (
  SELECT b.origem, b.destino, sum(b.entregas)::bigint AS entregas, array_agg(b.balde ORDER BY b.balde) AS baldes,
         array_agg(b.entregas ORDER BY b.balde) AS totais
  FROM (
    SELECT m.chave, m.origem, m.destino, r.balde, sum(r.entregas)::bigint AS entregas
    FROM (
      SELECT id_rota, balde, sum(entregas) AS entregas
      FROM resumo_baldes_rota WHERE dia = ANY ((SELECT ultimos_dias(30))::date[]) GROUP BY id_rota, balde
    ) AS r JOIN rotas_dos_lugares m ON m.id_rota = r.id_rota AND m.id_origem <> 0 AND m.id_destino <> 0
    GROUP BY m.chave, m.origem, m.destino, r.balde
  ) AS b GROUP BY b.chave, b.origem, b.destino
) AS h LEFT JOIN prazos_julgados z USING (origem, destino)
WHERE h.entregas > 0;
COMMENT ON VIEW limites_das_rotas IS 'Delivery time and promise of each lane, over the deliveries of the last 30 local days.';

-- Shares are whole multiples of 2^-40 (about 1e-12): sums of such float8 numbers are exact, in any order.
CREATE FUNCTION taxa_exata(taxa numeric) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN round(taxa * 1099511627776)::float8 / 1099511627776;
COMMENT ON FUNCTION taxa_exata(numeric) IS 'A share rounded to a multiple of 2^-40, so that sums and differences of such numbers are exact.';

CREATE FUNCTION mudanca_no_prazo(ate timestamptz, periodo interval)
RETURNS TABLE (rota text, entregas_antes bigint, entregas bigint, taxa_antes float8, taxa float8, contribuicao_taxa float8,
               contribuicao_mistura float8, contribuicao float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH inicio AS (SELECT make_interval(secs => extract(epoch FROM periodo)::float8) AS passo),
  pares AS MATERIALIZED (
    SELECT r.chave, coalesce(sum(a.entregas), 0)::numeric AS n0, coalesce(sum(b.entregas), 0)::numeric AS n1, sum(a.no_prazo)::numeric AS k0,
           sum(b.no_prazo)::numeric AS k1
    FROM (SELECT f.* FROM inicio, somas_por_rota(ate - 2 * passo + interval '1 microsecond', ate - passo) AS f) AS a
    FULL JOIN (SELECT f.* FROM inicio, somas_por_rota(ate - passo + interval '1 microsecond', ate) AS f) AS b USING (id_rota)
    JOIN rotas_dos_lugares r USING (id_rota)
    GROUP BY r.chave
  ),
  todas AS MATERIALIZED (SELECT sum(n0) AS n0, sum(n1) AS n1, sum(k0) / nullif(sum(n0), 0) AS r0, sum(k1) / nullif(sum(n1), 0) AS r1 FROM pares),
  partes AS MATERIALIZED (
    SELECT p.chave, p.n0, p.n1, p.k0 / nullif(p.n0, 0) AS taxa_antes, p.k1 / nullif(p.n1, 0) AS taxa,
           taxa_exata((q.r1 - q.r0) * (q.w0 + q.w1) / 2) AS por_taxa,
           taxa_exata((q.w1 - q.w0) * ((q.r0 + q.r1) / 2 - (t.r0 + t.r1) / 2)) AS por_mistura
    FROM pares p CROSS JOIN todas t CROSS JOIN LATERAL (
      SELECT p.n0 / t.n0 AS w0, p.n1 / t.n1 AS w1,
             coalesce(p.k0 / nullif(p.n0, 0), p.k1 / nullif(p.n1, 0)) AS r0, coalesce(p.k1 / nullif(p.n1, 0), p.k0 / nullif(p.n0, 0)) AS r1
    ) AS q
    WHERE t.n0 > 0 AND t.n1 > 0
  ),
  -- What rounding left over, less than 1e-9, goes to the greatest lane.
  resto AS (
    SELECT (SELECT chave FROM partes ORDER BY n0 + n1 DESC, chave LIMIT 1) AS chave,
           taxa_exata(t.r1) - taxa_exata(t.r0) - (SELECT sum(por_taxa) + sum(por_mistura) FROM partes) AS valor
    FROM todas t
  )
  SELECT r.origem || ' → ' || r.destino, p.n0::bigint, p.n1::bigint, p.taxa_antes::float8, p.taxa::float8,
         p.por_taxa, p.por_mistura + coalesce(s.valor, 0), p.por_taxa + p.por_mistura + coalesce(s.valor, 0)
  FROM partes p JOIN (SELECT DISTINCT chave, origem, destino FROM rotas_dos_lugares) AS r USING (chave) LEFT JOIN resto s USING (chave)
$$;
COMMENT ON FUNCTION mudanca_no_prazo(timestamptz, interval) IS
  'How the share of deliveries on time changed from the period before to the one that ends at the instant, split by lane into rate and mix; the parts add up exactly to mudanca_total.';

CREATE FUNCTION mudanca_total(ate timestamptz, periodo interval)
RETURNS TABLE (entregas_antes bigint, entregas bigint, taxa_antes float8, taxa float8, mudanca float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT a.entregas, b.entregas, a.taxa, b.taxa, b.taxa - a.taxa
  FROM (SELECT make_interval(secs => extract(epoch FROM periodo)::float8) AS passo) AS i
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.entregas), 0)::bigint AS entregas, taxa_exata(sum(f.no_prazo) / nullif(sum(f.entregas), 0)) AS taxa
    FROM somas_por_rota(ate - 2 * passo + interval '1 microsecond', ate - passo) AS f
  ) AS a CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.entregas), 0)::bigint AS entregas, taxa_exata(sum(f.no_prazo) / nullif(sum(f.entregas), 0)) AS taxa
    FROM somas_por_rota(ate - passo + interval '1 microsecond', ate) AS f
  ) AS b
$$;
COMMENT ON FUNCTION mudanca_total(timestamptz, interval) IS 'The share of deliveries on time in the period before, in the one that ends at the instant, and the change.';

CREATE FUNCTION comparacao_por_rota(de timestamptz, ate timestamptz, nivel text DEFAULT 'cidade')
RETURNS TABLE (rota text, origem text, destino text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_na_primeira float8, entregas_antes bigint, p50_antes float8, p95_antes float8, taxa_antes float8,
               taxa_no_prazo_final float8, taxa_tentativa_no_prazo float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(b.rota, a.rota), origem, destino, coalesce(b.entregas, 0), b.tempo_medio_segundos, b.p50_segundos, b.p95_segundos,
         b.taxa_no_prazo, b.taxa_na_primeira, coalesce(a.entregas, 0), a.p50_segundos, a.p95_segundos, a.taxa_no_prazo,
         b.taxa_no_prazo_final, b.taxa_tentativa_no_prazo
  FROM entregas_por_rota(de, ate, nivel) AS b
  FULL JOIN entregas_por_rota(de - make_interval(hours => 28 * 24), de - interval '1 microsecond', nivel) AS a USING (origem, destino)
$$;
COMMENT ON FUNCTION comparacao_por_rota(timestamptz, timestamptz, text) IS
  'Deliveries of the range by lane (entregas_por_rota), beside those of the four weeks before it; also lanes that only had some then.';

GRANT SELECT ON rotas_desde_ontem, limites_das_rotas TO grafana_reader;
