-- Carriers: how each of them delivers, what it scans, and what alert rules ask about it. Packages of which no event says a carrier are one
-- row, '(não informada)': what the totals have beyond the carriers' sums.

CREATE FUNCTION nome_da_transportadora(transportadora text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(transportadora, '(não informada)');
COMMENT ON FUNCTION nome_da_transportadora(text) IS 'What figures call a carrier: its name, or (não informada) where no event says one.';

CREATE VIEW transportadoras AS
WITH com AS MATERIALIZED (
  SELECT transportadora, sum(pacotes) AS pacotes FROM resumo_postagem_transportadora GROUP BY 1 HAVING sum(pacotes) > 0
)
SELECT transportadora FROM com
UNION ALL
SELECT nome_da_transportadora(NULL)
WHERE (SELECT coalesce(sum(total_pacotes), 0) FROM status_dos_pacotes) > (SELECT coalesce(sum(pacotes), 0) FROM com);
COMMENT ON VIEW transportadoras IS 'Carriers that have packages, and (não informada) where there are packages without one.';

-- As entregas_por_rota, by carrier: exact for any range. The buckets are for percentil().
CREATE FUNCTION entregas_por_transportadora(de timestamptz, ate timestamptz)
RETURNS TABLE (transportadora text, entregas bigint, segundos numeric, no_prazo bigint, na_primeira bigint, no_prazo_final bigint,
               tentativa_no_prazo bigint, baldes smallint[], totais bigint[])
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH cortes AS MATERIALIZED (SELECT * FROM cortes_do_periodo(de, ate)),
  pontas AS MATERIALIZED (
    SELECT p.transportadora, p.balde, x.sinal AS entregas, x.sinal * p.segundos AS segundos, x.sinal * p.no_prazo AS no_prazo,
           x.sinal * p.na_primeira AS na_primeira, x.sinal * p.no_prazo_final AS no_prazo_final, x.sinal * p.tentativa_no_prazo AS tentativa_no_prazo
    FROM pontas_do_periodo(de, ate) AS x JOIN entregas_julgadas p ON p.data_entrega >= x.inicio AND p.data_entrega < x.fim
    WHERE p.transportadora IS NOT NULL
  ),
  somas AS MATERIALIZED (
    SELECT s.transportadora, sum(s.entregas) AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo, sum(s.na_primeira) AS na_primeira,
           sum(s.no_prazo_final) AS no_prazo_final, sum(s.tentativa_no_prazo) AS tentativa_no_prazo
    FROM (
      SELECT r.transportadora, r.entregas, r.segundos, r.no_prazo, r.na_primeira, r.no_prazo_final, r.tentativa_no_prazo
      FROM resumo_entregas_transportadora r
      WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
        AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
      UNION ALL
      SELECT e.transportadora, e.entregas, e.segundos, e.no_prazo, e.na_primeira, e.no_prazo_final, e.tentativa_no_prazo FROM pontas e
    ) AS s GROUP BY 1
  ),
  delas AS MATERIALIZED (
    SELECT b.transportadora, b.balde, sum(b.entregas) AS entregas
    FROM (
      SELECT r.transportadora, r.balde, r.entregas FROM resumo_baldes_transportadora r
      WHERE r.dia >= dia_local(de) AND r.dia <= dia_local(ate)
        AND (r.dia > (SELECT dia_local(de)) OR (SELECT primeiro FROM cortes)) AND (r.dia < (SELECT dia_local(ate)) OR (SELECT ultimo FROM cortes))
      UNION ALL
      SELECT e.transportadora, e.balde, e.entregas FROM pontas e
    ) AS b GROUP BY 1, 2
  ),
  todas AS MATERIALIZED (
    SELECT b.balde, sum(b.entregas) AS entregas, sum(b.segundos) AS segundos, sum(b.no_prazo) AS no_prazo, sum(b.na_primeira) AS na_primeira,
           sum(b.no_prazo_final) AS no_prazo_final, sum(b.tentativa_no_prazo) AS tentativa_no_prazo
    FROM baldes_no_periodo(de, ate) AS b GROUP BY 1
  ),
  juntas AS (
    SELECT * FROM somas
    UNION ALL
    SELECT nome_da_transportadora(NULL), sum(u.entregas), sum(u.segundos), sum(u.no_prazo), sum(u.na_primeira), sum(u.no_prazo_final),
           sum(u.tentativa_no_prazo)
    FROM (
      SELECT t.entregas, t.segundos, t.no_prazo, t.na_primeira, t.no_prazo_final, t.tentativa_no_prazo FROM todas t
      UNION ALL
      SELECT -s.entregas, -s.segundos, -s.no_prazo, -s.na_primeira, -s.no_prazo_final, -s.tentativa_no_prazo FROM somas s
    ) AS u
  ),
  histogramas AS (
    SELECT h.transportadora, array_agg(h.balde ORDER BY h.balde) AS baldes, array_agg(h.entregas::bigint ORDER BY h.balde) AS totais
    FROM (
      SELECT * FROM delas
      UNION ALL
      SELECT nome_da_transportadora(NULL), u.balde, sum(u.entregas)
      FROM (SELECT t.balde, t.entregas FROM todas t UNION ALL SELECT d.balde, -d.entregas FROM delas d) AS u GROUP BY u.balde
    ) AS h GROUP BY 1
  )
  SELECT j.transportadora, j.entregas::bigint, j.segundos, j.no_prazo::bigint, j.na_primeira::bigint, j.no_prazo_final::bigint,
         j.tentativa_no_prazo::bigint, h.baldes, h.totais
  FROM juntas j JOIN histogramas h USING (transportadora) WHERE j.entregas > 0
$$;
COMMENT ON FUNCTION entregas_por_transportadora(timestamptz, timestamptz) IS
  'Deliveries of the range by carrier: counts, the sum of delivery times, and how many are in each bucket of them.';

-- Whether a delivered package has every scan, and how late its scans came, takes its events. So it is asked of the newest deliveries of the
-- range: up to 200 of each carrier, and 4,000 of all together, so that the time does not grow with the range. EXECUTE plans with the instants
-- known, so that only the chunks between them are read.
CREATE FUNCTION leituras_conferidas(de timestamptz, ate timestamptz)
RETURNS TABLE (id_pacote bigint, transportadora text, data_entrega timestamptz, postado boolean, em_transito boolean, em_rota boolean,
               atrasos float8[])
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  nomes    text[] := ARRAY(SELECT r.transportadora FROM resumo_postagem_transportadora r GROUP BY 1 HAVING sum(r.pacotes) > 0);
  cada     CONSTANT integer := greatest(1, least(200, 4000 / (cardinality(nomes) + 1)));
  inteiros CONSTANT timestamptz := (SELECT removidos_ate FROM retencao);
  ids      bigint[];
  primeiro timestamptz;
  ultimo   timestamptz;
BEGIN
  SELECT array_agg(s.id_pacote), min(s.data_inicio), max(s.data_fim) INTO ids, primeiro, ultimo
  FROM (
    SELECT p.* FROM unnest(nomes) AS n (nome) CROSS JOIN LATERAL (
      SELECT q.id_pacote, q.data_inicio, greatest(q.data_status, q.outra_data) AS data_fim FROM pacotes q
      WHERE q.transportadora = n.nome AND q.data_entrega BETWEEN de AND ate AND q.data_inicio >= inteiros
      ORDER BY q.data_entrega DESC LIMIT cada
    ) AS p
    UNION ALL
    (SELECT u.id_pacote, u.data_inicio, u.data_fim
     FROM (
       -- No index has those without a carrier alone: they are looked for among so many.
       SELECT q.id_pacote, q.data_inicio, greatest(q.data_status, q.outra_data) AS data_fim, q.transportadora, q.data_entrega
       FROM pacotes q WHERE q.data_entrega BETWEEN de AND ate ORDER BY q.data_entrega DESC LIMIT 2000
     ) AS u
     WHERE u.transportadora IS NULL AND u.data_inicio >= inteiros ORDER BY u.data_entrega DESC LIMIT cada)
  ) AS s;
  RETURN QUERY EXECUTE $consulta$
    SELECT p.id_pacote, nome_da_transportadora(p.transportadora), p.data_entrega, l.postado, l.em_transito, l.em_rota, l.atrasos
    FROM pacotes p CROSS JOIN LATERAL (
      SELECT coalesce(bool_or(e.status_rastreamento = 'POSTADO'), false) AS postado,
             coalesce(bool_or(e.status_rastreamento = 'EM TRÂNSITO'), false) AS em_transito,
             coalesce(bool_or(e.status_rastreamento = 'EM ROTA DE ENTREGA'), false) AS em_rota,
             array_agg(greatest(extract(epoch FROM e.recebido_em - e.data_evento), 0)::float8) AS atrasos
      FROM eventos_rastreamento e
      WHERE e.id_pacote = p.id_pacote AND e.data_evento BETWEEN $2 AND $3
    ) AS l
    WHERE p.id_pacote = ANY ($1)
  $consulta$ USING ids, primeiro, ultimo;
END
$$;
COMMENT ON FUNCTION leituras_conferidas(timestamptz, timestamptz) IS
  'The newest deliveries of the range, up to 200 of each carrier and 4,000 in all (those without a carrier among the newest 2,000 deliveries), whose events are all still there: which of the three scans before the delivery there are, and how many seconds after it happened each event was received.';

CREATE FUNCTION leituras_das_transportadoras(de timestamptz, ate timestamptz)
RETURNS TABLE (transportadora text, conferidos bigint, completos bigint, sem_postado bigint, sem_em_transito bigint, sem_em_rota bigint,
               atraso_p50_segundos float8, atraso_p95_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH l AS MATERIALIZED (SELECT * FROM leituras_conferidas(de, ate))
  SELECT c.*, a.p[1], a.p[2]
  FROM (
    SELECT l.transportadora, count(*), count(*) FILTER (WHERE l.postado AND l.em_transito AND l.em_rota), count(*) FILTER (WHERE NOT l.postado),
           count(*) FILTER (WHERE NOT l.em_transito), count(*) FILTER (WHERE NOT l.em_rota)
    FROM l GROUP BY 1
  ) AS c
  LEFT JOIN (
    SELECT l.transportadora, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY x.atraso) AS p
    FROM l CROSS JOIN LATERAL unnest(l.atrasos) AS x (atraso) GROUP BY 1
  ) AS a USING (transportadora)
$$;
COMMENT ON FUNCTION leituras_das_transportadoras(timestamptz, timestamptz) IS
  'By carrier, of the newest deliveries of the range (leituras_conferidas): how many were looked at, have all scans, lack each, and the delay from a scan to its receipt.';

CREATE FUNCTION leituras_faltantes(de timestamptz, ate timestamptz)
RETURNS TABLE (id_pacote bigint, transportadora text, data_entrega timestamptz, faltam text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT l.id_pacote, l.transportadora, l.data_entrega,
         concat_ws(', ', CASE WHEN NOT l.postado THEN 'POSTADO' END, CASE WHEN NOT l.em_transito THEN 'EM TRÂNSITO' END,
                   CASE WHEN NOT l.em_rota THEN 'EM ROTA DE ENTREGA' END)
  FROM leituras_conferidas(de, ate) AS l WHERE NOT (l.postado AND l.em_transito AND l.em_rota)
$$;
COMMENT ON FUNCTION leituras_faltantes(timestamptz, timestamptz) IS
  'Of the newest deliveries of the range (leituras_conferidas) those that lack a scan, and which.';

CREATE FUNCTION desempenho_das_transportadoras(de timestamptz, ate timestamptz, escolhidas text[])
RETURNS TABLE (transportadora text, pacotes bigint, entregas bigint, taxa_no_prazo float8, taxa_no_prazo_final float8,
               taxa_tentativa_no_prazo float8, taxa_na_primeira float8, tempo_medio_segundos float8, p50_segundos float8, p95_segundos float8,
               atraso_p50_segundos float8, atraso_p95_segundos float8, taxa_completos float8, conferidos bigint, abertos bigint, em_risco bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH com AS MATERIALIZED (
    SELECT r.transportadora, sum(r.pacotes) AS todos, sum(r.pacotes) FILTER (WHERE r.dia BETWEEN dia_local(de) AND dia_local(ate)) AS pacotes,
           sum(r.abertos) AS abertos
    FROM resumo_postagem_transportadora r GROUP BY 1 HAVING sum(r.pacotes) > 0
  ),
  nomes AS (
    SELECT c.transportadora, coalesce(c.pacotes, 0) AS pacotes, c.abertos FROM com c
    UNION ALL
    SELECT nome_da_transportadora(NULL), t.pacotes - s.pacotes, t.abertos - s.abertos
    FROM (
      SELECT (SELECT coalesce(sum(p.total_pacotes), 0) FROM status_dos_pacotes p) AS todos,
             (SELECT coalesce(sum(k.total), 0) FROM resumo_coortes k WHERE k.dia BETWEEN dia_local(de) AND dia_local(ate)) AS pacotes,
             (SELECT a.abertos FROM indicadores_abertos a) AS abertos
    ) AS t, (SELECT coalesce(sum(todos), 0) AS todos, coalesce(sum(pacotes), 0) AS pacotes, coalesce(sum(abertos), 0) AS abertos FROM com) AS s
    WHERE t.todos > s.todos
  ),
  entregues AS MATERIALIZED (SELECT * FROM entregas_por_transportadora(de, ate)),
  riscos AS (SELECT nome_da_transportadora(r.transportadora) AS transportadora, count(*) AS em_risco FROM pacotes_em_risco r GROUP BY 1)
  SELECT n.transportadora, n.pacotes::bigint, coalesce(e.entregas, 0), (e.no_prazo::numeric / e.entregas)::float8, (e.no_prazo_final::numeric / e.entregas)::float8,
         (e.tentativa_no_prazo::numeric / e.entregas)::float8, (e.na_primeira::numeric / e.entregas)::float8, (e.segundos / e.entregas)::float8,
         percentil(0.5, e.baldes, e.totais), percentil(0.95, e.baldes, e.totais),
         l.atraso_p50_segundos, l.atraso_p95_segundos, l.completos::float8 / nullif(l.conferidos, 0), coalesce(l.conferidos, 0),
         n.abertos::bigint, coalesce(r.em_risco, 0)
  FROM nomes n LEFT JOIN entregues e USING (transportadora) LEFT JOIN riscos r USING (transportadora)
  LEFT JOIN leituras_das_transportadoras(de, ate) AS l USING (transportadora)
  WHERE escolhida(n.transportadora, escolhidas) AND (n.pacotes > 0 OR e.entregas > 0 OR n.abertos > 0)
$$;
COMMENT ON FUNCTION desempenho_das_transportadoras(timestamptz, timestamptz, text[]) IS
  'Scorecard of chosen carriers (an empty list: all): packages posted and delivered in the range, shares on time in three definitions and at the first attempt, delivery time, scan delay and completeness of the newest deliveries (leituras_conferidas); open and at risk now. Carriers with neither are no row.';

-- For a time series: steps of whole local days, at least one, of the carriers with most deliveries in the range.
CREATE FUNCTION transportadoras_por_passo(de timestamptz, ate timestamptz, passo interval, escolhidas text[])
RETURNS TABLE ("time" timestamptz, transportadora text, entregas bigint, taxa_no_prazo float8, tempo_medio_segundos float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  WITH com AS MATERIALIZED (
    SELECT inicio_do_passo(r.dia, passo) AS inicio, r.transportadora, sum(r.entregas) AS entregas, sum(r.no_prazo) AS no_prazo, sum(r.segundos) AS segundos
    FROM resumo_entregas_transportadora r
    WHERE r.dia >= dia_local(inicio_do_passo(dia_local(de), passo)) AND r.dia <= dia_local(ate)
    GROUP BY 1, 2
  ),
  todas AS MATERIALIZED (
    SELECT * FROM com
    UNION ALL
    SELECT s.inicio, nome_da_transportadora(NULL), sum(s.entregas), sum(s.no_prazo), sum(s.segundos)
    FROM (
      SELECT inicio_do_passo(r.dia, passo) AS inicio, r.entregas, r.no_prazo, r.segundos FROM resumo_entregas r
      WHERE r.dia > '-infinity' AND r.dia >= dia_local(inicio_do_passo(dia_local(de), passo)) AND r.dia <= dia_local(ate)
      UNION ALL
      SELECT c.inicio, -c.entregas, -c.no_prazo, -c.segundos FROM com c
    ) AS s GROUP BY 1
  ),
  maiores AS (
    SELECT t.transportadora FROM todas t WHERE escolhida(t.transportadora, escolhidas)
    GROUP BY 1 HAVING sum(t.entregas) > 0 ORDER BY sum(t.entregas) DESC, 1 LIMIT 12
  )
  SELECT t.inicio, t.transportadora, t.entregas::bigint, (t.no_prazo / t.entregas)::float8, (t.segundos / t.entregas)::float8
  FROM todas t JOIN maiores USING (transportadora)
  WHERE t.entregas > 0 ORDER BY 1, 2
$$;
COMMENT ON FUNCTION transportadoras_por_passo(timestamptz, timestamptz, interval, text[]) IS
  'Deliveries of chosen carriers (an empty list: all), of the twelve with most of them, by step of whole local days: count, share within the first promise, mean delivery time.';

CREATE VIEW torre_das_transportadoras AS
SELECT nome_da_transportadora(t.transportadora) AS transportadora, count(*) AS abertos,
       count(*) FILTER (WHERE t.prometidos_hoje) AS prometidos_hoje, count(*) FILTER (WHERE t.atrasados_parados) AS atrasados_parados,
       count(*) FILTER (WHERE t.esquecidos) AS esquecidos, count(*) FILTER (WHERE t.tentativa_falhou) AS tentativa_falhou
FROM pacotes_da_torre t GROUP BY 1;
COMMENT ON VIEW torre_das_transportadoras IS 'How many open packages of each carrier are in which lists of the control tower (pacotes_da_torre).';

CREATE VIEW nunca_encerrados AS
SELECT nome_da_transportadora(p.transportadora) AS transportadora, p.id_pacote, coalesce(o.lugar, p.origem) AS origem, coalesce(d.lugar, p.destino) AS destino,
       p.status_atual, greatest(p.data_status, p.outra_data) AS ultimo_evento
FROM pacotes p
LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
WHERE p.aberto AND p.data_inicio < now() - make_interval(secs => (SELECT limite('nunca_encerrado')))
  AND greatest(p.data_status, p.outra_data) < now() - make_interval(secs => (SELECT limite('nunca_encerrado')));
COMMENT ON VIEW nunca_encerrados IS 'Open packages without any event for longer than nunca_encerrado (table limites): nobody will close them.';

-- What alert rules read, as the views of 17_alertas. Without carriers neither has a row.

-- Percent on time, today and yesterday, beside the four weeks before. As in alerta_rotas: after days without couriers what comes first is what
-- waited longest, so a mean day's number is judged, and not after a holiday; a young database has no normal.
CREATE VIEW alerta_transportadoras AS
WITH dias AS MATERIALIZED (
  SELECT dia_local(now()) - 1 AS desde, dia_local(now()) - 29 AS antes
  WHERE (SELECT min(dia) FROM resumo_coortes) <= dia_local(now()) - 43 AND NOT feriado_desde(dia_local(now()) - 5)
    AND (SELECT completos FROM dados_completos)
)
SELECT s.transportadora, 100 * (s.no_prazo / s.entregas)::float8 AS valor,
       100 * (s.no_prazo_antes / s.entregas_antes)::float8 * (SELECT limite('transportadora_no_prazo')) AS limite
FROM (
  SELECT r.transportadora,
         sum(r.entregas) FILTER (WHERE r.dia >= d.desde) AS entregas, sum(r.no_prazo) FILTER (WHERE r.dia >= d.desde) AS no_prazo,
         sum(r.entregas) FILTER (WHERE r.dia < d.desde) AS entregas_antes, sum(r.no_prazo) FILTER (WHERE r.dia < d.desde) AS no_prazo_antes
  FROM dias d JOIN resumo_entregas_transportadora r ON r.dia >= d.antes GROUP BY 1
) AS s
WHERE s.entregas >= greatest((SELECT limite('transportadora_entregas')), s.entregas_antes / 28)
  AND s.entregas_antes >= (SELECT limite('transportadora_normal'));
COMMENT ON VIEW alerta_transportadoras IS
  'Carriers with enough deliveries: percent within the first promise of those of today and yesterday, and the limit, a share of that of the four weeks before. Bad when below.';

-- As alerta_origens, by carrier; where there is none, no event is read.
CREATE VIEW alerta_transportadoras_caladas AS
WITH janela AS MATERIALIZED (
  SELECT u.recebido_ate - make_interval(secs => greatest((SELECT p90_segundos FROM atraso_tipico), 0)) AS ate,
         make_interval(secs => (SELECT limite('transportadora_silencio'))) AS comprimento,
         greatest((SELECT min(hora) FROM resumo_historico), (SELECT removidos_ate FROM retencao)) AS primeira
  FROM ultimo_recebimento u
  WHERE EXISTS (SELECT FROM resumo_postagem_transportadora WHERE pacotes > 0)
    AND (SELECT completos FROM dados_completos) AND NOT feriado_desde(dia_local(now() - interval '12 hours'))
),
contagens AS MATERIALIZED (
  SELECT s.semanas, p.transportadora, count(*) AS eventos
  FROM janela j CROSS JOIN generate_series(0, 4) AS s (semanas)
  CROSS JOIN LATERAL (
    SELECT e.id_pacote FROM eventos_rastreamento e
    WHERE e.data_evento >= j.ate - j.comprimento - s.semanas * interval '168 hours' AND e.data_evento < j.ate - s.semanas * interval '168 hours'
  ) AS e
  -- OFFSET 0: one look into the index for each event of these hours, not all packages.
  CROSS JOIN LATERAL (SELECT q.transportadora FROM pacotes q WHERE q.id_pacote = e.id_pacote OFFSET 0) AS p
  WHERE j.ate - j.comprimento - s.semanas * interval '168 hours' >= j.primeira
  GROUP BY 1, 2
),
-- A carrier without events in one of these weeks had none.
semanas AS MATERIALIZED (SELECT DISTINCT semanas FROM contagens WHERE semanas > 0),
esperados AS MATERIALIZED (
  SELECT o.transportadora, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(c.eventos, 0)::float8) AS eventos
  FROM (SELECT DISTINCT transportadora FROM contagens WHERE transportadora IS NOT NULL) AS o
  CROSS JOIN semanas s LEFT JOIN contagens c USING (semanas, transportadora) GROUP BY 1
)
SELECT e.transportadora, coalesce(a.eventos, 0)::float8 AS valor, e.eventos * (SELECT limite('transportadora_parte')) AS limite
FROM esperados e LEFT JOIN contagens a ON a.transportadora = e.transportadora AND a.semanas = 0
WHERE e.eventos >= (SELECT limite('transportadora_eventos'));
COMMENT ON VIEW alerta_transportadoras_caladas IS
  'Carriers: events of their packages in the last hours (transportadora_silencio) that have had time to come, and the limit, a share of the median of the same hours of up to four weeks before. Bad when below.';

GRANT SELECT ON transportadoras, torre_das_transportadoras, nunca_encerrados, alerta_transportadoras, alerta_transportadoras_caladas TO grafana_reader;
