-- Up Migration

-- Figures that a 5-second dashboard shows come from small tables kept by statement-level triggers on pacotes:
-- whoever writes pacotes, they stay true, and reading them never scans history.
-- "fatia" spreads each figure over several rows, so that concurrent writers do not wait for one hot row; readers sum.
CREATE TABLE resumo_status (
  status text     NOT NULL,
  fatia  smallint NOT NULL,
  total  bigint   NOT NULL,
  PRIMARY KEY (status, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE resumo_entregas (
  dia      date     NOT NULL,
  fatia    smallint NOT NULL,
  entregas bigint   NOT NULL,
  segundos numeric  NOT NULL,
  PRIMARY KEY (dia, fatia)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

COMMENT ON TABLE resumo_status IS 'Packages by current status, in slices to be summed.';
COMMENT ON TABLE resumo_entregas IS 'Delivered packages by day of delivery (UTC): count and sum of delivery times in seconds, in slices to be summed.';

-- A slice that no other open transaction writes to. Falls back to waiting for one when all are taken.
-- The lock also keeps two writers of one slice from locking its rows in opposite orders (deadlock).
CREATE FUNCTION fatia_livre() RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
  -- An arbitrary namespace for these advisory locks.
  espaco CONSTANT integer := 762001;
  fatias CONSTANT integer := 16;
BEGIN
  FOR f IN 0 .. fatias - 1 LOOP
    IF pg_try_advisory_xact_lock(espaco, f) THEN RETURN f; END IF;
  END LOOP;
  PERFORM pg_advisory_xact_lock(espaco, pg_backend_pid() % fatias);
  RETURN pg_backend_pid() % fatias;
END
$$;

-- SECURITY DEFINER: writers of pacotes need no rights on the summaries and so cannot falsify them.
CREATE FUNCTION resume_pacotes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  f smallint := fatia_livre();
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM resumo_status;
    DELETE FROM resumo_entregas;
    RETURN NULL;
  END IF;

  IF TG_OP = 'INSERT' THEN
    INSERT INTO resumo_status AS r (status, fatia, total)
    SELECT status_atual, f, count(*) FROM depois GROUP BY status_atual
    ON CONFLICT (status, fatia) DO UPDATE SET total = r.total + excluded.total;

    INSERT INTO resumo_entregas AS r (dia, fatia, entregas, segundos)
    SELECT (data_entrega AT TIME ZONE 'UTC')::date, f, count(*), sum(extract(epoch FROM data_entrega - data_inicio))
    FROM depois WHERE data_entrega IS NOT NULL GROUP BY 1
    ON CONFLICT (dia, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos;
    RETURN NULL;
  END IF;

  IF TG_OP = 'DELETE' THEN
    INSERT INTO resumo_status AS r (status, fatia, total)
    SELECT status_atual, f, -count(*) FROM antes GROUP BY status_atual
    ON CONFLICT (status, fatia) DO UPDATE SET total = r.total + excluded.total;

    INSERT INTO resumo_entregas AS r (dia, fatia, entregas, segundos)
    SELECT (data_entrega AT TIME ZONE 'UTC')::date, f, -count(*), -sum(extract(epoch FROM data_entrega - data_inicio))
    FROM antes WHERE data_entrega IS NOT NULL GROUP BY 1
    ON CONFLICT (dia, fatia) DO UPDATE
      SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos;
    RETURN NULL;
  END IF;

  INSERT INTO resumo_status AS r (status, fatia, total)
  SELECT status_atual, f, sum(n)
  FROM (SELECT status_atual, 1 AS n FROM depois UNION ALL SELECT status_atual, -1 FROM antes) AS mudancas
  GROUP BY status_atual HAVING sum(n) <> 0
  ON CONFLICT (status, fatia) DO UPDATE SET total = r.total + excluded.total;

  INSERT INTO resumo_entregas AS r (dia, fatia, entregas, segundos)
  SELECT dia, f, sum(n), sum(segundos)
  FROM (
    SELECT (data_entrega AT TIME ZONE 'UTC')::date AS dia, 1 AS n, extract(epoch FROM data_entrega - data_inicio) AS segundos
    FROM depois WHERE data_entrega IS NOT NULL
    UNION ALL
    SELECT (data_entrega AT TIME ZONE 'UTC')::date, -1, -extract(epoch FROM data_entrega - data_inicio)
    FROM antes WHERE data_entrega IS NOT NULL
  ) AS mudancas
  GROUP BY dia HAVING sum(n) <> 0 OR sum(segundos) <> 0
  ON CONFLICT (dia, fatia) DO UPDATE
    SET entregas = r.entregas + excluded.entregas, segundos = r.segundos + excluded.segundos;
  RETURN NULL;
END
$$;

CREATE TRIGGER resume_insercao AFTER INSERT ON pacotes
  REFERENCING NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_pacotes();
CREATE TRIGGER resume_atualizacao AFTER UPDATE ON pacotes
  REFERENCING OLD TABLE AS antes NEW TABLE AS depois FOR EACH STATEMENT EXECUTE FUNCTION resume_pacotes();
CREATE TRIGGER resume_exclusao AFTER DELETE ON pacotes
  REFERENCING OLD TABLE AS antes FOR EACH STATEMENT EXECUTE FUNCTION resume_pacotes();
CREATE TRIGGER resume_truncamento AFTER TRUNCATE ON pacotes
  FOR EACH STATEMENT EXECUTE FUNCTION resume_pacotes();

-- What panels read. Equal to the seed's queries in sql/reference/, without their scans.
CREATE VIEW status_dos_pacotes AS
SELECT status AS status_rastreamento, sum(total)::bigint AS total_pacotes
FROM resumo_status
GROUP BY status
HAVING sum(total) <> 0;

COMMENT ON VIEW status_dos_pacotes IS 'Packages by current status.';

CREATE VIEW indicadores_entrega AS
SELECT
  (SELECT coalesce(sum(total_pacotes), 0)::bigint FROM status_dos_pacotes) AS total_pacotes,
  coalesce(sum(entregas), 0)::bigint AS total_entregues,
  (sum(segundos) / nullif(sum(entregas), 0))::float8 AS tempo_medio_segundos
FROM resumo_entregas;

COMMENT ON VIEW indicadores_entrega IS
  'Unique packages, delivered packages, and mean seconds from the first event to the latest ENTREGUE (null while none is delivered).';

-- Limits of the alert rules, so that they are changed without editing SQL.
CREATE TABLE limites (
  nome      text   PRIMARY KEY,
  valor     float8 NOT NULL,
  unidade   text   NOT NULL,
  descricao text   NOT NULL
);

INSERT INTO limites (nome, valor, unidade, descricao) VALUES
  ('tempo_medio_rota', 10 * 86400, 'segundos', 'Mean delivery time of a lane over the last 24 hours above which the alert fires'),
  ('minimo_entregas_rota', 5, 'entregas', 'Deliveries a lane needs in the last 24 hours before its mean is judged'),
  ('silencio', 600, 'segundos', 'Time without any new event after which the alert fires');

-- The accounting of every committed batch, written in the batch's own transaction, by minute and partition.
CREATE TABLE ingestao (
  minuto       timestamptz NOT NULL,
  topico       text        NOT NULL,
  particao     integer     NOT NULL,
  consumidos   bigint      NOT NULL,
  inseridos    bigint      NOT NULL,
  duplicados   bigint      NOT NULL,
  rejeitados   bigint      NOT NULL,
  recebido_ate timestamptz NOT NULL,
  PRIMARY KEY (minuto, topico, particao),
  CONSTRAINT identidade_contabil CHECK (consumidos = inseridos + duplicados + rejeitados)
) WITH (fillfactor = 50);

COMMENT ON TABLE ingestao IS
  'What became of every consumed message, by minute and partition: consumidos = inseridos + duplicados + rejeitados.';
COMMENT ON COLUMN ingestao.recebido_ate IS 'Newest time at which Kafka got a message of the batch: how fresh the data are.';
