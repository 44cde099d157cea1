-- The plain definition of every derived table: what it must hold, without slices. db:verify compares with it, db:rebuild adds the
-- differences, and the tests check both against random histories. pacotes is defined by the events; the tables that triggers on
-- pacotes keep are defined by pacotes as it is, so that a wrong row is found once, where it is, and so that a correction of these
-- tables stays right when the row is repaired afterwards.

-- All events that are known, with those that only stand before others, of which it is not known any more what they said beside the status.
CREATE VIEW conferencia.eventos AS
SELECT id_pacote, data_evento, status_rastreamento, detalhes, true AS contado FROM eventos_rastreamento
UNION ALL
SELECT id_pacote, data_evento, status_rastreamento, '{}', false FROM eventos_anteriores
WHERE data_evento < (SELECT removidos_ate FROM retencao);

-- The status is that of the latest known event where that is final, else of the latest event; the other of the two, where they are two, stands
-- beside it. Each place is that of the earliest event that says it, and an event without details says the pair of pacotes. What lies before
-- the removal of events is taken from pacotes as it is. A view of all packages and, from the same text, a function for some of them, all
-- of whose events lie between two instants.
DO $bloco$
DECLARE
  definicao CONSTANT text := $modelo$
WITH ordenados AS (
  SELECT e.*, coalesce(c.ordem, 0) AS ordem, c.status IS NOT NULL AS conhecido, coalesce(c.terminal, false) AS terminal,
         CASE WHEN e.detalhes ? 'origem'
           THEN ROW(e.data_evento, e.detalhes->>'origem', coalesce(e.detalhes->>'par_origem', e.detalhes->>'destino', ''))::dito END AS dito_origem,
         CASE WHEN e.detalhes ? 'destino'
           THEN ROW(e.data_evento, coalesce(e.detalhes->>'par_destino', e.detalhes->>'origem', ''), e.detalhes->>'destino')::dito END AS dito_destino,
         e.detalhes->>'transportadora' AS transportadora,
         (e.detalhes->>'prazo')::timestamptz AS prazo,
         coalesce((e.detalhes->>'prazo_em')::timestamptz, e.data_evento) AS prazo_em,
         coalesce(e.detalhes->>'prazo_final', e.detalhes->>'prazo')::timestamptz AS prazo_final,
         coalesce((e.detalhes->>CASE WHEN e.detalhes ? 'prazo_final' THEN 'prazo_final_em' ELSE 'prazo_em' END)::timestamptz, e.data_evento) AS prazo_final_em
  FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  WHERE %1$s
),
extremos AS (
  SELECT
    id_pacote,
    (array_agg(status_rastreamento ORDER BY data_evento DESC, ordem DESC, status_rastreamento COLLATE "C" DESC))[1] AS n_status,
    max(data_evento) AS n_data,
    (array_agg(ordem ORDER BY data_evento DESC, ordem DESC))[1] AS n_ordem,
    (array_agg(conhecido ORDER BY data_evento DESC, ordem DESC))[1] AS n_conhecido,
    (array_agg(status_rastreamento ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_status,
    max(data_evento) FILTER (WHERE conhecido) AS k_data,
    (array_agg(ordem ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_ordem,
    (array_agg(terminal ORDER BY data_evento DESC, ordem DESC) FILTER (WHERE conhecido))[1] AS k_terminal,
    min(data_evento) AS data_inicio,
    max(data_evento) FILTER (WHERE status_rastreamento = 'ENTREGUE') AS data_entrega,
    min(data_evento) FILTER (WHERE status_rastreamento = 'TENTATIVA DE ENTREGA') AS data_tentativa,
    min(data_evento) FILTER (WHERE detalhes IS NULL) AS data_simples,
    (array_agg(dito_origem ORDER BY dito_origem) FILTER (WHERE detalhes ? 'origem'))[1] AS dito_origem,
    (array_agg(dito_destino ORDER BY dito_destino) FILTER (WHERE detalhes ? 'destino'))[1] AS dito_destino,
    (array_agg(transportadora ORDER BY data_evento, transportadora COLLATE "C") FILTER (WHERE transportadora IS NOT NULL))[1] AS transportadora,
    min(data_evento) FILTER (WHERE transportadora IS NOT NULL) AS data_transportadora,
    (array_agg(prazo ORDER BY prazo_em, prazo) FILTER (WHERE prazo IS NOT NULL))[1] AS prazo_inicial,
    min(prazo_em) FILTER (WHERE prazo IS NOT NULL) AS data_prazo_inicial,
    (array_agg(prazo_final ORDER BY prazo_final_em DESC, prazo_final DESC) FILTER (WHERE prazo IS NOT NULL))[1] AS prazo_final,
    max(prazo_final_em) FILTER (WHERE prazo IS NOT NULL) AS data_prazo_final
  FROM ordenados
  GROUP BY id_pacote
),
estados AS (
  SELECT
    x.*,
    CASE WHEN fechado THEN k_status ELSE n_status END AS status_atual,
    CASE WHEN fechado THEN k_data ELSE n_data END AS data_status,
    CASE WHEN fechado THEN k_ordem ELSE n_ordem END AS ordem_status,
    CASE WHEN n_conhecido THEN NULL WHEN fechado THEN n_status ELSE k_status END AS outro_status,
    CASE WHEN n_conhecido THEN NULL WHEN fechado THEN n_data ELSE k_data END AS outra_data,
    CASE WHEN n_conhecido OR k_data IS NULL THEN NULL WHEN fechado THEN n_ordem ELSE k_ordem END AS outra_ordem
  FROM (SELECT *, coalesce(k_terminal, false) AS fechado FROM extremos) AS x
),
-- What pacotes says, and of what it says that which is from before the removal of events.
guardados AS (
  SELECT p.*, greatest(p.data_status, p.outra_data) < r.ate AS quieto,
         CASE WHEN p.data_inicio < r.ate THEN p.data_inicio END AS a_inicio,
         CASE WHEN p.data_entrega < r.ate THEN p.data_entrega END AS a_entrega,
         CASE WHEN p.data_tentativa < r.ate THEN p.data_tentativa END AS a_tentativa,
         CASE WHEN coalesce(p.data_origem, p.data_inicio) < r.ate
           THEN ROW(coalesce(p.data_origem, p.data_inicio), p.origem, coalesce(p.par_origem, p.destino))::dito END AS a_origem,
         CASE WHEN coalesce(p.data_destino, p.data_inicio) < r.ate
           THEN ROW(coalesce(p.data_destino, p.data_inicio), coalesce(p.par_destino, p.origem), p.destino)::dito END AS a_destino,
         p.data_transportadora < r.ate AS a_transportadora,
         -- Of a package with removed events: where one of the two is gone, the other is what is still known. When a promise was said tells nothing of its
         -- event's instant, so what pacotes says is taken to be from the removed ones; troca_eventos forgets what the events that it takes out said.
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.prazo_inicial, p.prazo_final) END AS a_prazo_inicial,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.data_prazo_inicial, p.data_prazo_final) END AS a_data_inicial,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.prazo_final, p.prazo_inicial) END AS a_prazo_final,
         CASE WHEN p.data_inicio < r.ate THEN coalesce(p.data_prazo_final, p.data_prazo_inicial) END AS a_data_final
  FROM pacotes p CROSS JOIN (SELECT removidos_ate AS ate FROM retencao) AS r
  WHERE %2$s
),
juntos AS (
  SELECT
    id_pacote,
    coalesce(e.status_atual, p.status_atual) AS status_atual,
    coalesce(e.data_status, p.data_status) AS data_status,
    coalesce(e.ordem_status, p.ordem_status) AS ordem_status,
    CASE WHEN e.id_pacote IS NULL THEN p.outra_data ELSE e.outra_data END AS outra_data,
    CASE WHEN e.id_pacote IS NULL THEN p.outra_ordem ELSE e.outra_ordem END AS outra_ordem,
    CASE WHEN e.id_pacote IS NULL THEN p.outro_status ELSE e.outro_status END AS outro_status,
    coalesce(p.a_inicio, e.data_inicio) AS data_inicio,
    greatest(e.data_entrega, p.a_entrega) AS data_entrega,
    least(e.data_tentativa, p.a_tentativa) AS data_tentativa,
    junta_lugares(
      coalesce(p.a_inicio, e.data_inicio),
      least(p.a_origem, e.dito_origem, CASE WHEN e.data_simples IS NOT NULL THEN ROW(e.data_simples, p.origem, p.destino)::dito END,
            ROW('infinity', '(não informado)', '')::dito),
      least(p.a_destino, e.dito_destino, CASE WHEN e.data_simples IS NOT NULL THEN ROW(e.data_simples, p.origem, p.destino)::dito END,
            ROW('infinity', '', '(não informado)')::dito)
    ) AS l,
    CASE WHEN p.a_transportadora THEN p.transportadora ELSE e.transportadora END AS transportadora,
    CASE WHEN p.a_transportadora THEN p.data_transportadora ELSE e.data_transportadora END AS data_transportadora,
    CASE WHEN i.guardado THEN p.a_prazo_inicial ELSE e.prazo_inicial END AS prazo_inicial,
    CASE WHEN i.guardado THEN p.a_data_inicial ELSE e.data_prazo_inicial END AS data_prazo_inicial,
    CASE WHEN f.guardado THEN p.a_prazo_final ELSE e.prazo_final END AS prazo_final,
    CASE WHEN f.guardado THEN p.a_data_final ELSE e.data_prazo_final END AS data_prazo_final
  FROM estados e FULL JOIN guardados p USING (id_pacote)
  -- Whether what is known of removed events was said before (after) all that the others say.
  CROSS JOIN LATERAL (
    SELECT p.a_prazo_inicial IS NOT NULL
       AND (e.prazo_inicial IS NULL OR (p.a_data_inicial, p.a_prazo_inicial) < (e.data_prazo_inicial, e.prazo_inicial)) AS guardado
  ) AS i
  CROSS JOIN LATERAL (
    SELECT p.a_prazo_final IS NOT NULL
       AND (e.prazo_final IS NULL OR (p.a_data_final, p.a_prazo_final) > (e.data_prazo_final, e.prazo_final)) AS guardado
  ) AS f
  WHERE e.id_pacote IS NOT NULL OR p.quieto
)
SELECT
  id_pacote, status_atual, data_status, ordem_status, outra_data, outra_ordem, outro_status, data_inicio, data_entrega, data_tentativa,
  (l).origem, (l).destino, (l).data_origem, (l).par_origem, (l).data_destino, (l).par_destino,
  transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, prazo_final, data_prazo_final
FROM juntos$modelo$;
BEGIN
  EXECUTE 'CREATE VIEW conferencia.pacotes AS' || format(definicao, 'true', 'true');
  EXECUTE format(
    'CREATE FUNCTION conferencia.pacotes_de(ids bigint[], de timestamptz, ate timestamptz) RETURNS SETOF conferencia.pacotes LANGUAGE sql STABLE AS %L',
    format(definicao, 'e.id_pacote = ANY (ids) AND (e.data_evento BETWEEN pacotes_de.de AND pacotes_de.ate OR NOT e.contado)', 'p.id_pacote = ANY (ids)'));
END
$bloco$;

CREATE VIEW conferencia.resumo_status AS
SELECT
  e.status_atual AS status,
  count(*) AS total,
  coalesce(sum(extract(epoch FROM e.data_inicio)) FILTER (WHERE NOT coalesce(c.terminal, false)), 0) AS inicio_segundos
FROM pacotes e LEFT JOIN catalogo_status c ON c.status = e.status_atual
GROUP BY e.status_atual;

CREATE VIEW conferencia.entregas AS
SELECT
  e.data_entrega, e.origem, e.destino, e.data_entrega - e.data_inicio AS duracao,
  e.data_entrega <= fim_do_prazo(e.prazo_inicial, e.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))) AS no_prazo,
  e.data_tentativa IS NULL OR e.data_tentativa > e.data_entrega AS na_primeira,
  e.data_entrega <= fim_do_prazo(e.prazo_final, e.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))) AS no_prazo_final,
  least(e.data_tentativa, e.data_entrega) <= fim_do_prazo(e.prazo_inicial, e.data_inicio, coalesce(z.prazo, (SELECT prazo_padrao()))) AS tentativa_no_prazo,
  e.transportadora
FROM pacotes e LEFT JOIN conferencia.prazos_julgados z USING (origem, destino)
WHERE e.data_entrega IS NOT NULL;

CREATE VIEW conferencia.resumo_entregas AS
SELECT
  coalesce(dia, '-infinity') AS dia, balde,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira,
  count(*) FILTER (WHERE no_prazo_final) AS no_prazo_final, count(*) FILTER (WHERE tentativa_no_prazo) AS tentativa_no_prazo
FROM (SELECT dia_local(data_entrega) AS dia, balde(duracao) AS balde, * FROM conferencia.entregas) AS e
GROUP BY GROUPING SETS ((dia, balde), (balde));

-- A lane that rotas lacks would be number 0, which no table has: db:verify shows it.
CREATE VIEW conferencia.resumo_entregas_rota AS
SELECT
  dia_local(data_entrega) AS dia, coalesce(id_rota, 0) AS id_rota,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira,
  count(*) FILTER (WHERE no_prazo_final) AS no_prazo_final, count(*) FILTER (WHERE tentativa_no_prazo) AS tentativa_no_prazo
FROM conferencia.entregas LEFT JOIN rotas USING (origem, destino)
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_baldes_rota AS
SELECT dia_local(data_entrega) AS dia, coalesce(id_rota, 0) AS id_rota, balde(duracao) AS balde, count(*)::integer AS entregas
FROM conferencia.entregas LEFT JOIN rotas USING (origem, destino)
GROUP BY 1, 2, 3;

CREATE VIEW conferencia.resumo_entregas_transportadora AS
SELECT
  dia_local(data_entrega) AS dia, transportadora,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira,
  count(*) FILTER (WHERE no_prazo_final) AS no_prazo_final, count(*) FILTER (WHERE tentativa_no_prazo) AS tentativa_no_prazo
FROM conferencia.entregas
WHERE transportadora IS NOT NULL
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_baldes_transportadora AS
SELECT dia_local(data_entrega) AS dia, transportadora, balde(duracao) AS balde, count(*)::integer AS entregas
FROM conferencia.entregas
WHERE transportadora IS NOT NULL
GROUP BY 1, 2, 3;

CREATE VIEW conferencia.resumo_postagem_transportadora AS
SELECT dia_local(p.data_inicio) AS dia, p.transportadora, count(*) AS pacotes, count(*) FILTER (WHERE NOT coalesce(c.terminal, false)) AS abertos
FROM pacotes p LEFT JOIN catalogo_status c ON c.status = p.status_atual
WHERE p.transportadora IS NOT NULL
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_coortes AS
SELECT
  dia_local(data_inicio) AS dia, status_atual AS status,
  floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint AS dias,
  count(*) AS total,
  count(*) FILTER (WHERE data_entrega <= fim_do_prazo(prazo_inicial, data_inicio, coalesce(prazo, (SELECT prazo_padrao())))) AS no_prazo
FROM pacotes LEFT JOIN conferencia.prazos_julgados USING (origem, destino)
GROUP BY 1, 2, 3;

-- Each event before an instant with the one before it, and the package's status after it and before it; events at one instant are ordered
-- as for the current state. A known event and the unknown ones after it are a group: a final one stays the status throughout it.
CREATE FUNCTION conferencia.passos(antes_de timestamptz)
RETURNS TABLE (data_evento timestamptz, status text, de text, duracao interval, contado boolean, atual text, deixado text)
LANGUAGE sql STABLE AS $$
  WITH grupos AS (
    SELECT e.*, c.terminal, count(c.status) OVER anterior AS grupo, row_number() OVER anterior AS n
    FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
    WHERE e.data_evento < antes_de
    WINDOW anterior AS (PARTITION BY e.id_pacote ORDER BY e.data_evento, coalesce(c.ordem, 0), e.status_rastreamento COLLATE "C")
  ),
  situacoes AS (
    SELECT g.*,
           CASE WHEN first_value(g.terminal) OVER w THEN first_value(g.status_rastreamento) OVER w ELSE g.status_rastreamento END AS atual
    FROM grupos g WINDOW w AS (PARTITION BY g.id_pacote, g.grupo ORDER BY g.n)
  )
  SELECT
    s.data_evento, s.status_rastreamento,
    lag(s.status_rastreamento) OVER anterior,
    s.data_evento - lag(s.data_evento) OVER anterior,
    s.contado, s.atual, lag(s.atual) OVER anterior
  FROM situacoes s
  WINDOW anterior AS (PARTITION BY s.id_pacote ORDER BY s.n)
$$;

-- What the events before an instant add to the three tables, without what is removed already.
CREATE FUNCTION conferencia.historico(antes_de timestamptz)
RETURNS TABLE (hora timestamptz, status text, eventos bigint, variacao bigint)
LANGUAGE sql STABLE AS $$
  SELECT date_trunc('hour', p.data_evento, 'UTC'), u.status, sum(u.eventos)::bigint, sum(u.variacao)::bigint
  FROM conferencia.passos(antes_de) p,
    LATERAL (VALUES (p.status, 1, 0), (p.atual, 0, 1), (p.deixado, 0, -1)) AS u (status, eventos, variacao)
  WHERE p.contado AND u.status IS NOT NULL
  GROUP BY 1, 2 HAVING sum(u.eventos) <> 0 OR sum(u.variacao) <> 0
$$;

CREATE FUNCTION conferencia.permanencia(antes_de timestamptz)
RETURNS TABLE (dia date, status text, balde smallint, passagens bigint, segundos numeric)
LANGUAGE sql STABLE AS $$
  SELECT (p.data_evento AT TIME ZONE 'UTC')::date, p.de, balde(p.duracao), count(*), sum(extract(epoch FROM p.duracao))
  FROM conferencia.passos(antes_de) p
  WHERE p.contado AND p.de IS NOT NULL
  GROUP BY 1, 2, 3
$$;

CREATE FUNCTION conferencia.atraso(antes_de timestamptz)
RETURNS TABLE (hora timestamptz, balde smallint, eventos bigint, segundos numeric)
LANGUAGE sql STABLE AS $$
  SELECT date_trunc('hour', e.recebido_em, 'UTC'), balde(e.recebido_em - e.data_evento), count(*),
         sum(extract(epoch FROM e.recebido_em - e.data_evento))
  FROM eventos_rastreamento e
  WHERE e.data_evento < antes_de
  GROUP BY 1, 2
$$;

CREATE VIEW conferencia.resumo_historico AS
SELECT hora, status, sum(eventos)::bigint AS eventos, sum(variacao)::bigint AS variacao
FROM (SELECT * FROM conferencia.historico('infinity') UNION ALL SELECT * FROM removidos_historico) AS h
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_permanencia AS
SELECT coalesce(dia, '-infinity') AS dia, status, balde, sum(passagens)::bigint AS passagens, sum(segundos) AS segundos
FROM (SELECT * FROM conferencia.permanencia('infinity') UNION ALL SELECT * FROM removidos_permanencia) AS p
GROUP BY GROUPING SETS ((dia, status, balde), (status, balde));

CREATE VIEW conferencia.resumo_atraso AS
SELECT hora, balde, sum(eventos)::bigint AS eventos, sum(segundos) AS segundos
FROM (SELECT * FROM conferencia.atraso('infinity') UNION ALL SELECT * FROM removidos_atraso) AS a
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_atraso_dia AS
SELECT (hora AT TIME ZONE 'UTC')::date AS dia, balde, sum(eventos)::bigint AS eventos FROM conferencia.resumo_atraso GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_ingestao AS
SELECT inicio_da_hora(minuto) AS hora, topico, sum(consumidos)::bigint AS consumidos, sum(inseridos)::bigint AS inseridos,
       sum(duplicados)::bigint AS duplicados, sum(rejeitados)::bigint AS rejeitados
FROM ingestao GROUP BY 1, 2;
