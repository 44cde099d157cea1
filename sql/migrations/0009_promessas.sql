-- A package's own promise counts before its lane's, and deliveries on time are kept in three definitions (docs/kpis.md).

ALTER TABLE resumo_entregas
  ADD COLUMN no_prazo_final     bigint NOT NULL DEFAULT 0,
  ADD COLUMN tentativa_no_prazo bigint NOT NULL DEFAULT 0;
ALTER TABLE resumo_entregas_rota
  ADD COLUMN no_prazo_final     bigint NOT NULL DEFAULT 0,
  ADD COLUMN tentativa_no_prazo bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN resumo_entregas.no_prazo IS 'Delivered within the first promise.';
COMMENT ON COLUMN resumo_entregas.no_prazo_final IS 'Delivered within the latest promise.';
COMMENT ON COLUMN resumo_entregas.tentativa_no_prazo IS 'First attempted, or delivered without an attempt, within the first promise.';

-- For packages at risk: of those with a promise of their own the age alone leaves none out. All others are not in it.
CREATE INDEX pacotes_abertos_com_prazo ON pacotes (data_inicio) WHERE aberto AND prazo_inicial IS NOT NULL;

-- What two limits are for now.
UPDATE limites l SET descricao = d.descricao FROM (VALUES
  ('risco_fracao_prazo', 'Um pacote em aberto está em risco quando passou desta parte do tempo entre o primeiro evento e o seu prazo, ou do p95 da rota'),
  ('risco_minimo_entregas', 'Entregas dos últimos 30 dias de que uma rota precisa para que os seus percentis contem e o risco dos seus pacotes seja estimado')
) AS d (nome, descricao) WHERE d.nome = l.nome;

-- Of what is there already. No version before this one took promises of single parcels, so all are judged by the lane's. The sums go to one
-- slice: readers take all slices together.
DO $$
BEGIN
  -- Not in a new database, which has no functions yet either.
  IF NOT EXISTS (SELECT FROM pacotes WHERE data_entrega IS NOT NULL) THEN RETURN; END IF;

  CREATE TEMPORARY TABLE julgadas ON COMMIT DROP AS
  SELECT dia_local(p.data_entrega) AS dia, t.id_rota, balde(p.data_entrega - p.data_inicio) AS balde,
         count(*) FILTER (WHERE p.data_entrega - p.data_inicio <= coalesce(z.prazo, d.prazo)) AS no_prazo_final,
         count(*) FILTER (WHERE least(p.data_tentativa, p.data_entrega) - p.data_inicio <= coalesce(z.prazo, d.prazo)) AS tentativa_no_prazo
  FROM pacotes p JOIN rotas t USING (origem, destino)
  LEFT JOIN prazos_julgados z USING (origem, destino)
  LEFT JOIN prazos_julgados d ON (d.origem, d.destino) = ('*', '*')
  WHERE p.data_entrega IS NOT NULL
  GROUP BY 1, 2, 3;

  INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT coalesce(dia, '-infinity'), balde, 0, 0, 0, 0, 0, sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM pg_temp.julgadas GROUP BY GROUPING SETS ((dia, balde), (balde)) HAVING sum(tentativa_no_prazo) > 0
  ON CONFLICT (dia, balde, fatia) DO UPDATE
    SET no_prazo_final = excluded.no_prazo_final, tentativa_no_prazo = excluded.tentativa_no_prazo;

  INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira, no_prazo_final, tentativa_no_prazo)
  SELECT dia, id_rota, 0, 0, 0, 0, 0, sum(no_prazo_final), sum(tentativa_no_prazo)
  FROM pg_temp.julgadas GROUP BY 1, 2 HAVING sum(tentativa_no_prazo) > 0
  ON CONFLICT (dia, id_rota, fatia) DO UPDATE
    SET no_prazo_final = excluded.no_prazo_final, tentativa_no_prazo = excluded.tentativa_no_prazo;
END
$$;

-- From now on the triggers say them.
ALTER TABLE resumo_entregas ALTER COLUMN no_prazo_final DROP DEFAULT, ALTER COLUMN tentativa_no_prazo DROP DEFAULT;
ALTER TABLE resumo_entregas_rota ALTER COLUMN no_prazo_final DROP DEFAULT, ALTER COLUMN tentativa_no_prazo DROP DEFAULT;
