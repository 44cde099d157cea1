-- Up to when figures can be relied on: what was scanned is here, and the books balance.

-- The typical hour: a file that is imported, or a history that is sent again, must not make carriers look late. Events from before the first
-- receipt are such a history.
CREATE VIEW atraso_tipico AS
WITH u AS MATERIALIZED (SELECT recebido_ate FROM ultimo_recebimento)
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY percentil(0.9, h.baldes, h.eventos)) AS p90_segundos,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY percentil(0.99, h.baldes, h.eventos)) AS p99_segundos
FROM (
  SELECT array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.eventos ORDER BY b.balde) AS eventos
  FROM (
    SELECT r.hora, r.balde, sum(r.eventos)::bigint AS eventos
    FROM resumo_atraso r
    WHERE r.hora > (SELECT recebido_ate - interval '24 hours' FROM u) AND r.hora <= (SELECT recebido_ate FROM u)
      AND r.balde <= balde(r.hora + interval '1 hour' - (SELECT min(hora) FROM resumo_atraso))
    GROUP BY r.hora, r.balde
  ) AS b GROUP BY b.hora
) AS h;
COMMENT ON VIEW atraso_tipico IS
  'The medians, over the last 24 hours that received something, of p90 and p99 of ingest delay, without events from before the first receipt; null when nothing was received.';

-- The hours of the last seven days that are over and whose events have had time to come, beside the same hours of up to four weeks before.
CREATE VIEW completude_por_hora AS
WITH fim AS MATERIALIZED (
  SELECT (SELECT recebido_ate FROM ultimo_recebimento) - make_interval(secs => greatest((SELECT p99_segundos FROM atraso_tipico), 0)) AS ate,
         (SELECT min(hora) FROM resumo_historico) AS primeira
),
horas AS MATERIALIZED (
  SELECT r.hora, sum(r.eventos)::bigint AS eventos
  FROM resumo_historico r WHERE r.hora >= inicio_da_hora(now()) - interval '840 hours' AND r.hora <= now() GROUP BY r.hora
),
esperadas AS MATERIALIZED (
  SELECT h.hora, (percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(p.eventos, 0)::float8)) AS esperados
  FROM fim
  CROSS JOIN generate_series(inicio_da_hora(now()) - interval '168 hours', inicio_da_hora(fim.ate) - interval '1 hour', interval '1 hour') AS h (hora)
  CROSS JOIN generate_series(1, 4) AS s (semanas)
  LEFT JOIN horas p ON p.hora = h.hora - s.semanas * interval '168 hours'
  WHERE h.hora - s.semanas * interval '168 hours' >= fim.primeira
  GROUP BY h.hora
)
SELECT e.hora, coalesce(h.eventos, 0) AS eventos, e.esperados,
       e.esperados >= (SELECT limite('completude_volume'))
         AND coalesce(h.eventos, 0) < e.esperados * (SELECT limite('completude_minima')) AS incompleta
FROM esperadas e LEFT JOIN horas h USING (hora);
COMMENT ON VIEW completude_por_hora IS
  'Hours of the last seven days that can be judged: events that happened in them, the median of the same hours of up to four weeks before, and whether too few are here.';

CREATE VIEW confiabilidade AS
WITH r AS MATERIALIZED (SELECT recebido_ate, segundos, segundos_critico FROM ultimo_recebimento),
a AS MATERIALIZED (SELECT p99_segundos FROM atraso_tipico),
c AS MATERIALIZED (
  SELECT min(hora) FILTER (WHERE incompleta) AS primeira_incompleta,
         (sum(eventos) FILTER (WHERE hora >= inicio_da_hora(now()) - interval '24 hours')
           / nullif(sum(esperados) FILTER (WHERE hora >= inicio_da_hora(now()) - interval '24 hours'), 0))::float8 AS completude
  FROM completude_por_hora
),
-- In the batch's own transaction: events with the accounting of what was inserted, dead letters with that of what was rejected. Read again
-- after a crash, a rejected message is counted again and kept once; more dead letters than were counted there cannot be.
d AS MATERIALIZED (
  SELECT abs(i.inseridos - h.eventos)::bigint AS eventos, greatest(k.diferenca_cartas, 0)::bigint AS cartas
  FROM (SELECT coalesce(sum(inseridos), 0) AS inseridos FROM resumo_ingestao) AS i,
    -- What was inserted and is taken back, or takes something back, is in no history.
    (SELECT (SELECT coalesce(sum(eventos), 0) FROM resumo_historico) + (SELECT count(*) FROM eventos_corrigidos) + (SELECT count(*) FROM correcoes)
       + (SELECT fora_da_conta FROM retencao) AS eventos) AS h,
    contabilidade(now() - interval '24 hours', now()) AS k
)
SELECT
  CASE WHEN d.eventos + d.cartas = 0
       THEN least(r.recebido_ate - make_interval(secs => greatest(a.p99_segundos, 0)), c.primeira_incompleta) END AS confiavel_ate,
  CASE WHEN d.eventos + d.cartas = 0
       THEN extract(epoch FROM now() - least(r.recebido_ate - make_interval(secs => greatest(a.p99_segundos, 0)), c.primeira_incompleta))::float8 END AS idade_segundos,
  r.segundos AS frescor_segundos,
  a.p99_segundos AS atraso_p99_segundos,
  c.completude,
  c.primeira_incompleta AS primeira_hora_incompleta,
  CASE WHEN r.recebido_ate IS NOT NULL OR d.eventos + d.cartas > 0 THEN d.eventos + d.cartas END AS diferenca_contabil,
  CASE
    WHEN d.eventos > 0 THEN 'Conta não fecha: ' || d.eventos || CASE d.eventos WHEN 1 THEN ' evento' ELSE ' eventos' END
    WHEN d.cartas > 0 THEN 'Conta não fecha: ' || d.cartas || CASE d.cartas WHEN 1 THEN ' mensagem rejeitada' ELSE ' mensagens rejeitadas' END
    WHEN r.recebido_ate IS NULL OR a.p99_segundos IS NULL THEN 'Sem dados'
    WHEN c.primeira_incompleta IS NOT NULL OR r.segundos > r.segundos_critico THEN
      'Faltam leituras desde ' || to_char(least(c.primeira_incompleta, CASE WHEN r.segundos > r.segundos_critico THEN r.recebido_ate END) AT TIME ZONE fuso(), 'DD/MM HH24:MI')
    ELSE 'Confiável'
  END AS situacao
FROM r, a, c, d;
COMMENT ON VIEW confiabilidade IS
  'One row: up to when figures can be relied on, by the newest receipt, the ingest delay, the hours that lack events and the accounting; and why not further.';

-- Deliveries that cannot have been so, by what is known of the package. An index holds these packages alone.
CREATE FUNCTION fora_de_ordem(de timestamptz, ate timestamptz)
RETURNS TABLE (id_pacote bigint, origem text, destino text, problema text, data_inicio timestamptz, data_entrega timestamptz,
               status_atual text, data_status timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT p.id_pacote, coalesce(o.lugar, p.origem), coalesce(d.lugar, p.destino),
         CASE WHEN p.data_entrega > p.data_inicio THEN 'reaberto depois da entrega'
              WHEN p.data_status > p.data_entrega THEN 'entrega antes do resto'
              ELSE 'nada antes da entrega' END,
         p.data_inicio, p.data_entrega, p.status_atual, p.data_status
  FROM pacotes p LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
  WHERE p.data_entrega BETWEEN de AND ate AND (p.aberto OR p.data_entrega = p.data_inicio)
$$;
COMMENT ON FUNCTION fora_de_ordem(timestamptz, timestamptz) IS
  'Packages delivered in the range whose events are in an order that cannot be or lack a beginning, and which of the three it is.';

CREATE FUNCTION fora_de_ordem_por_problema(de timestamptz, ate timestamptz)
RETURNS TABLE (problema text, pacotes bigint, taxa float8, ultima_entrega timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT u.problema, count(f.id_pacote), count(f.id_pacote) / e.entregas::float8, max(f.data_entrega)
  FROM (VALUES ('entrega antes do resto'), ('reaberto depois da entrega'), ('nada antes da entrega')) AS u (problema)
  CROSS JOIN (SELECT entregas FROM entregas_no_periodo(de, ate)) AS e
  LEFT JOIN fora_de_ordem(de, ate) AS f USING (problema)
  WHERE e.entregas > 0
  GROUP BY u.problema, e.entregas
$$;
COMMENT ON FUNCTION fora_de_ordem_por_problema(timestamptz, timestamptz) IS
  'How many deliveries of the range each problem of fora_de_ordem has, 0 included, and which share of them; no row without deliveries.';

GRANT SELECT ON atraso_tipico, completude_por_hora, confiabilidade TO grafana_reader;
