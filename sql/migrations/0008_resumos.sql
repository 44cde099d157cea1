-- Up Migration

-- What the figures of docs/kpis.md need beyond 0002. Two kinds of tables, all of them sums that can be added to and taken from:
--   kept by triggers on pacotes (whoever writes it): resumo_status, resumo_entregas, resumo_entregas_rota, resumo_coortes;
--   kept by the writer in the batch's transaction, since they depend on each event and the one before it:
--   resumo_historico, resumo_permanencia, resumo_atraso.
-- "fatia" is as in 0002. npm run db:verify recomputes all of them from the events.

-- Older writers would leave the tables of consecutive events behind. First, so that no batch comes between this and the filling in 0010.
SELECT exige_escritor(2);

DROP VIEW indicadores_entrega;
DROP TRIGGER resume_insercao ON pacotes;
DROP TRIGGER resume_atualizacao ON pacotes;
DROP TRIGGER resume_exclusao ON pacotes;
DROP TRIGGER resume_truncamento ON pacotes;
DROP FUNCTION resume_pacotes();
DROP TABLE resumo_entregas;

ALTER TABLE pacotes
  ADD COLUMN data_tentativa timestamptz,
  -- By rank, since a generated column sees no other table: the catalogue's terminal statuses are those from 60 on (a test compares),
  -- and a status that the catalogue lacks (rank 0) counts as open. A column of its own, because an index whose predicate
  -- names ordem_status would forbid HOT updates at every change of status.
  ADD COLUMN aberto boolean NOT NULL GENERATED ALWAYS AS (ordem_status < 60) STORED;
COMMENT ON COLUMN pacotes.data_tentativa IS 'Instant of the earliest TENTATIVA DE ENTREGA.';
COMMENT ON COLUMN pacotes.aberto IS 'The current status is not a final one.';
CREATE INDEX pacotes_abertos ON pacotes (data_inicio) WHERE aberto;

-- The day of an instant where the operator works; the zone is a setting of the migration (--time-zone).
DO $$
DECLARE
  fuso CONSTANT text := coalesce(nullif(current_setting('rastreio.time_zone', true), ''), 'America/Sao_Paulo');
BEGIN
  PERFORM now() AT TIME ZONE fuso;
  EXECUTE format('CREATE FUNCTION fuso() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %L', fuso);
  EXECUTE format(
    'CREATE FUNCTION dia_local(instante timestamptz) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (instante AT TIME ZONE %L)::date',
    fuso);
  EXECUTE format(
    'CREATE FUNCTION inicio_do_dia(dia date) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN dia::timestamp AT TIME ZONE %L',
    fuso);
END
$$;

-- What was promised. '*' to '*' is the promise where no lane has one of its own; edit with INSERT and UPDATE, figures follow at once.
CREATE TABLE prazos (
  origem  text     NOT NULL,
  destino text     NOT NULL,
  prazo   interval NOT NULL,
  PRIMARY KEY (origem, destino),
  CONSTRAINT prazo_em_dias_e_horas CHECK (prazo > interval '0' AND extract(year FROM prazo) = 0 AND extract(month FROM prazo) = 0),
  CONSTRAINT rota_inteira CHECK ((origem = '*') = (destino = '*'))
);
COMMENT ON TABLE prazos IS 'Promised delivery time by lane, from the first event to the delivery; * to * is the default.';
INSERT INTO prazos VALUES ('*', '*', '10 days');

CREATE FUNCTION prazo_padrao() RETURNS interval
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT prazo FROM prazos WHERE origem = '*' AND destino = '*');
COMMENT ON FUNCTION prazo_padrao() IS 'The default promise. Over many rows write (SELECT prazo_padrao()), which is computed once, not for each.';

-- Sum of data_inicio over open packages, in seconds since 1970: their mean age at any moment.
ALTER TABLE resumo_status ADD COLUMN inicio_segundos numeric NOT NULL DEFAULT 0;

CREATE TABLE resumo_entregas (
  dia         date     NOT NULL,
  balde       smallint NOT NULL,
  fatia       smallint NOT NULL,
  entregas    bigint   NOT NULL,
  segundos    numeric  NOT NULL,
  no_prazo    bigint   NOT NULL,
  na_primeira bigint   NOT NULL,
  PRIMARY KEY (dia, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas IS
  'Deliveries by local day of delivery and bucket of delivery time; day -infinity holds all days together. Slices to be summed.';
COMMENT ON COLUMN resumo_entregas.na_primeira IS 'Delivered without a TENTATIVA DE ENTREGA before.';

CREATE TABLE resumo_entregas_rota (
  dia         date     NOT NULL,
  origem      text     NOT NULL,
  destino     text     NOT NULL,
  balde       smallint NOT NULL,
  fatia       smallint NOT NULL,
  entregas    bigint   NOT NULL,
  segundos    numeric  NOT NULL,
  no_prazo    bigint   NOT NULL,
  na_primeira bigint   NOT NULL,
  PRIMARY KEY (dia, origem, destino, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_entregas_rota IS
  'Deliveries by lane, local day of delivery and bucket of delivery time; bucket -1 holds all buckets together. Slices to be summed.';
-- For what needs no percentiles and is looked at every few seconds: a row per lane and day, however many deliveries.
CREATE INDEX resumo_entregas_rota_dias ON resumo_entregas_rota (dia) WHERE balde = -1;

CREATE TABLE resumo_coortes (
  dia    date     NOT NULL,
  status text     NOT NULL,
  dias   smallint,
  fatia  smallint NOT NULL,
  total  bigint   NOT NULL,
  UNIQUE NULLS NOT DISTINCT (dia, status, dias, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_coortes IS 'Packages by local day of their first event, current status and whole days until delivered (null: not delivered). Slices to be summed.';

CREATE TABLE resumo_historico (
  hora     timestamptz NOT NULL,
  status   text        NOT NULL,
  fatia    smallint    NOT NULL,
  eventos  bigint      NOT NULL,
  variacao bigint      NOT NULL,
  PRIMARY KEY (hora, status, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_historico IS
  'By hour and status: events with the status, and by how many the number of packages in it changed. Slices to be summed.';

CREATE TABLE resumo_permanencia (
  dia       date     NOT NULL,
  status    text     NOT NULL,
  balde     smallint NOT NULL,
  fatia     smallint NOT NULL,
  passagens bigint   NOT NULL,
  segundos  numeric  NOT NULL,
  PRIMARY KEY (dia, status, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_permanencia IS
  'How long packages stayed at an event until the next one: by status of the former, day of the latter (UTC) and bucket; day -infinity holds all days. Slices to be summed.';

CREATE TABLE resumo_atraso (
  hora     timestamptz NOT NULL,
  balde    smallint    NOT NULL,
  fatia    smallint    NOT NULL,
  eventos  bigint      NOT NULL,
  segundos numeric     NOT NULL,
  PRIMARY KEY (hora, balde, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE resumo_atraso IS
  'Ingest delay (recebido_em - data_evento) of accepted events by hour of receipt and bucket. Slices to be summed.';

-- One trigger function per kind of change, from one text: only the rows they look at differ.
-- SECURITY DEFINER: writers of pacotes need no rights on the summaries and so cannot falsify them.
DO $bloco$
DECLARE
  tipo  text;
  linhas text;
  colunas CONSTANT text := 'origem, destino, status_atual, aberto, data_inicio, data_entrega, data_tentativa';
BEGIN
  FOR tipo, linhas IN VALUES
    ('insercao',    format('SELECT 1 AS sinal, %s FROM depois', colunas)),
    ('atualizacao', format('SELECT 1 AS sinal, %1$s FROM depois UNION ALL SELECT -1, %1$s FROM antes', colunas)),
    ('exclusao',    format('SELECT -1 AS sinal, %s FROM antes', colunas))
  LOOP
    EXECUTE format($modelo$
CREATE FUNCTION resume_%1$s() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $corpo$
DECLARE
  f      smallint;
  padrao interval;
BEGIN
  -- Promises do not change under a batch, see julga_prazos().
  PERFORM pg_advisory_xact_lock_shared(762003);
  f := fatia_livre();
  padrao := prazo_padrao();

  WITH linhas AS MATERIALIZED (%2$s),
  entregas AS MATERIALIZED (
    SELECT dia_local(data_entrega) AS dia, origem, destino, balde(data_entrega - data_inicio) AS balde,
           sum(sinal) AS entregas,
           sum(sinal * extract(epoch FROM data_entrega - data_inicio)) AS segundos,
           coalesce(sum(sinal) FILTER (WHERE data_entrega - data_inicio <= coalesce(prazo, padrao)), 0) AS no_prazo,
           coalesce(sum(sinal) FILTER (WHERE data_tentativa IS NULL OR data_tentativa > data_entrega), 0) AS na_primeira
    FROM linhas LEFT JOIN prazos USING (origem, destino)
    WHERE data_entrega IS NOT NULL
    GROUP BY 1, 2, 3, 4
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
  )
  INSERT INTO resumo_entregas_rota AS r (dia, origem, destino, balde, fatia, entregas, segundos, no_prazo, na_primeira)
  SELECT dia, origem, destino, balde, f, entregas, segundos, no_prazo, na_primeira
  FROM entregas WHERE entregas <> 0 OR segundos <> 0 OR no_prazo <> 0 OR na_primeira <> 0
  UNION ALL
  SELECT dia, origem, destino, -1, f, sum(entregas), sum(segundos), sum(no_prazo), sum(na_primeira)
  FROM entregas GROUP BY dia, origem, destino
  HAVING sum(entregas) <> 0 OR sum(segundos) <> 0 OR sum(no_prazo) <> 0 OR sum(na_primeira) <> 0
  ON CONFLICT (dia, origem, destino, balde, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos,
        no_prazo = r.no_prazo + excluded.no_prazo, na_primeira = r.na_primeira + excluded.na_primeira;
  RETURN NULL;
END
$corpo$$modelo$, tipo, linhas);
  END LOOP;
END
$bloco$;

-- The events table is emptied with pacotes or not at all; what depends on events goes with them.
CREATE FUNCTION esvazia_resumos() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM resumo_status;
  DELETE FROM resumo_entregas;
  DELETE FROM resumo_entregas_rota;
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

-- The delivery times judged by a promise that changes are judged again. Waits for the batches under way and lets new ones wait.
CREATE FUNCTION julga_prazos() RETURNS trigger
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
    SELECT dia_local(data_entrega) AS dia, p.origem, p.destino, balde(data_entrega - data_inicio) AS balde,
           coalesce(sum(1) FILTER (WHERE data_entrega - data_inicio <= coalesce(agora.prazo, padrao_agora.prazo)), 0)
             - coalesce(sum(1) FILTER (WHERE data_entrega - data_inicio <= coalesce(antes.prazo, padrao_antes.prazo)), 0) AS no_prazo
    FROM pacotes p
    LEFT JOIN prazos agora USING (origem, destino)
    LEFT JOIN prazos padrao_agora ON (padrao_agora.origem, padrao_agora.destino) = ('*', '*')
    LEFT JOIN prazos_julgados antes ON (antes.origem, antes.destino) = (p.origem, p.destino)
    LEFT JOIN prazos_julgados padrao_antes ON (padrao_antes.origem, padrao_antes.destino) = ('*', '*')
    WHERE data_entrega IS NOT NULL
      AND coalesce(agora.prazo, padrao_agora.prazo) IS DISTINCT FROM coalesce(antes.prazo, padrao_antes.prazo)
    GROUP BY 1, 2, 3, 4
  ),
  por_dia AS (
    INSERT INTO resumo_entregas AS r (dia, balde, fatia, entregas, segundos, no_prazo, na_primeira)
    SELECT coalesce(dia, '-infinity'), balde, f, 0, 0, sum(no_prazo), 0
    FROM entregas GROUP BY GROUPING SETS ((dia, balde), (balde)) HAVING sum(no_prazo) <> 0
    ON CONFLICT (dia, balde, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo
  )
  INSERT INTO resumo_entregas_rota AS r (dia, origem, destino, balde, fatia, entregas, segundos, no_prazo, na_primeira)
  SELECT dia, origem, destino, coalesce(balde, -1), f, 0, 0, sum(no_prazo), 0
  FROM entregas GROUP BY GROUPING SETS ((dia, origem, destino, balde), (dia, origem, destino)) HAVING sum(no_prazo) <> 0
  ON CONFLICT (dia, origem, destino, balde, fatia) DO UPDATE SET no_prazo = r.no_prazo + excluded.no_prazo;

  DELETE FROM prazos_julgados;
  INSERT INTO prazos_julgados SELECT * FROM prazos;
  RETURN NULL;
END
$$;
-- The promises that the summaries were last judged by: one edit may insert, change and delete at once.
CREATE TABLE prazos_julgados (LIKE prazos INCLUDING ALL);
INSERT INTO prazos_julgados SELECT * FROM prazos;
CREATE TRIGGER julga AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON prazos
  FOR EACH STATEMENT EXECUTE FUNCTION julga_prazos();
