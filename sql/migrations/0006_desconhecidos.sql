-- A status that the catalogue lacks no longer reopens a package whose status is a final one (docs/decisions/0020): what a package's status
-- is follows from its latest event and its latest known one, so pacotes holds both where they are two.

-- An event as far as it may be a package's current status. Compared in this order, the text by code points.
CREATE TYPE marco AS (data timestamptz, ordem smallint, status text COLLATE "C");
CREATE TYPE situacao AS (atual marco, outro marco);

ALTER TABLE pacotes
  ADD COLUMN outra_data timestamptz,
  ADD COLUMN outra_ordem smallint,
  ADD COLUMN outro_status text;
COMMENT ON COLUMN pacotes.status_atual IS
  'Of the known event with the greatest (data_evento, ordem, status) where that is a final one, else of the greatest of all.';
COMMENT ON COLUMN pacotes.outra_data IS
  'Null but where the latest event is unknown and there is a known one. Later than data_status: the latest event, which leaves the final status as it is. Earlier: the latest known one.';

-- The last removed event of a package, and the last known one.
ALTER TABLE eventos_anteriores
  DROP CONSTRAINT eventos_anteriores_pkey,
  ADD PRIMARY KEY (id_pacote, data_evento, status_rastreamento);
COMMENT ON TABLE eventos_anteriores IS
  'The last removed event, and the last known one, of packages that have later ones (where pacotes still holds them, there may be no row). Rows count where they are before retencao.removidos_ate.';

-- What was stored is corrected, where there are unknown statuses: of their packages the history and the current state. What was removed by
-- db:retain stays as it was counted. The triggers, which are those of whatever version was here, are not asked: the two summaries that
-- depend on a package's status are corrected by hand.
DO $$
DECLARE
  texto text[];
  de    timestamptz;
  ate   timestamptz;
BEGIN
  SELECT array_agg(DISTINCT h.status), min(h.hora), max(h.hora) + interval '1 hour' INTO texto, de, ate
  FROM resumo_historico h
  WHERE h.eventos > 0 AND NOT EXISTS (SELECT FROM catalogo_status c WHERE c.status = h.status);
  IF texto IS NULL THEN RETURN; END IF;

  CREATE TEMPORARY TABLE afetados ON COMMIT DROP AS
  SELECT DISTINCT e.id_pacote FROM eventos_rastreamento e
  WHERE e.data_evento >= de AND e.data_evento < ate AND e.status_rastreamento = ANY (texto);
  ANALYZE pg_temp.afetados;

  CREATE TEMPORARY TABLE passos ON COMMIT DROP AS
  WITH cadeia AS (
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento AS status, true AS contado
    FROM pg_temp.afetados a JOIN eventos_rastreamento e USING (id_pacote)
    UNION ALL
    SELECT e.id_pacote, e.data_evento, e.status_rastreamento, false
    FROM pg_temp.afetados a JOIN eventos_anteriores e USING (id_pacote)
    WHERE e.data_evento < (SELECT removidos_ate FROM retencao)
  ),
  grupos AS (
    SELECT x.*, c.status IS NOT NULL AS conhecido, c.terminal, coalesce(c.ordem, 0)::smallint AS ordem,
           row_number() OVER w AS n, count(c.status) OVER w AS grupo
    FROM cadeia x LEFT JOIN catalogo_status c USING (status)
    WINDOW w AS (PARTITION BY x.id_pacote ORDER BY x.data_evento, coalesce(c.ordem, 0), x.status COLLATE "C")
  ),
  situacoes AS (
    SELECT g.*, CASE WHEN first_value(g.terminal) OVER w THEN first_value(g.status) OVER w ELSE g.status END AS atual
    FROM grupos g WINDOW w AS (PARTITION BY g.id_pacote, g.grupo ORDER BY g.n)
  )
  SELECT s.*, lag(s.status) OVER w AS de, lag(s.atual) OVER w AS deixado, lead(s.n) OVER w IS NULL AS ultimo
  FROM situacoes s WINDOW w AS (PARTITION BY s.id_pacote ORDER BY s.n);
  ANALYZE pg_temp.passos;

  INSERT INTO resumo_historico AS r (hora, status, fatia, eventos, variacao)
  SELECT date_trunc('hour', p.data_evento, 'UTC'), u.status, 0, 0, sum(u.variacao)
  FROM pg_temp.passos p, LATERAL (VALUES (p.atual, 1), (p.deixado, -1), (p.status, -1), (p.de, 1)) AS u (status, variacao)
  WHERE p.contado AND u.status IS NOT NULL
  GROUP BY 1, 2 HAVING sum(u.variacao) <> 0
  ON CONFLICT (hora, status, fatia) DO UPDATE SET variacao = r.variacao + excluded.variacao;

  CREATE TEMPORARY TABLE mudados ON COMMIT DROP AS
  SELECT p.id_pacote, p.data_inicio, p.data_entrega, p.status_atual AS antes, c.terminal, c.status, c.data_evento, c.ordem,
         coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT d.prazo FROM prazos d WHERE (d.origem, d.destino) = ('*', '*'))), false)::int AS no_prazo
  FROM pg_temp.passos u
  JOIN pacotes p ON p.id_pacote = u.id_pacote AND u.ultimo AND NOT u.conhecido
  JOIN (
    SELECT DISTINCT ON (k.id_pacote) k.* FROM pg_temp.passos k WHERE k.conhecido ORDER BY k.id_pacote, k.n DESC
  ) AS c ON c.id_pacote = p.id_pacote
  LEFT JOIN prazos z USING (origem, destino);

  INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
  SELECT u.status, 0, sum(u.sinal), coalesce(sum(u.sinal * extract(epoch FROM m.data_inicio)) FILTER (WHERE u.sinal < 0), 0)
  FROM pg_temp.mudados m, LATERAL (VALUES (m.antes, -1), (m.status, 1)) AS u (status, sinal)
  WHERE m.terminal GROUP BY 1
  ON CONFLICT (status, fatia) DO UPDATE SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos;

  INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total, no_prazo)
  SELECT dia_local(m.data_inicio), u.status, floor(extract(epoch FROM m.data_entrega - m.data_inicio) / 86400)::smallint, 0,
         sum(u.sinal), sum(u.sinal * m.no_prazo)
  FROM pg_temp.mudados m, LATERAL (VALUES (m.antes, -1), (m.status, 1)) AS u (status, sinal)
  WHERE m.terminal GROUP BY 1, 2, 3
  ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total, no_prazo = r.no_prazo + excluded.no_prazo;

  ALTER TABLE pacotes DISABLE TRIGGER USER;
  UPDATE pacotes p SET
    status_atual = CASE WHEN m.terminal THEN m.status ELSE p.status_atual END,
    data_status  = CASE WHEN m.terminal THEN m.data_evento ELSE p.data_status END,
    ordem_status = CASE WHEN m.terminal THEN m.ordem ELSE p.ordem_status END,
    outro_status = CASE WHEN m.terminal THEN p.status_atual ELSE m.status END,
    outra_data   = CASE WHEN m.terminal THEN p.data_status ELSE m.data_evento END,
    outra_ordem  = CASE WHEN m.terminal THEN p.ordem_status ELSE m.ordem END
  FROM pg_temp.mudados m WHERE m.id_pacote = p.id_pacote;
  ALTER TABLE pacotes ENABLE TRIGGER USER;
END
$$;

-- An older writer would let any note reopen a package, and count what it changes by that.
SELECT exige_escritor(4);
