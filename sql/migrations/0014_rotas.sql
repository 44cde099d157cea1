-- Up Migration

-- The deliveries by lane and bucket are by far the most rows that a batch touches and that a panel adds up. So lanes are numbers there,
-- a bucket's row has its count alone, and the sums of a lane's day, which need no buckets, are rows of a table of their own:
-- resumo_entregas_rota without its buckets, and resumo_baldes_rota. docs/performance.md says what that gave.

-- No batch comes between the filling of the new tables and the new triggers.
SELECT pg_advisory_xact_lock(762002);

CREATE TABLE rotas (
  id_rota integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origem  text NOT NULL,
  destino text NOT NULL,
  UNIQUE (origem, destino)
);
COMMENT ON TABLE rotas IS 'Lanes with a delivery, and the number that stands for each in the summaries. Rows are only ever added.';

ALTER TABLE resumo_entregas_rota RENAME TO resumo_entregas_rota_0008;
ALTER INDEX resumo_entregas_rota_pkey RENAME TO resumo_entregas_rota_0008_pkey;

CREATE TABLE resumo_entregas_rota (
  dia         date     NOT NULL,
  id_rota     integer  NOT NULL,
  fatia       smallint NOT NULL,
  entregas    bigint   NOT NULL,
  segundos    numeric  NOT NULL,
  no_prazo    bigint   NOT NULL,
  na_primeira bigint   NOT NULL,
  PRIMARY KEY (dia, id_rota, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas_rota IS 'Deliveries by lane and local day of delivery. Slices to be summed.';

-- Columns in an order without padding: this is the table with the most rows of all summaries.
CREATE TABLE resumo_baldes_rota (
  dia      date     NOT NULL,
  id_rota  integer  NOT NULL,
  balde    smallint NOT NULL,
  fatia    smallint NOT NULL,
  entregas integer  NOT NULL,
  PRIMARY KEY (dia, id_rota, balde, fatia)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_baldes_rota IS 'Deliveries by lane, local day of delivery and bucket of delivery time. Slices to be summed.';

INSERT INTO rotas (origem, destino) SELECT DISTINCT origem, destino FROM resumo_entregas_rota_0008 ORDER BY 1, 2;
INSERT INTO resumo_entregas_rota (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira)
SELECT dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira
FROM resumo_entregas_rota_0008 JOIN rotas USING (origem, destino) WHERE balde = -1;
INSERT INTO resumo_baldes_rota (dia, id_rota, balde, fatia, entregas)
SELECT dia, id_rota, balde, fatia, entregas
FROM resumo_entregas_rota_0008 JOIN rotas USING (origem, destino) WHERE balde >= 0 AND entregas <> 0;

-- The functions of 0008 anew: only what they do with lanes is other than there.
DO $bloco$
DECLARE
  tipo   text;
  linhas text;
  colunas CONSTANT text := 'origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa';
BEGIN
  FOR tipo, linhas IN VALUES
    ('insercao',    format('SELECT 1 AS sinal, %s FROM depois', colunas)),
    ('atualizacao', format('SELECT 1 AS sinal, %1$s FROM depois UNION ALL SELECT -1, %1$s FROM antes', colunas)),
    ('exclusao',    format('SELECT -1 AS sinal, %s FROM antes', colunas))
  LOOP
    EXECUTE format($modelo$
CREATE OR REPLACE FUNCTION resume_%1$s() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
DECLARE
  f      smallint;
  padrao interval;
BEGIN
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();

  -- A statement before the next, which so sees the lanes that another batch adds at the same time. In order: two batches with
  -- the same new lanes wait for each other and do not deadlock. The anti-join keeps ON CONFLICT from using up numbers.
  INSERT INTO rotas (origem, destino)
  SELECT DISTINCT origem, destino FROM (%2$s) AS l
  WHERE data_entrega IS NOT NULL AND NOT EXISTS (SELECT FROM rotas r WHERE (r.origem, r.destino) = (l.origem, l.destino))
  ORDER BY origem, destino
  ON CONFLICT DO NOTHING;

  WITH linhas AS MATERIALIZED (%2$s),
  entregas AS MATERIALIZED (
    SELECT dia_local(data_entrega) AS dia, id_rota, balde(data_entrega - data_inicio) AS balde,
           sum(sinal) AS entregas,
           sum(sinal * extract(epoch FROM data_entrega - data_inicio)) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE data_entrega - data_inicio <= coalesce(prazo, padrao)), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE data_tentativa IS NULL OR data_tentativa > data_entrega), 0) AS na_primeira
    FROM linhas JOIN rotas USING (origem, destino) LEFT JOIN prazos USING (origem, destino)
    WHERE data_entrega IS NOT NULL
    GROUP BY 1, 2, 3
  ),
  por_status AS (
    INSERT INTO resumo_status AS r (status, fatia, total, inicio_segundos)
    SELECT status_atual, f, sum(sinal), coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0)
    FROM linhas GROUP BY status_atual
    HAVING sum(sinal) <> 0 OR coalesce(sum(sinal * extract(epoch FROM data_inicio)) FILTER (WHERE aberto), 0) <> 0
    ON CONFLICT (status, fatia) DO UPDATE
      SET total = r.total + excluded.total, inicio_segundos = r.inicio_segundos + excluded.inicio_segundos
  ),
  por_coorte AS (
    INSERT INTO resumo_coortes AS r (dia, status, dias, fatia, total)
    SELECT dia_local(data_inicio), status_atual, floor(extract(epoch FROM data_entrega - data_inicio) / 86400)::smallint, f, sum(sinal)
    FROM linhas GROUP BY 1, 2, 3 HAVING sum(sinal) <> 0
    ON CONFLICT (dia, status, dias, fatia) DO UPDATE SET total = r.total + excluded.total
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira)
    SELECT coalesce(dia, '-infinity'), balde, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira)
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde))
    HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
          no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira
  ),
  por_balde AS (
    INSERT INTO resumo_baldes_rota AS r (dia, id_rota, balde, fatia, entregas)
    SELECT dia, id_rota, balde, f, entregas FROM entregas WHERE entregas <> 0
    ON CONFLICT (dia, id_rota, balde, fatia) DO UPDATE SET entregas = r.entregas + excluded.entregas
  )
  INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira)
  SELECT dia, id_rota, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira)
  FROM entregas GROUP BY dia, id_rota
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
  ON CONFLICT (dia, id_rota, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira;
  RETURN NULL;
END
$corpo$$modelo$, tipo, linhas);
  END LOOP;
END
$bloco$;

CREATE OR REPLACE FUNCTION esvazia_resumos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM resumo_status;
  DELETE FROM resumo_entregas;
  DELETE FROM resumo_entregas_rota;
  DELETE FROM resumo_baldes_rota;
  DELETE FROM resumo_coortes;
  DELETE FROM resumo_historico;
  DELETE FROM resumo_permanencia;
  DELETE FROM resumo_atraso;
  DELETE FROM eventos_anteriores;
  DELETE FROM removidos_historico;
  DELETE FROM removidos_permanencia;
  DELETE FROM removidos_atraso;
  UPDATE retencao SET horizonte = '-infinity', removidos_ate = '-infinity';
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION julga_prazos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f smallint;
BEGIN
  -- Any other level would go on with the snapshot from before the wait, without the batches that were waited for.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'prazos is edited in a transaction of isolation level READ COMMITTED; this one is %', upper(current_setting('transaction_isolation'))
      USING ERRCODE = '25001';
  END IF;
  PERFORM pg_advisory_xact_lock(762003);
  f := fatia_livre();

  WITH entregas AS MATERIALIZED (
    SELECT dia_local(data_entrega) AS dia, id_rota, balde(data_entrega - data_inicio) AS balde,
           coalesce(sum(1) FILTER (WHERE data_entrega - data_inicio <= coalesce(agora.prazo, padrao_agora.prazo)), 0)
             - coalesce(sum(1) FILTER (WHERE data_entrega - data_inicio <= coalesce(antes.prazo, padrao_antes.prazo)), 0) AS no_prazo
    FROM pacotes p
    JOIN rotas USING (origem, destino)
    LEFT JOIN prazos agora USING (origem, destino)
    LEFT JOIN prazos padrao_agora ON (padrao_agora.origem, padrao_agora.destino) = ('*', '*')
    LEFT JOIN prazos_julgados antes ON (antes.origem, antes.destino) = (p.origem, p.destino)
    LEFT JOIN prazos_julgados padrao_antes ON (padrao_antes.origem, padrao_antes.destino) = ('*', '*')
    WHERE data_entrega IS NOT NULL
      AND coalesce(agora.prazo, padrao_agora.prazo) IS DISTINCT FROM coalesce(antes.prazo, padrao_antes.prazo)
    GROUP BY 1, 2, 3
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira)
    SELECT coalesce(dia, '-infinity'), balde, f, 0, 0, sum(no_prazo), 0
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde)) HAVING sum(no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo
  )
  INSERT INTO resumo_entregas_rota AS r (dia, id_rota, fatia, entregas, segundos, no_prazo, na_primeira)
  SELECT dia, id_rota, f, 0, 0, sum(no_prazo), 0
  FROM entregas GROUP BY dia, id_rota HAVING sum(no_prazo) <> 0
  ON CONFLICT (dia, id_rota, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo;

  DELETE FROM prazos_julgados;
  INSERT INTO prazos_julgados SELECT * FROM prazos;
  RETURN NULL;
END
$$;

-- Definitions. A lane that rotas lacks would be number 0, which no table has: db:verify shows it.
DROP VIEW conferencia.resumo_entregas_rota;
CREATE VIEW conferencia.resumo_entregas_rota AS
SELECT
  dia_local(data_entrega) AS dia, coalesce(id_rota, 0) AS id_rota,
  count(*) AS entregas, sum(extract(epoch FROM duracao)) AS segundos,
  count(*) FILTER (WHERE no_prazo) AS no_prazo, count(*) FILTER (WHERE na_primeira) AS na_primeira
FROM conferencia.entregas LEFT JOIN rotas USING (origem, destino)
GROUP BY 1, 2;

CREATE VIEW conferencia.resumo_baldes_rota AS
SELECT dia_local(data_entrega) AS dia, coalesce(id_rota, 0) AS id_rota, balde(duracao) AS balde, count(*)::integer AS entregas
FROM conferencia.entregas LEFT JOIN rotas USING (origem, destino)
GROUP BY 1, 2, 3;

-- Readers.
DROP FUNCTION baldes_por_rota(timestamptz, timestamptz);
CREATE OR REPLACE FUNCTION entregas_por_rota(de timestamptz, ate timestamptz)
RETURNS TABLE (origem text, destino text, rota text, entregas bigint, tempo_medio_segundos float8, p50_segundos float8, p90_segundos float8,
               p95_segundos float8, taxa_no_prazo float8, taxa_na_primeira float8)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  -- As in baldes_no_periodo: the two ends that are no whole days.
  WITH pontas AS MATERIALIZED (
    SELECT t.id_rota, balde(p.data_entrega - p.data_inicio) AS balde, extract(epoch FROM p.data_entrega - p.data_inicio) AS segundos,
           coalesce(p.data_entrega - p.data_inicio <= coalesce(z.prazo, (SELECT prazo_padrao())), false)::int AS no_prazo,
           (p.data_tentativa IS NULL OR p.data_tentativa > p.data_entrega)::int AS na_primeira
    FROM (
      SELECT * FROM pacotes WHERE data_entrega >= de AND data_entrega <= ate AND data_entrega < inicio_do_dia(proximo_dia(de))
      UNION ALL
      SELECT * FROM pacotes WHERE data_entrega >= inicio_do_dia(greatest(proximo_dia(de), dia_local(ate))) AND data_entrega <= ate
    ) AS p JOIN rotas t USING (origem, destino) LEFT JOIN prazos z USING (origem, destino)
  ),
  somas AS (
    SELECT s.id_rota, sum(s.entregas)::bigint AS entregas, sum(s.segundos) AS segundos, sum(s.no_prazo) AS no_prazo,
           sum(s.na_primeira) AS na_primeira
    FROM (
      SELECT r.id_rota, r.entregas, r.segundos, r.no_prazo, r.na_primeira
      FROM resumo_entregas_rota r WHERE r.dia >= proximo_dia(de) AND r.dia < dia_local(ate)
      UNION ALL
      SELECT e.id_rota, 1, e.segundos, e.no_prazo, e.na_primeira FROM pontas e
    ) AS s GROUP BY s.id_rota
  ),
  histogramas AS (
    SELECT b.id_rota, array_agg(b.balde ORDER BY b.balde) AS baldes, array_agg(b.entregas ORDER BY b.balde) AS totais
    FROM (
      SELECT x.id_rota, x.balde, sum(x.entregas)::bigint AS entregas
      FROM (
        SELECT r.id_rota, r.balde, sum(r.entregas) AS entregas
        FROM resumo_baldes_rota r WHERE r.dia >= proximo_dia(de) AND r.dia < dia_local(ate) GROUP BY r.id_rota, r.balde
        UNION ALL
        SELECT e.id_rota, e.balde, 1 FROM pontas e
      ) AS x GROUP BY x.id_rota, x.balde
    ) AS b GROUP BY b.id_rota
  )
  SELECT
    t.origem, t.destino, t.origem || ' → ' || t.destino,
    s.entregas,
    (s.segundos / s.entregas)::float8,
    percentil(0.5, h.baldes, h.totais),
    percentil(0.9, h.baldes, h.totais),
    percentil(0.95, h.baldes, h.totais),
    (s.no_prazo / s.entregas)::float8,
    (s.na_primeira / s.entregas)::float8
  FROM somas s JOIN histogramas h USING (id_rota) JOIN rotas t USING (id_rota)
  WHERE s.entregas > 0
$$;

CREATE OR REPLACE VIEW rotas_desde_ontem AS
SELECT
  t.origem, t.destino, t.origem || ' → ' || t.destino AS rota,
  s.entregas,
  (s.segundos / s.entregas)::float8 AS tempo_medio_segundos,
  (s.no_prazo / s.entregas)::float8 AS taxa_no_prazo,
  (s.na_primeira / s.entregas)::float8 AS taxa_na_primeira
FROM (
  SELECT id_rota, sum(entregas)::bigint AS entregas, sum(segundos) AS segundos, sum(no_prazo) AS no_prazo, sum(na_primeira) AS na_primeira
  FROM resumo_entregas_rota WHERE dia >= dia_local(now()) - 1 GROUP BY id_rota
) AS s JOIN rotas t USING (id_rota)
WHERE s.entregas > 0;

CREATE OR REPLACE VIEW limites_das_rotas AS
SELECT
  t.origem, t.destino, h.entregas,
  percentil(0.5, h.baldes, h.totais) AS p50_segundos,
  percentil(0.95, h.baldes, h.totais) AS p95_segundos,
  extract(epoch FROM coalesce(z.prazo, (SELECT prazo_padrao())))::float8 AS prazo_segundos
FROM (
  SELECT b.id_rota, sum(b.entregas)::bigint AS entregas, array_agg(b.balde ORDER BY b.balde) AS baldes,
         array_agg(b.entregas ORDER BY b.balde) AS totais
  FROM (
    SELECT id_rota, balde, sum(entregas) AS entregas
    FROM resumo_baldes_rota WHERE dia > dia_local(now()) - 30 GROUP BY id_rota, balde
  ) AS b GROUP BY b.id_rota
) AS h JOIN rotas t USING (id_rota) LEFT JOIN prazos z USING (origem, destino)
WHERE h.entregas > 0;

CREATE OR REPLACE FUNCTION resumo_do_pacote(pacote bigint)
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
      SELECT x.balde, sum(x.entregas) AS entregas
      FROM rotas t
      CROSS JOIN generate_series(0, 29) AS d (dias)
      JOIN resumo_baldes_rota x ON x.dia = dia_local(now()) - d.dias AND x.id_rota = t.id_rota
      WHERE (t.origem, t.destino) = (p.origem, p.destino)
      GROUP BY x.balde
    ) AS b
  ) AS r
  WHERE p.id_pacote = pacote
$$;

DROP TABLE resumo_entregas_rota_0008;
GRANT SELECT ON rotas, resumo_entregas_rota, resumo_baldes_rota TO grafana_reader;
