-- Up Migration

-- The plain definition of every derived table: what it must hold, without slices. db:verify compares with it, db:rebuild adds the
-- differences, and the tests check both against random histories. pacotes is defined by the events; the tables that triggers on
-- pacotes keep are defined by pacotes as it is, so that a wrong row is found once, where it is, and so that a correction of these
-- tables stays right when the row is repaired afterwards.
CREATE SCHEMA conferencia;
COMMENT ON SCHEMA conferencia IS 'Plain definitions of the derived tables, for npm run db:verify and db:rebuild. They scan all events and packages.';

CREATE VIEW conferencia.pacotes AS
SELECT
  id_pacote,
  (array_agg(status_rastreamento ORDER BY data_evento DESC, coalesce(ordem, 0) DESC, status_rastreamento COLLATE "C" DESC))[1] AS status_atual,
  max(data_evento) AS data_status,
  (array_agg(coalesce(ordem, 0) ORDER BY data_evento DESC, coalesce(ordem, 0) DESC, status_rastreamento COLLATE "C" DESC))[1] AS ordem_status,
  min(data_evento) AS data_inicio,
  max(data_evento) FILTER (WHERE status_rastreamento = 'ENTREGUE') AS data_entrega,
  min(data_evento) FILTER (WHERE status_rastreamento = 'TENTATIVA DE ENTREGA') AS data_tentativa
FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
GROUP BY id_pacote;

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
  e.data_entrega - e.data_inicio <= coalesce(z.prazo, prazo_padrao()) AS no_prazo,
  e.data_tentativa IS NULL OR e.data_tentativa > e.data_entrega AS na_primeira
FROM pacotes e LEFT JOIN prazos z USING (origem, destino)
WHERE e.data_entrega IS NOT NULL;

CREATE VIEW conferencia.resumo_entregas AS
SELECT
  coalesce(hora, '-infinity') AS hora, balde,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira
FROM (SELECT date_trunc('hour', data_entrega, 'UTC') AS hora, balde(duracao) AS balde, * FROM conferencia.entregas) AS e
GROUP BY GROUPING SETS ((hora, balde), (balde));

CREATE VIEW conferencia.resumo_entregas_rota AS
SELECT
  coalesce(dia, '-infinity') AS dia, origem, destino, balde,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira
FROM (SELECT (data_entrega AT TIME ZONE 'UTC')::date AS dia, balde(duracao) AS balde, * FROM conferencia.entregas) AS e
GROUP BY GROUPING SETS ((dia, origem, destino, balde), (origem, destino, balde));

CREATE VIEW conferencia.resumo_coortes AS
SELECT
  dia_local(data_inicio) AS dia, status_atual AS status,
  floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint AS dias,
  count(*) AS total
FROM pacotes
GROUP BY 1, 2, 3;

-- Each event with the one before it; events at one instant are ordered as for the current state.
CREATE VIEW conferencia.passos AS
SELECT
  data_evento, status_rastreamento AS status,
  lag(status_rastreamento) OVER anterior AS de,
  data_evento - lag(data_evento) OVER anterior AS duracao
FROM eventos_rastreamento e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
WINDOW anterior AS (PARTITION BY id_pacote ORDER BY data_evento, coalesce(ordem, 0), status_rastreamento COLLATE "C");

CREATE VIEW conferencia.resumo_historico AS
SELECT date_trunc('hour', data_evento, 'UTC') AS hora, u.status, sum(u.eventos)::bigint AS eventos, sum(u.variacao)::bigint AS variacao
FROM conferencia.passos p, LATERAL (VALUES (p.status, 1, 1), (p.de, 0, -1)) AS u (status, eventos, variacao)
WHERE u.status IS NOT NULL
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_permanencia AS
SELECT coalesce(dia, '-infinity') AS dia, status, balde, count(*) AS passagens, sum(extract(epoch FROM duracao)) AS segundos
FROM (
  SELECT (data_evento AT TIME ZONE 'UTC')::date AS dia, de AS status, balde(duracao) AS balde, duracao
  FROM conferencia.passos WHERE de IS NOT NULL
) AS p
GROUP BY GROUPING SETS ((dia, status, balde), (status, balde));

CREATE VIEW conferencia.resumo_atraso AS
SELECT
  date_trunc('hour', recebido_em, 'UTC') AS hora, balde(recebido_em - data_evento) AS balde,
  count(*) AS eventos, sum(extract(epoch FROM recebido_em - data_evento)) AS segundos
FROM eventos_rastreamento
GROUP BY 1, 2;

-- What is there already, once, in slice 16, which only db:rebuild writes besides.
UPDATE pacotes p SET data_tentativa = t.data_tentativa
FROM (
  SELECT id_pacote, min(data_evento) AS data_tentativa FROM eventos_rastreamento
  WHERE status_rastreamento = 'TENTATIVA DE ENTREGA' GROUP BY 1
) AS t
WHERE t.id_pacote = p.id_pacote;
DELETE FROM resumo_status;
INSERT INTO resumo_status (status, fatia, total, inicio_segundos) SELECT status, 16, total, inicio_segundos FROM conferencia.resumo_status;
INSERT INTO resumo_entregas (hora, balde, fatia, entregas, segundos, no_prazo, na_primeira)
SELECT hora, balde, 16, entregas, segundos, no_prazo, na_primeira FROM conferencia.resumo_entregas;
INSERT INTO resumo_entregas_rota (dia, origem, destino, balde, fatia, entregas, segundos, no_prazo, na_primeira)
SELECT dia, origem, destino, balde, 16, entregas, segundos, no_prazo, na_primeira FROM conferencia.resumo_entregas_rota;
INSERT INTO resumo_coortes (dia, status, dias, fatia, total) SELECT dia, status, dias, 16, total FROM conferencia.resumo_coortes;
INSERT INTO resumo_historico (hora, status, fatia, eventos, variacao) SELECT hora, status, 16, eventos, variacao FROM conferencia.resumo_historico;
INSERT INTO resumo_permanencia (dia, status, balde, fatia, passagens, segundos)
SELECT dia, status, balde, 16, passagens, segundos FROM conferencia.resumo_permanencia;
INSERT INTO resumo_atraso (hora, balde, fatia, eventos, segundos) SELECT hora, balde, 16, eventos, segundos FROM conferencia.resumo_atraso;

CREATE TRIGGER resume_insercao AFTER INSERT ON pacotes
  REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_insercao();
CREATE TRIGGER resume_atualizacao AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_atualizacao();
CREATE TRIGGER resume_exclusao AFTER DELETE ON pacotes
  REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION resume_exclusao();
CREATE TRIGGER esvazia AFTER TRUNCATE ON pacotes FOR EACH STATEMENT EXECUTE FUNCTION esvazia_resumos();
