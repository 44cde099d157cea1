-- Up Migration

-- Packages under way, with what is normal for their lane and status. Only they are read, however many were ever delivered.
CREATE VIEW limites_das_rotas AS
SELECT
  b.origem, b.destino, sum(b.entregas)::bigint AS entregas,
  percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p50_segundos,
  percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM (
  SELECT origem, destino, balde, sum(entregas)::bigint AS entregas
  FROM resumo_entregas_rota WHERE balde >= 0 AND dia > dia_local(now()) - 30 GROUP BY origem, destino, balde
) AS b LEFT JOIN prazos z USING (origem, destino)
GROUP BY b.origem, b.destino, z.prazo
HAVING sum(b.entregas) > 0;
COMMENT ON VIEW limites_das_rotas IS 'Delivery time and promise of each lane, over the deliveries of the last 30 local days.';

CREATE VIEW limites_dos_status AS
SELECT status_rastreamento, passagens, p50_segundos, p99_segundos
FROM permanencia_no_periodo('-infinity', '-infinity');
COMMENT ON VIEW limites_dos_status IS 'How long packages stay at an event of each status until the next one, all time.';

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('risco_fracao_prazo', 0.8, 'fração', 'An open package is at risk when it is older than this share of its promise, or than its lane''s p95');

CREATE VIEW pacotes_em_risco AS
WITH rotas AS MATERIALIZED (SELECT * FROM limites_das_rotas),
regra AS MATERIALIZED (SELECT valor AS fracao FROM limites WHERE nome = 'risco_fracao_prazo')
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_inicio)::float8 AS idade_segundos,
  r.p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM pacotes p
LEFT JOIN rotas r USING (origem, destino)
LEFT JOIN prazos z USING (origem, destino)
WHERE p.aberto
  -- No lane's limit is below this one, so that the index leaves the young ones out.
  AND p.data_inicio < now() - make_interval(secs => (
    SELECT least((SELECT min(p95_segundos) FROM rotas), (SELECT fracao FROM regra) * (SELECT min(extract(epoch FROM prazo)) FROM prazos)::float8)))
  AND extract(epoch FROM now() - p.data_inicio)::float8
    > least(r.p95_segundos, (SELECT fracao FROM regra) * extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8);
COMMENT ON VIEW pacotes_em_risco IS
  'Open packages older than their lane''s p95 or than a share of the promise (risco_fracao_prazo in the table limites).';

CREATE VIEW pacotes_parados AS
WITH regra AS MATERIALIZED (SELECT * FROM limites_dos_status)
SELECT
  p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_status)::float8 AS parado_segundos,
  r.p99_segundos
FROM pacotes p JOIN regra r ON r.status_rastreamento = p.status_atual
WHERE p.aberto
  AND p.data_inicio < now() - make_interval(secs => (SELECT min(p99_segundos) FROM regra))
  AND extract(epoch FROM now() - p.data_status)::float8 > r.p99_segundos;
COMMENT ON VIEW pacotes_parados IS 'Open packages without a new event for longer than 99 % of the packages that left their status took.';

-- Any past moment: today's counts, less what changed since. Whole hours from the summary; within the last one, from the events.
CREATE FUNCTION status_em(instante timestamptz)
RETURNS TABLE (status_rastreamento text, total_pacotes bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH depois AS (
    SELECT DISTINCT ON (e.id_pacote) e.id_pacote, e.status_rastreamento
    FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento > instante AND e.data_evento < fim_da_hora(instante)
    ORDER BY e.id_pacote, e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
  )
  SELECT u.status, sum(u.total)::bigint
  FROM (
    SELECT r.status, r.total FROM resumo_status r
    UNION ALL
    SELECT h.status, -h.variacao FROM resumo_historico h WHERE h.hora >= fim_da_hora(instante)
    UNION ALL
    SELECT d.status_rastreamento, -1 FROM depois d
    UNION ALL
    SELECT coalesce(a.status_rastreamento, r.status_rastreamento), 1
    FROM depois d
    -- Packages that began later had no status yet: without this, all older chunks would be asked for them. No lower bound for the
    -- events: leaving chunks out anew for each package takes longer than the look into one more index.
    JOIN pacotes p ON p.id_pacote = d.id_pacote AND p.data_inicio <= instante
    LEFT JOIN LATERAL (
      SELECT e.status_rastreamento
      FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
      WHERE e.id_pacote = d.id_pacote AND e.data_evento <= instante
      ORDER BY e.data_evento DESC, coalesce(c.ordem, 0) DESC, e.status_rastreamento COLLATE "C" DESC
      LIMIT 1
    ) AS a ON true
    LEFT JOIN eventos_anteriores r ON r.id_pacote = d.id_pacote AND r.data_evento <= instante
    WHERE coalesce(a.status_rastreamento, r.status_rastreamento) IS NOT NULL
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

-- One package: its events in order, how long it stayed at each, and what is normal there.
CREATE FUNCTION passos_do_pacote(pacote bigint)
RETURNS TABLE (data_evento timestamptz, status_rastreamento text, recebido_em timestamptz, ate timestamptz, permanencia_segundos float8,
               p50_segundos float8, p99_segundos float8)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  cabeca record;
BEGIN
  SELECT p.data_inicio, p.data_status, p.aberto INTO cabeca FROM pacotes p WHERE p.id_pacote = pacote;
  IF NOT FOUND THEN RETURN; END IF;
  -- EXECUTE plans with the two instants known, so that only the chunks between them are planned and read: the time does not grow
  -- with the number of chunks.
  RETURN QUERY EXECUTE $consulta$
    SELECT e.data_evento, e.status_rastreamento, e.recebido_em, e.seguinte,
           extract(epoch FROM coalesce(e.seguinte, CASE WHEN $4 THEN now() END) - e.data_evento)::float8,
           n.p50_segundos, n.p99_segundos
    FROM (
      SELECT x.data_evento, x.status_rastreamento, x.recebido_em, coalesce(c.ordem, 0) AS ordem,
             lead(x.data_evento) OVER (ORDER BY x.data_evento, coalesce(c.ordem, 0), x.status_rastreamento COLLATE "C") AS seguinte
      FROM eventos_rastreamento x LEFT JOIN catalogo_status c ON c.status = x.status_rastreamento
      WHERE x.id_pacote = $1 AND x.data_evento BETWEEN $2 AND $3
    ) AS e
    LEFT JOIN limites_dos_status n USING (status_rastreamento)
    ORDER BY e.data_evento, e.ordem, e.status_rastreamento COLLATE "C"
  $consulta$ USING pacote, cabeca.data_inicio, cabeca.data_status, cabeca.aberto;
END
$$;
COMMENT ON FUNCTION passos_do_pacote(bigint) IS
  'The events of one package in order, the seconds until the next one (until now for the last one of an open package), and the p50 and p99 of that status.';

-- Its head: where it is and how it compares with the deliveries of its lane.
CREATE FUNCTION resumo_do_pacote(pacote bigint)
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
      SELECT x.balde, sum(x.entregas)::bigint AS entregas
      FROM generate_series(0, 29) AS d (dias)
      JOIN resumo_entregas_rota x ON x.dia = dia_local(now()) - d.dias AND x.origem = p.origem AND x.destino = p.destino AND x.balde >= 0
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;
COMMENT ON FUNCTION resumo_do_pacote(bigint) IS 'One package, its age or delivery time, the p50 and p95 of its lane over the last 30 local days, and the promise.';

-- The reader reads; only the writer adds to the tables that depend on events.
GRANT SELECT ON resumo_status, resumo_entregas, resumo_entregas_rota, resumo_coortes, resumo_historico, resumo_permanencia, resumo_atraso,
  prazos, indicadores_entrega, indicadores_abertos, taxas_de_desfecho, frescor, rotas_desde_ontem, limites_das_rotas, limites_dos_status,
  pacotes_em_risco, pacotes_parados TO grafana_reader;
GRANT SELECT ON prazos, indicadores_entrega TO rastreio_writer;
REVOKE EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados FROM PUBLIC;
GRANT EXECUTE ON FUNCTION soma_historico, soma_permanencia, soma_atraso, soma_atrasados TO rastreio_writer;
-- Slices are locks that writers wait for, and triggers need no caller's right.
REVOKE EXECUTE ON FUNCTION fatia_livre, resume_insercao, resume_atualizacao, resume_exclusao, esvazia_resumos, guarda_anteriores,
  julga_prazos FROM PUBLIC;
