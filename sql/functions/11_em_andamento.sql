-- Packages under way, with what is normal for their lane and status. Only they are read, however many were ever delivered.

-- A limit is a point in time, computed once for each lane: an open package is compared with it, and only one at risk gets its figures. A
-- package with a promise of its own is judged by that instead of its lane's. A lane's p95 counts where it is of enough deliveries.
CREATE VIEW pacotes_em_risco AS
WITH regra AS MATERIALIZED (SELECT limite('risco_fracao_prazo') AS fracao, extract(epoch FROM prazo_padrao())::float8 AS padrao),
rotas AS MATERIALIZED (
  SELECT origem, destino, p95_segundos, prazo_segundos, now() - make_interval(secs => least(p95_segundos, fracao * prazo_segundos)) AS limite,
         now() - make_interval(secs => p95_segundos) AS limite_p95
  FROM (
    SELECT origem, destino, CASE WHEN r.entregas >= (SELECT limite('risco_minimo_entregas')) THEN r.p95_segundos END AS p95_segundos,
           coalesce(extract(epoch FROM z.prazo)::float8, r.prazo_segundos) AS prazo_segundos
    FROM (
      -- For each pair of spellings, as packages have them.
      SELECT o.grafia AS origem, d.grafia AS destino, l.entregas, l.p95_segundos, l.prazo_segundos
      FROM (SELECT * FROM limites_das_rotas OFFSET 0) AS l JOIN grafias o ON o.lugar = l.origem JOIN grafias d ON d.lugar = l.destino
    ) AS r FULL JOIN (SELECT * FROM prazos_julgados WHERE (origem, destino) <> ('*', '*')) AS z USING (origem, destino)
    OFFSET 0 -- once for each pair, not for each column above
  ) AS u CROSS JOIN regra
),
padrao AS MATERIALIZED (SELECT padrao AS prazo_segundos, now() - make_interval(secs => fracao * padrao) AS limite FROM regra)
SELECT
  p.id_pacote, coalesce(o.lugar, p.origem) AS origem, coalesce(d.lugar, p.destino) AS destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_inicio)::float8 AS idade_segundos,
  r.p95_segundos,
  coalesce(extract(epoch FROM p.prazo_inicial - p.data_inicio)::float8, r.prazo_segundos, (SELECT prazo_segundos FROM padrao)) AS prazo_segundos,
  p.transportadora
FROM pacotes p
LEFT JOIN rotas r USING (origem, destino)
LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
WHERE p.aberto
  -- No lane's limit is later than this one, so that the index leaves the young ones out, but for those with a promise of their own.
  AND (p.data_inicio < (SELECT greatest((SELECT max(limite) FROM rotas), (SELECT limite FROM padrao))) OR p.prazo_inicial IS NOT NULL)
  AND CASE WHEN p.prazo_inicial IS NULL THEN p.data_inicio < coalesce(r.limite, (SELECT limite FROM padrao))
           ELSE coalesce(p.data_inicio < r.limite_p95, false)
             OR extract(epoch FROM now() - p.data_inicio)::float8 > (SELECT fracao FROM regra) * extract(epoch FROM p.prazo_inicial - p.data_inicio)::float8
      END;
COMMENT ON VIEW pacotes_em_risco IS
  'Open packages older than their lane''s p95 (where it is of risco_minimo_entregas deliveries) or than a share of the time from their first event to their deadline (risco_fracao_prazo in the table limites).';

CREATE VIEW pacotes_parados AS
WITH regra AS MATERIALIZED (SELECT * FROM limites_dos_status)
SELECT
  p.id_pacote, coalesce(o.lugar, p.origem) AS origem, coalesce(d.lugar, p.destino) AS destino, p.status_atual, p.data_status, p.data_inicio,
  extract(epoch FROM now() - p.data_status)::float8 AS parado_segundos,
  r.p99_segundos,
  p.transportadora
FROM pacotes p JOIN regra r ON r.status_rastreamento = p.status_atual
LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
WHERE p.aberto
  AND p.data_inicio < now() - make_interval(secs => (SELECT min(p99_segundos) FROM regra))
  AND extract(epoch FROM now() - p.data_status)::float8 > r.p99_segundos;
COMMENT ON VIEW pacotes_parados IS 'Open packages without a new event for longer than 99 % of the packages that left their status took.';

CREATE VIEW parados_por_status AS
SELECT status_atual AS status_rastreamento, count(*) AS parados, max(parado_segundos) AS mais_antigo_segundos
FROM pacotes_parados GROUP BY status_atual;
COMMENT ON VIEW parados_por_status IS 'Stuck packages (pacotes_parados) by status, and for how long the longest has been.';

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

-- One package: its events in order, how long it stayed at each, and what is normal there.
CREATE FUNCTION passos_do_pacote(pacote bigint)
RETURNS TABLE (data_evento timestamptz, status_rastreamento text, recebido_em timestamptz, ate timestamptz, permanencia_segundos float8,
               p50_segundos float8, p99_segundos float8, local text, descricao text)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  cabeca record;
BEGIN
  SELECT p.data_inicio, greatest(p.data_status, p.outra_data) AS data_fim, p.aberto INTO cabeca FROM pacotes p WHERE p.id_pacote = pacote;
  IF NOT FOUND THEN RETURN; END IF;
  -- EXECUTE plans with the two instants known, so that only the chunks between them are planned and read: the time does not grow
  -- with the number of chunks.
  RETURN QUERY EXECUTE $consulta$
    SELECT e.data_evento, e.status_rastreamento, e.recebido_em, e.seguinte,
           extract(epoch FROM coalesce(e.seguinte, CASE WHEN $4 THEN now() END) - e.data_evento)::float8,
           n.p50_segundos, n.p99_segundos, e.local, e.descricao
    FROM (
      SELECT x.detalhes->>'local' AS local, x.detalhes->>'descricao' AS descricao, x.data_evento, x.status_rastreamento, x.recebido_em, coalesce(c.ordem, 0) AS ordem,
             lead(x.data_evento) OVER (ORDER BY x.data_evento, coalesce(c.ordem, 0), x.status_rastreamento COLLATE "C") AS seguinte
      FROM eventos_rastreamento x LEFT JOIN catalogo_status c ON c.status = x.status_rastreamento
      WHERE x.id_pacote = $1 AND x.data_evento BETWEEN $2 AND $3
    ) AS e
    LEFT JOIN limites_dos_status n USING (status_rastreamento)
    ORDER BY e.data_evento, e.ordem, e.status_rastreamento COLLATE "C"
  $consulta$ USING pacote, cabeca.data_inicio, cabeca.data_fim, cabeca.aberto;
END
$$;
COMMENT ON FUNCTION passos_do_pacote(bigint) IS
  'The events of one package in order, the seconds until the next one (until now for the last one of an open package), the p50 and p99 of that status, where the scan was and what the carrier said.';

-- Its head: where it is and how it compares with the deliveries of its lane. With those of tomorrow, as in limites_das_rotas: events may be
-- a little ahead.
CREATE FUNCTION resumo_do_pacote(pacote bigint)
RETURNS TABLE (id_pacote bigint, origem text, destino text, status_atual text, data_status timestamptz, data_inicio timestamptz,
               data_entrega timestamptz, idade_segundos float8, entregas_da_rota bigint, p50_da_rota_segundos float8,
               p95_da_rota_segundos float8, prazo_segundos float8, prometido_em timestamptz, prazo_inicial timestamptz,
               prazo_final timestamptz, no_prazo boolean, no_prazo_final boolean, nome text, transportadora text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.id_pacote, p.origem, p.destino, p.status_atual, p.data_status, p.data_inicio, p.data_entrega,
         extract(epoch FROM coalesce(p.data_entrega, CASE WHEN p.aberto THEN now() ELSE p.data_status END) - p.data_inicio)::float8,
         r.entregas,
         CASE WHEN r.entregas >= (SELECT limite('risco_minimo_entregas')) THEN r.p50 END,
         CASE WHEN r.entregas >= (SELECT limite('risco_minimo_entregas')) THEN r.p95 END,
         extract(epoch FROM d.primeiro - p.data_inicio)::float8, d.primeiro, p.prazo_inicial, p.prazo_final,
         CASE WHEN p.data_entrega IS NOT NULL THEN p.data_entrega <= d.primeiro WHEN d.primeiro < now() THEN false END,
         CASE WHEN p.data_entrega IS NOT NULL THEN p.data_entrega <= d.ultimo WHEN d.ultimo < now() THEN false END,
         nome_do_pacote(p.id_pacote), p.transportadora
  FROM pacotes p LEFT JOIN prazos_julgados z USING (origem, destino)
  CROSS JOIN LATERAL (
    SELECT fim_do_prazo(p.prazo_inicial, p.data_inicio, coalesce(z.prazo, prazo_padrao())) AS primeiro,
           fim_do_prazo(p.prazo_final, p.data_inicio, coalesce(z.prazo, prazo_padrao())) AS ultimo
    OFFSET 0 -- once, not in each of the columns above
  ) AS d
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(b.entregas), 0)::bigint AS entregas,
           percentil(0.5, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p50,
           percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde)) AS p95
    FROM (
      SELECT x.balde, sum(x.entregas) AS entregas
      FROM grafias po JOIN grafias pd ON pd.grafia = p.destino AND pd.id_lugar <> 0
      JOIN grafias o ON o.id_lugar = po.id_lugar JOIN grafias d ON d.id_lugar = pd.id_lugar
      JOIN rotas t ON (t.origem, t.destino) = (o.grafia, d.grafia)
      CROSS JOIN generate_series(-1, 29) AS u (dias)
      JOIN resumo_baldes_rota x ON x.dia = dia_local(now()) - u.dias AND x.id_rota = t.id_rota
      WHERE po.grafia = p.origem AND po.id_lugar <> 0
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;
COMMENT ON FUNCTION resumo_do_pacote(bigint) IS 'One package, its places as carriers wrote them, its age or delivery time, the p50 and p95 of its lane over the last 30 local days (where it has risco_minimo_entregas deliveries), its deadline, its own first and latest promise (null: none), whether the deadline and the latest promise were kept (null: not decided), its name and carrier.';

GRANT SELECT ON pacotes_em_risco, pacotes_parados, parados_por_status, abertos_por_idade TO grafana_reader;
