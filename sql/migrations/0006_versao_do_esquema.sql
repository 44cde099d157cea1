-- Up Migration

-- Which writers may still write. A migration after which older writers would write wrongly ends with
-- SELECT exige_escritor(n); n is WRITER_GENERATION of the code that knows the new schema (packages/database/src/generation.ts).
-- Writers read the row in every transaction: an older one stops with exit code 78 instead of writing, and a migration without
-- that line is taken without a restart.
CREATE TABLE versao_do_esquema (
  unica           boolean PRIMARY KEY DEFAULT true CHECK (unica),
  escritor_minimo integer NOT NULL
);
INSERT INTO versao_do_esquema (escritor_minimo) VALUES (1);
COMMENT ON TABLE versao_do_esquema IS 'One row: the oldest generation of the writer that may write to this schema.';

-- Each batch holds 762002 shared. Taking it exclusively, until the migration's transaction ends, means that no batch is under way
-- while the schema changes and that the next one sees the new number.
CREATE FUNCTION exige_escritor(geracao integer) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(762002);
  UPDATE versao_do_esquema SET escritor_minimo = geracao;
$$;

GRANT SELECT ON versao_do_esquema TO rastreio_writer, grafana_reader;
REVOKE EXECUTE ON FUNCTION exige_escritor(integer) FROM PUBLIC;
