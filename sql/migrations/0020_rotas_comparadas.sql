-- Up Migration

-- What became of lanes: against a promise, against the time before.

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
    SELECT id_rota, coalesce(a.entregas, 0)::numeric AS n0, coalesce(b.entregas, 0)::numeric AS n1, a.no_prazo::numeric AS k0, b.no_prazo::numeric AS k1
    FROM (SELECT f.* FROM inicio, somas_por_rota(ate - 2 * passo + interval '1 microsecond', ate - passo) AS f) AS a
    FULL JOIN (SELECT f.* FROM inicio, somas_por_rota(ate - passo + interval '1 microsecond', ate) AS f) AS b USING (id_rota)
  ),
  todas AS MATERIALIZED (SELECT sum(n0) AS n0, sum(n1) AS n1, sum(k0) / nullif(sum(n0), 0) AS r0, sum(k1) / nullif(sum(n1), 0) AS r1 FROM pares),
  partes AS MATERIALIZED (
    SELECT p.id_rota, p.n0, p.n1, p.k0 / nullif(p.n0, 0) AS taxa_antes, p.k1 / nullif(p.n1, 0) AS taxa,
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
    SELECT (SELECT id_rota FROM partes ORDER BY n0 + n1 DESC, id_rota LIMIT 1) AS id_rota,
           taxa_exata(t.r1) - taxa_exata(t.r0) - (SELECT sum(por_taxa) + sum(por_mistura) FROM partes) AS valor
    FROM todas t
  )
  SELECT r.origem || ' → ' || r.destino, p.n0::bigint, p.n1::bigint, p.taxa_antes::float8, p.taxa::float8,
         p.por_taxa, p.por_mistura + coalesce(s.valor, 0), p.por_taxa + p.por_mistura + coalesce(s.valor, 0)
  FROM partes p JOIN rotas r USING (id_rota) LEFT JOIN resto s USING (id_rota)
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

CREATE FUNCTION comparacao_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (rota text, origem text, destino text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               taxa_no_prazo float8, taxa_na_primeira float8, entregas_antes bigint, p50_antes float8, p95_antes float8, taxa_antes float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(b.rota, a.rota), origem, destino, coalesce(b.entregas, 0), b.tempo_medio_segundos, b.p50_segundos, b.p95_segundos,
         b.taxa_no_prazo, b.taxa_na_primeira, coalesce(a.entregas, 0), a.p50_segundos, a.p95_segundos, a.taxa_no_prazo
  FROM entregas_por_rota(de, ate) AS b
  FULL JOIN entregas_por_rota(de - make_interval(hours => 28 * 24), de - interval '1 microsecond') AS a USING (origem, destino)
$$;
COMMENT ON FUNCTION comparacao_por_rota(timestamptz, timestamptz) IS
  'Deliveries of the range by lane, beside those of the four weeks before it; also lanes that only had some then.';

CREATE OR REPLACE VIEW rotas_desde_ontem AS
SELECT
  t.origem, t.destino, t.origem || ' → ' || t.destino AS rota,
  s.entregas,
  (s.segundos / s.entregas)::float8 AS tempo_medio_segundos,
  (s.no_prazo / s.entregas)::float8 AS taxa_no_prazo,
  (s.na_primeira / s.entregas)::float8 AS taxa_na_primeira,
  l.limite AS limite_segundos,
  (s.segundos / s.entregas)::float8 / l.limite AS vezes_o_limite,
  s.entregas >= l.minimo AS suficiente
FROM (
  SELECT id_rota, sum(entregas)::bigint AS entregas, sum(segundos) AS segundos, sum(no_prazo) AS no_prazo, sum(na_primeira) AS na_primeira
  FROM resumo_entregas_rota WHERE dia >= dia_local(now()) - 1 GROUP BY id_rota
) AS s JOIN rotas t USING (id_rota)
CROSS JOIN (
  SELECT max(valor) FILTER (WHERE nome = 'tempo_medio_rota') AS limite, max(valor) FILTER (WHERE nome = 'minimo_entregas_rota') AS minimo FROM limites
) AS l
WHERE s.entregas > 0;
COMMENT ON VIEW rotas_desde_ontem IS
  'Deliveries of today and yesterday (local days) by lane: count, mean delivery time, shares, the limit of the mean, and whether there are enough to judge it.';

-- As in 0014, with the deliveries of tomorrow, as in limites_das_rotas: events may be a little ahead.
CREATE OR REPLACE FUNCTION resumo_do_pacote(pacote bigint)
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
      SELECT x.balde, sum(x.entregas) AS entregas
      FROM rotas t
      CROSS JOIN generate_series(-1, 29) AS d (dias)
      JOIN resumo_baldes_rota x ON x.dia = dia_local(now()) - d.dias AND x.id_rota = t.id_rota
      WHERE (t.origem, t.destino) = (p.origem, p.destino)
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;

CREATE VIEW abertos_por_idade AS
SELECT f.faixa, f.ordem, count(p.data_inicio) AS total
FROM (VALUES
  -- An event ahead of our clock makes an age negative.
  ('até 1 dia', 1, -365000, 1), ('1 a 2 dias', 2, 1, 2), ('2 a 3 dias', 3, 2, 3), ('3 a 5 dias', 4, 3, 5), ('5 a 10 dias', 5, 5, 10),
  ('10 a 30 dias', 6, 10, 30), ('mais de 30 dias', 7, 30, 365000)
) AS f (faixa, ordem, mais_de, ate)
LEFT JOIN pacotes p ON p.aberto AND p.data_inicio < now() - make_interval(hours => 24 * f.mais_de)
  AND p.data_inicio >= now() - make_interval(hours => 24 * f.ate)
WHERE EXISTS (SELECT FROM status_dos_pacotes)
GROUP BY f.faixa, f.ordem
ORDER BY f.ordem;
COMMENT ON VIEW abertos_por_idade IS 'Open packages by age since their first event; all ages, also those that no package has; no row while there is no package.';

CREATE VIEW parados_por_status AS
SELECT status_atual AS status_rastreamento, count(*) AS parados, max(parado_segundos) AS mais_antigo_segundos
FROM pacotes_parados GROUP BY status_atual;
COMMENT ON VIEW parados_por_status IS 'Stuck packages (pacotes_parados) by status, and for how long the longest has been.';

GRANT SELECT ON abertos_por_idade, parados_por_status TO grafana_reader;
