-- What alert rules read. Each view has text columns, which become the labels of an alert, and two numbers in one unit: valor, and limite, from
-- which on somebody is to be told. A row is a thing that can be judged: too few parcels to judge are no row, and neither are figures while data
-- are missing, so that a rule keeps the state it had. docs/alerts.md says which rule reads what.

CREATE VIEW dados_completos AS
SELECT coalesce(segundos <= segundos_critico, false) AS completos FROM ultimo_recebimento;
COMMENT ON VIEW dados_completos IS
  'One row: whether new events still come (ultimo_recebimento within the limit silencio). While they do not, figures are of the past and rules on deliveries keep quiet.';

-- On a holiday less happens, and afterwards what waited comes at once: neither is to be compared with ordinary days.
CREATE FUNCTION feriado_desde(dia_inicial date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (SELECT FROM feriados f WHERE f.dia >= dia_inicial AND f.dia <= dia_local(now()));
COMMENT ON FUNCTION feriado_desde(date) IS 'Whether one of the operator''s days from this one to today is a holiday (table feriados).';

-- Deliveries. Hours. A rule takes one or two of these figures: each that costs something is a subquery of its own, which runs for the lanes
-- that need it, and not at all where it is not asked for.
CREATE VIEW alerta_rotas AS
WITH dias AS MATERIALIZED (
  SELECT dia_local(now()) - 1 AS desde, dia_local(now()) - 29 AS antes,
         -- Of a young database's parcels only the quick ones have been delivered, so its first weeks are no measure.
         (SELECT min(dia) FROM resumo_coortes) <= dia_local(now()) - 43 AND NOT feriado_desde(dia_local(now()) - 5) AS comparavel
),
-- A lane, and the numbers of its pairs of spellings.
lugares AS MATERIALIZED (SELECT chave, origem, destino, array_agg(id_rota) AS ids FROM rotas_dos_lugares GROUP BY 1, 2, 3)
SELECT
  r.rota, r.entregas,
  r.tempo_medio_segundos / 3600 AS media,
  r.limite_segundos / 3600 AS media_prazo,
  -- After days without couriers the first deliveries are those that waited longest: a mean day's number is judged.
  CASE WHEN n.entregas >= coalesce(mn.valor, (SELECT limite('minimo_normal_rota'))) AND r.entregas >= n.entregas / 28
    THEN n.segundos * coalesce(ml.valor, (SELECT limite('rota_media_normal'))) / 3600 END AS media_normal,
  -- Of fewer deliveries it is the slowest one or two of them.
  CASE WHEN r.entregas >= 60 THEN (
    SELECT percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde))
    FROM (
      SELECT x.balde, sum(x.entregas) AS entregas FROM resumo_baldes_rota x
      WHERE x.id_rota = ANY (t.ids) AND x.dia = ANY ((SELECT ultimos_dias(2))::date[]) GROUP BY x.balde HAVING sum(x.entregas) > 0
    ) AS b) / 3600 END AS p95,
  coalesce(pl.valor, (SELECT limite('rota_p95_prazo'))) * extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 / 3600 AS p95_prazo,
  CASE WHEN n.entregas >= coalesce(mn.valor, (SELECT limite('minimo_normal_rota'))) THEN (
    SELECT percentil(0.95, array_agg(b.balde ORDER BY b.balde), array_agg(b.entregas ORDER BY b.balde))
    FROM (
      SELECT x.balde, sum(x.entregas) AS entregas FROM resumo_baldes_rota x
      WHERE x.id_rota = ANY (t.ids) AND x.dia = ANY ((SELECT array_agg(d.desde - k) FROM dias d CROSS JOIN generate_series(1, 28) AS k)::date[])
      GROUP BY x.balde HAVING sum(x.entregas) > 0
    ) AS b) * coalesce(pn.valor, (SELECT limite('rota_p95_normal'))) / 3600 END AS p95_normal
FROM rotas_desde_ontem r JOIN lugares t USING (origem, destino)
LEFT JOIN prazos_julgados z USING (origem, destino)
LEFT JOIN (
  SELECT m.chave, sum(p.entregas)::bigint AS entregas, (sum(p.segundos) / sum(p.entregas))::float8 AS segundos
  FROM (
    SELECT e.id_rota, sum(e.entregas) AS entregas, sum(e.segundos) AS segundos
    FROM dias d JOIN resumo_entregas_rota e ON e.dia >= d.antes AND e.dia < d.desde
    WHERE d.comparavel
    GROUP BY e.id_rota
  ) AS p JOIN rotas_dos_lugares m USING (id_rota)
  GROUP BY m.chave HAVING sum(p.entregas) > 0
) AS n ON n.chave = t.chave
-- As limite_da_rota, which would be two calls for each lane.
LEFT JOIN limites_dos_lugares mn ON (mn.nome, mn.chave) = ('minimo_normal_rota', t.chave)
LEFT JOIN limites_dos_lugares ml ON (ml.nome, ml.chave) = ('rota_media_normal', t.chave)
LEFT JOIN limites_dos_lugares pl ON (pl.nome, pl.chave) = ('rota_p95_prazo', t.chave)
LEFT JOIN limites_dos_lugares pn ON (pn.nome, pn.chave) = ('rota_p95_normal', t.chave)
WHERE r.suficiente AND (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_rotas IS
  'Lanes with enough deliveries today and yesterday: mean and p95 of the delivery time in hours, beside their limits by the lane''s promise and by its own four weeks before (null where those had too few deliveries, and in a database younger than six weeks). No p95 of fewer than 60.';

-- How many of a day's parcels have been delivered on time by now, beside the same weekday of up to four weeks before when it was as old: only
-- deliveries within the days that the day's youngest parcel has had, so both count the same.
CREATE VIEW alerta_postagem AS
WITH hoje AS MATERIALIZED (SELECT dia_local(now()) AS dia),
dias AS MATERIALIZED (
  SELECT r.dia, r.dias, sum(r.total) AS total, sum(r.no_prazo) AS no_prazo
  FROM hoje h JOIN resumo_coortes r ON r.dia >= h.dia - 42 AND r.dia < h.dia - 1 GROUP BY 1, 2
),
idades AS (
  SELECT d.dia, h.dia - d.dia - 1 AS idade FROM hoje h CROSS JOIN LATERAL (SELECT DISTINCT dia FROM dias WHERE dia >= h.dia - 14) AS d
),
partes AS (
  SELECT i.dia, s.semanas, sum(d.total) AS postados, coalesce(sum(d.no_prazo) FILTER (WHERE d.dias < i.idade), 0) AS no_prazo
  FROM idades i CROSS JOIN generate_series(0, 4) AS s (semanas) JOIN dias d ON d.dia = i.dia - 7 * s.semanas
  GROUP BY 1, 2 HAVING sum(d.total) >= (SELECT limite('postagem_minimo'))
)
SELECT to_char(p.dia, 'DD/MM/YYYY') AS postados_em, 100 * (p.no_prazo / p.postados)::float8 AS valor,
       100 * n.parte * (SELECT limite('postagem_no_prazo')) AS limite
FROM partes p
JOIN (SELECT dia, percentile_cont(0.5) WITHIN GROUP (ORDER BY (no_prazo / postados)::float8) AS parte FROM partes WHERE semanas > 0 GROUP BY dia) AS n USING (dia)
-- Where little is expected yet, one slow day of the couriers is all the difference.
WHERE p.semanas = 0 AND n.parte >= (SELECT limite('postagem_esperada')) AND NOT feriado_desde(p.dia) AND (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_postagem IS
  'Posting days of the last two weeks without a holiday since, of whose parcels most should have arrived: percent delivered on time so far, and the limit, a share of what the same weekday had reached at that age before. Bad when below.';

-- The count is a subquery, so that who asks for the limit alone does not wait for it.
CREATE VIEW alerta_em_risco AS
SELECT 100 * (SELECT count(*) FROM pacotes_em_risco)::float8 / a.abertos AS valor, 100 * (SELECT limite('em_risco')) AS limite
FROM indicadores_abertos a
WHERE a.abertos >= (SELECT limite('em_risco_minimo')) AND (SELECT completos FROM dados_completos) AND NOT feriado_desde(dia_local(now()) - 2);
COMMENT ON VIEW alerta_em_risco IS 'Percent of the open packages that is at risk (pacotes_em_risco), and its limit; no row on a holiday and two days after, when everything is.';

-- Of all that is open: on a Sunday the few that are still out for delivery all wait.
CREATE VIEW alerta_parados_status AS
SELECT s.status_rastreamento AS status, 100 * coalesce(p.parados, 0)::float8 / nullif(a.abertos, 0) AS valor, 100 * (SELECT limite('parados_status')) AS limite
FROM indicadores_abertos a CROSS JOIN status_dos_pacotes s LEFT JOIN catalogo_status c ON c.status = s.status_rastreamento
LEFT JOIN parados_por_status p USING (status_rastreamento)
WHERE NOT coalesce(c.terminal, false) AND (coalesce(p.parados, 0) = 0 OR p.parados >= (SELECT limite('parados_minimo')))
  AND (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_parados_status IS 'By status: percent of all open packages that is stuck in it (pacotes_parados), and the limit.';

CREATE VIEW alerta_parados_rota AS
WITH muitos AS MATERIALIZED (
  SELECT origem, destino, count(*) AS parados FROM pacotes_parados
  WHERE '(não informado)' NOT IN (origem, destino)
  GROUP BY 1, 2 HAVING count(*) >= (SELECT limite('parados_minimo'))
)
SELECT m.origem || ' → ' || m.destino AS rota, 100 * m.parados::float8 / a.abertos AS valor,
       100 * limite_da_rota('parados_rota', m.origem, m.destino) AS limite
FROM muitos m JOIN (
  SELECT coalesce(o.lugar, p.origem) AS origem, coalesce(d.lugar, p.destino) AS destino, sum(p.abertos)::bigint AS abertos
  FROM (SELECT origem, destino, count(*) AS abertos FROM pacotes WHERE aberto GROUP BY 1, 2) AS p
  LEFT JOIN grafias o ON o.grafia = p.origem LEFT JOIN grafias d ON d.grafia = p.destino
  GROUP BY 1, 2
) AS a USING (origem, destino)
WHERE (SELECT completos FROM dados_completos)
UNION ALL
-- A row that is always there while data are: a lane that is in order again is gone from the rows, which must not look like missing data.
SELECT 'nenhuma', 0, 100 * (SELECT limite('parados_rota')) FROM dados_completos WHERE completos AND NOT EXISTS (SELECT FROM muitos);
COMMENT ON VIEW alerta_parados_rota IS 'Lanes with many stuck packages: percent of their open packages that is stuck, and the limit; one row "nenhuma" where there is none.';

CREATE VIEW alerta_extravios AS
SELECT a.hoje::float8 AS valor, greatest((SELECT limite('extravios_minimo')), a.antes / a.dias * (SELECT limite('extravios'))) AS limite
FROM (
  SELECT coalesce(sum(h.eventos) FILTER (WHERE h.hora > now() - interval '24 hours'), 0) AS hoje,
         coalesce(sum(h.eventos) FILTER (WHERE h.hora <= now() - interval '24 hours'), 0)::float8 AS antes,
         least(28, extract(epoch FROM now() - (SELECT min(hora) FROM resumo_historico)) / 86400 - 1)::float8 AS dias
  FROM resumo_historico h WHERE h.status = 'EXTRAVIADO' AND h.hora > now() - interval '696 hours' AND h.hora <= now()
) AS a WHERE a.dias >= 7 AND (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_extravios IS 'Packages lost in the last 24 hours, and the limit: so many times the daily mean of the four weeks before (at least seven days), and at least extravios_minimo.';

CREATE VIEW alerta_reabertos AS
SELECT r.reabertos::float8 AS valor, greatest((SELECT limite('reabertos_minimo')), e.entregas * (SELECT limite('reabertos'))) AS limite
FROM (SELECT count(*) AS reabertos FROM pacotes WHERE aberto AND data_entrega IS NOT NULL AND data_status > now() - interval '24 hours') AS r,
     (SELECT entregas FROM entregas_no_periodo(now() - interval '24 hours', now())) AS e
WHERE (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_reabertos IS 'Packages open again after their delivery, by an event of the last 24 hours, and the limit: a share of the deliveries of these hours.';

CREATE VIEW alerta_esquecidos AS
SELECT e.esquecidos::float8 AS valor, greatest((SELECT limite('esquecidos_minimo')), p.por_dia * (SELECT limite('esquecidos'))) AS limite
FROM (
  SELECT count(*) AS esquecidos FROM pacotes
  WHERE aberto AND status_atual = 'POSTADO' AND data_status = data_inicio
    AND data_inicio < now() - make_interval(secs => (SELECT limite('esquecido'))) AND data_inicio >= now() - interval '696 hours'
) AS e, (
  SELECT coalesce(sum(total), 0)::float8 / greatest(count(DISTINCT dia), 1) AS por_dia FROM resumo_coortes
  WHERE dia >= dia_local(now()) - 28 AND dia < dia_local(now())
) AS p WHERE (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_esquecidos IS 'Packages of the last four weeks posted and never scanned again, and the limit: a share of a mean day''s postings.';

-- What comes in.

-- The last hours of which nearly all has had time to come, and the same ones of up to four weeks before: the few that come later still are
-- less than what the limit leaves.
CREATE VIEW alerta_origens AS
WITH janela AS MATERIALIZED (
  SELECT u.recebido_ate - make_interval(secs => greatest((SELECT p90_segundos FROM atraso_tipico), 0)) AS ate,
         make_interval(secs => (SELECT limite('origem_silencio'))) AS comprimento,
         greatest((SELECT min(hora) FROM resumo_historico), (SELECT removidos_ate FROM retencao)) AS primeira
  FROM ultimo_recebimento u WHERE (SELECT completos FROM dados_completos) AND NOT feriado_desde(dia_local(now() - interval '12 hours'))
),
escritas AS MATERIALIZED (
  SELECT s.semanas, p.origem, count(*) AS eventos
  FROM janela j CROSS JOIN generate_series(0, 4) AS s (semanas)
  CROSS JOIN LATERAL (
    SELECT e.id_pacote FROM eventos_rastreamento e
    WHERE e.data_evento >= j.ate - j.comprimento - s.semanas * interval '168 hours' AND e.data_evento < j.ate - s.semanas * interval '168 hours'
  ) AS e
  -- OFFSET 0: one look into the index for each event of these hours, not all packages.
  CROSS JOIN LATERAL (SELECT q.origem FROM pacotes q WHERE q.id_pacote = e.id_pacote OFFSET 0) AS p
  WHERE j.ate - j.comprimento - s.semanas * interval '168 hours' >= j.primeira
  GROUP BY 1, 2
),
contagens AS MATERIALIZED (
  SELECT e.semanas, coalesce(g.lugar, e.origem) AS origem, sum(e.eventos)::bigint AS eventos
  FROM escritas e LEFT JOIN grafias g ON g.grafia = e.origem
  WHERE g.id_lugar IS DISTINCT FROM 0
  GROUP BY 1, 2
),
-- An origin without events in one of these weeks had none.
semanas AS MATERIALIZED (SELECT DISTINCT semanas FROM contagens WHERE semanas > 0),
esperados AS MATERIALIZED (
  SELECT o.origem, percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(c.eventos, 0)::float8) AS eventos
  FROM (SELECT DISTINCT origem FROM contagens) AS o CROSS JOIN semanas s LEFT JOIN contagens c USING (semanas, origem) GROUP BY 1
)
SELECT e.origem, coalesce(a.eventos, 0)::float8 AS valor, e.eventos * (SELECT limite('origem_parte')) AS limite
FROM esperados e LEFT JOIN contagens a ON a.origem = e.origem AND a.semanas = 0
WHERE e.eventos >= (SELECT limite('origem_minimo'));
COMMENT ON VIEW alerta_origens IS
  'Origins: events of their packages in the last hours (origem_silencio) that have had time to come, and the limit, a share of the median of the same hours of up to four weeks before. Bad when below.';

CREATE VIEW alerta_rejeitados AS
SELECT CASE WHEN i.rejeitados >= (SELECT limite('rejeitados_minimo')) THEN 100 * i.taxa_rejeitados ELSE 0 END AS valor,
       100 * (SELECT limite('rejeitados_parte')) AS limite
FROM ingestao_no_periodo(now() - interval '15 minutes', now()) AS i;
COMMENT ON VIEW alerta_rejeitados IS 'Percent of the last 15 minutes'' messages that was rejected (0 where too few are), and its limit.';

CREATE VIEW alerta_desconhecidos AS
SELECT CASE WHEN d.desconhecidos >= (SELECT limite('desconhecidos_minimo')) THEN 100 * (d.desconhecidos / d.eventos)::float8 ELSE 0 END AS valor,
       100 * (SELECT limite('desconhecidos_parte')) AS limite
FROM (
  SELECT sum(h.eventos) AS eventos, coalesce(sum(h.eventos) FILTER (WHERE c.status IS NULL), 0) AS desconhecidos
  FROM resumo_historico h LEFT JOIN catalogo_status c USING (status) WHERE h.hora > now() - interval '24 hours' AND h.hora <= now()
) AS d WHERE d.eventos > 0 AND (SELECT completos FROM dados_completos);
COMMENT ON VIEW alerta_desconhecidos IS 'Percent of the last 24 hours'' events whose status the catalogue does not have (0 where there are too few to judge), and its limit.';

CREATE VIEW alerta_completude AS
SELECT count(*) FILTER (WHERE incompleta AND hora >= inicio_da_hora(now()) - interval '24 hours')::float8 AS valor, (SELECT limite('horas_incompletas')) AS limite
FROM completude_por_hora WHERE (SELECT completos FROM dados_completos) AND NOT feriado_desde(dia_local(now()) - 2) HAVING count(*) > 0;
COMMENT ON VIEW alerta_completude IS 'How many of the last 24 hours that can be judged have too few events (completude_por_hora), and the limit.';

-- Of each partition the minute written last: how long its newest message had waited.
CREATE VIEW alerta_consumidor AS
SELECT greatest(max(extract(epoch FROM u.minuto - u.recebido_ate)), 0)::float8 AS valor, (SELECT limite('consumidor_atraso')) AS limite
FROM (
  SELECT DISTINCT ON (topico, particao) minuto, recebido_ate FROM ingestao
  WHERE minuto > now() - interval '10 minutes' AND topico NOT LIKE 'csv:%' ORDER BY topico, particao, minuto DESC
) AS u;
COMMENT ON VIEW alerta_consumidor IS 'Seconds that the newest message of the slowest partition had waited in Kafka when it was written, in the last ten minutes, and the limit.';

CREATE VIEW alerta_relogio AS
SELECT greatest(
         (SELECT extract(epoch FROM e.data_evento - now()) FROM eventos_rastreamento e WHERE e.data_evento > now() ORDER BY e.data_evento DESC LIMIT 1),
         (SELECT max(extract(epoch FROM i.recebido_ate - i.minuto)) FROM ingestao i
          WHERE i.minuto > now() - interval '15 minutes' AND i.recebido_ate - i.minuto > interval '1 minute'),
         0)::float8 AS valor,
       (SELECT limite('relogio_adiantado')) AS limite;
COMMENT ON VIEW alerta_relogio IS 'By how many seconds the newest event, or a message of the last 15 minutes, is ahead of the database''s clock, and the limit.';

CREATE VIEW alerta_conta AS
SELECT (coalesce(c.diferenca_contabil, 0) + p.perdidas)::float8 AS valor, 0::float8 AS limite
FROM confiabilidade c, (
  SELECT coalesce(sum(ate - desde), 0) AS perdidas FROM mensagens_perdidas WHERE percebido_em > now() - interval '24 hours'
) AS p
WHERE c.diferenca_contabil IS NOT NULL OR p.perdidas > 0;
COMMENT ON VIEW alerta_conta IS
  'Messages or events by which the accounting does not balance (confiabilidade), with those of the last 24 hours that Kafka removed before they were read, and the limit 0.';

-- The names that views of this folder ask for; a test compares the list with them.
CREATE VIEW alerta_limites AS
SELECT count(*) FILTER (WHERE l.nome IS NULL)::float8 AS valor, 0::float8 AS limite
FROM unnest(ARRAY[
  'completude_minima', 'completude_volume', 'consumidor_atraso', 'desconhecidos_minimo', 'desconhecidos_parte', 'em_risco', 'em_risco_minimo',
  'esquecido', 'esquecidos', 'esquecidos_minimo', 'extravios', 'extravios_minimo', 'horas_incompletas', 'minimo_entregas_rota',
  'minimo_normal_rota', 'nunca_encerrado', 'origem_minimo', 'origem_parte', 'origem_silencio', 'parados_minimo', 'parados_rota', 'parados_status',
  'postagem_esperada', 'postagem_minimo', 'postagem_no_prazo', 'reabertos', 'reabertos_minimo', 'rejeitados_aviso', 'rejeitados_minimo', 'rejeitados_parte',
  'relogio_adiantado', 'risco_fracao_prazo', 'risco_minimo_entregas', 'rota_media_normal', 'rota_media_prazo', 'rota_p95_normal',
  'rota_p95_prazo', 'sem_movimento', 'silencio', 'silencio_aviso', 'silencio_eventos', 'torre_atrasados_parados_aviso', 'torre_atrasados_parados_critico',
  'torre_esquecidos_aviso', 'torre_esquecidos_critico', 'torre_minimo', 'torre_prometidos_hoje_aviso', 'torre_prometidos_hoje_critico',
  'torre_quebras_amanha_aviso', 'torre_quebras_amanha_critico', 'torre_tentativa_falhou_aviso', 'torre_tentativa_falhou_critico',
  'transportadora_entregas', 'transportadora_eventos', 'transportadora_no_prazo', 'transportadora_normal', 'transportadora_parte',
  'transportadora_silencio'
]) AS n (nome) LEFT JOIN limites l USING (nome);
COMMENT ON VIEW alerta_limites IS 'How many limits that views ask for are missing from the table limites, and the limit 0.';

GRANT SELECT ON dados_completos, alerta_rotas, alerta_postagem, alerta_em_risco, alerta_parados_status, alerta_parados_rota, alerta_extravios,
  alerta_reabertos, alerta_esquecidos, alerta_origens, alerta_rejeitados, alerta_desconhecidos, alerta_completude, alerta_consumidor,
  alerta_relogio, alerta_conta, alerta_limites TO grafana_reader;
