-- Up Migration

-- From here on `npm run db:migrate` fills the table from packages/contract/statuses.json, so that a status of its own needs no
-- migration. Colours and English names were read by nothing in the database. Ranks may swap within one statement.
ALTER TABLE catalogo_status
  DROP COLUMN cor,
  DROP COLUMN rotulo_en,
  DROP COLUMN estado_publico,
  DROP CONSTRAINT catalogo_status_ordem_key,
  ADD CONSTRAINT catalogo_status_ordem_key UNIQUE (ordem) DEFERRABLE INITIALLY IMMEDIATE;
COMMENT ON TABLE catalogo_status IS 'Statuses with their rank among events of one instant; filled by db:migrate from packages/contract/statuses.json.';
