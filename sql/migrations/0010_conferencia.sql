-- Up Migration

-- Old events can be removed (npm run db:retain) while the figures made of them stay: docs/decisions/0010. What they added to the
-- tables that the writer keeps is kept here, so that these can still be checked and corrected.
CREATE TABLE retencao (
  unica         boolean     PRIMARY KEY DEFAULT true CHECK (unica),
  horizonte     timestamptz NOT NULL DEFAULT '-infinity',
  removidos_ate timestamptz NOT NULL DEFAULT '-infinity' CHECK (removidos_ate <= horizonte)
);
INSERT INTO retencao DEFAULT VALUES;
COMMENT ON TABLE retencao IS 'One row: what became of old events.';
COMMENT ON COLUMN retencao.horizonte IS 'Writers refuse events before it: whether they were counted once already cannot be told any more.';
COMMENT ON COLUMN retencao.removidos_ate IS 'Events before it are removed. Behind horizonte while db:retain is at work.';

CREATE TABLE eventos_anteriores (
  id_pacote           bigint      PRIMARY KEY,
  data_evento         timestamptz NOT NULL,
  status_rastreamento text        NOT NULL
);
COMMENT ON TABLE eventos_anteriores IS
  'The last removed event of packages that have later ones (where pacotes still holds it, there may be no row). Counts where it is before retencao.removidos_ate.';

CREATE TABLE removidos_historico (
  hora timestamptz NOT NULL, status text NOT NULL, eventos bigint NOT NULL, variacao bigint NOT NULL,
  PRIMARY KEY (hora, status)
);
CREATE TABLE removidos_permanencia (
  dia date NOT NULL, status text NOT NULL, balde smallint NOT NULL, passagens bigint NOT NULL, segundos numeric NOT NULL,
  PRIMARY KEY (dia, status, balde)
);
CREATE TABLE removidos_atraso (
  hora timestamptz NOT NULL, balde smallint NOT NULL, eventos bigint NOT NULL, segundos numeric NOT NULL,
  PRIMARY KEY (hora, balde)
);

GRANT SELECT ON retencao TO rastreio_writer, grafana_reader;
GRANT SELECT ON eventos_anteriores TO grafana_reader;

-- Of a package that was quiet since before the horizon, pacotes alone knows the last event: it is kept when a later one replaces it.
CREATE FUNCTION guarda_anteriores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  h timestamptz := (SELECT horizonte FROM retencao);
BEGIN
  -- A repair (db:rebuild) replaces what never was an event.
  IF h > '-infinity' AND current_setting('rastreio.conserta', true) IS DISTINCT FROM 'sim' THEN
    INSERT INTO eventos_anteriores (id_pacote, data_evento, status_rastreamento)
    SELECT a.id_pacote, a.data_status, a.status_atual
    FROM antes a JOIN depois d USING (id_pacote)
    WHERE a.data_status < h AND d.data_status > a.data_status
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

-- The plain definition of every derived table: what it must hold, without slices. db:verify compares with it, db:rebuild adds the
-- differences, and the tests check both against random histories. pacotes is defined by the events; the tables that triggers on
-- pacotes keep are defined by pacotes as it is, so that a wrong row is found once, where it is, and so that a correction of these
-- tables stays right when the row is repaired afterwards.
CREATE SCHEMA conferencia;
COMMENT ON SCHEMA conferencia IS 'Plain definitions of the derived tables, for npm run db:verify and db:rebuild. They scan all events and packages.';

-- All events that are known, with those that only stand before others.
CREATE VIEW conferencia.eventos AS
SELECT id_pacote, data_evento, status_rastreamento, true AS contado FROM eventos_rastreamento
UNION ALL
SELECT id_pacote, data_evento, status_rastreamento, false FROM eventos_anteriores
WHERE data_evento < (SELECT removidos_ate FROM retencao);

-- What lies before the removal of events is taken from pacotes as it is.
CREATE VIEW conferencia.pacotes AS
SELECT
  id_pacote,
  coalesce(e.status_atual, p.status_atual) AS status_atual,
  coalesce(e.data_status, p.data_status) AS data_status,
  coalesce(e.ordem_status, p.ordem_status) AS ordem_status,
  coalesce(p.data_inicio, e.data_inicio) AS data_inicio,
  greatest(e.data_entrega, p.data_entrega) AS data_entrega,
  least(e.data_tentativa, p.data_tentativa) AS data_tentativa
FROM (
  SELECT
    id_pacote,
    (array_agg(status_rastreamento ORDER BY data_evento DESC, coalesce(ordem, 0) DESC, status_rastreamento COLLATE "C" DESC))[1] AS status_atual,
    max(data_evento) AS data_status,
    (array_agg(coalesce(ordem, 0) ORDER BY data_evento DESC, coalesce(ordem, 0) DESC, status_rastreamento COLLATE "C" DESC))[1] AS ordem_status,
    min(data_evento) AS data_inicio,
    max(data_evento) FILTER (WHERE status_rastreamento = 'ENTREGUE') AS data_entrega,
    min(data_evento) FILTER (WHERE status_rastreamento = 'TENTATIVA DE ENTREGA') AS data_tentativa
  FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  GROUP BY id_pacote
) AS e
FULL JOIN (
  SELECT p.id_pacote, p.status_atual, p.ordem_status, p.data_inicio, p.data_status,
         CASE WHEN p.data_entrega < r.ate THEN p.data_entrega END AS data_entrega,
         CASE WHEN p.data_tentativa < r.ate THEN p.data_tentativa END AS data_tentativa,
         p.data_status < r.ate AS quieto
  FROM (SELECT removidos_ate AS ate FROM retencao) AS r JOIN pacotes p ON p.data_inicio < r.ate
) AS p USING (id_pacote)
WHERE e.id_pacote IS NOT NULL OR p.quieto;

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
  e.data_entrega - e.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())) AS no_prazo,
  e.data_tentativa IS NULL OR e.data_tentativa > e.data_entrega AS na_primeira
FROM pacotes e LEFT JOIN prazos z USING (origem, destino)
WHERE e.data_entrega IS NOT NULL;

CREATE VIEW conferencia.resumo_entregas AS
SELECT
  coalesce(dia, '-infinity') AS dia, balde,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira
FROM (SELECT dia_local(data_entrega) AS dia, balde(duracao) AS balde, * FROM conferencia.entregas) AS e
GROUP BY GROUPING SETS ((dia, balde), (balde));

CREATE VIEW conferencia.resumo_entregas_rota AS
SELECT
  dia, origem, destino, coalesce(balde, -1)::smallint AS balde,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira
FROM (SELECT dia_local(data_entrega) AS dia, balde(duracao) AS balde, * FROM conferencia.entregas) AS e
GROUP BY GROUPING SETS ((dia, origem, destino, balde), (dia, origem, destino));

CREATE VIEW conferencia.resumo_coortes AS
SELECT
  dia_local(data_inicio) AS dia, status_atual AS status,
  floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint AS dias,
  count(*) AS total
FROM pacotes
GROUP BY 1, 2, 3;

-- Each event before an instant with the one before it; events at one instant are ordered as for the current state.
CREATE FUNCTION conferencia.passos(antes_de timestamptz)
RETURNS TABLE (data_evento timestamptz, status text, de text, duracao interval, contado boolean)
LANGUAGE sql STABLE AS $$
  SELECT
    e.data_evento, e.status_rastreamento,
    lag(e.status_rastreamento) OVER anterior,
    e.data_evento - lag(e.data_evento) OVER anterior,
    e.contado
  FROM conferencia.eventos e LEFT JOIN catalogo_status c ON c.status = e.status_rastreamento
  WHERE e.data_evento < antes_de
  WINDOW anterior AS (PARTITION BY e.id_pacote ORDER BY e.data_evento, coalesce(c.ordem, 0), e.status_rastreamento COLLATE "C")
$$;

-- What the events before an instant add to the three tables, without what is removed already.
CREATE FUNCTION conferencia.historico(antes_de timestamptz)
RETURNS TABLE (hora timestamptz, status text, eventos bigint, variacao bigint)
LANGUAGE sql STABLE AS $$
  SELECT date_trunc('hour', p.data_evento, 'UTC'), u.status, sum(u.eventos)::bigint, sum(u.variacao)::bigint
  FROM conferencia.passos(antes_de) p, LATERAL (VALUES (p.status, 1, 1), (p.de, 0, -1)) AS u (status, eventos, variacao)
  WHERE p.contado AND u.status IS NOT NULL
  GROUP BY 1, 2
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

-- What is there already, once, in slice 16, which only db:rebuild writes besides.
UPDATE pacotes p SET data_tentativa = t.data_tentativa
FROM (
  SELECT id_pacote, min(data_evento) AS data_tentativa FROM eventos_rastreamento
  WHERE status_rastreamento = 'TENTATIVA DE ENTREGA' GROUP BY 1
) AS t
WHERE t.id_pacote = p.id_pacote;
DELETE FROM resumo_status;
INSERT INTO resumo_status (status, fatia, total, inicio_segundos) SELECT status, 16, total, inicio_segundos FROM conferencia.resumo_status;
INSERT INTO resumo_entregas (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira)
SELECT dia, balde, 16, entregas, segundos, no_prazo, na_primeira FROM conferencia.resumo_entregas;
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
CREATE TRIGGER guarda_anteriores AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION guarda_anteriores();
