-- Batches that take events back or join numbers are written at the same time as others (docs/decisions/0024). A batch looks once more before it
-- commits: whether a transaction that it did not see when it began has taken something of its parcels back, or has joined their numbers. So each of these
-- rows knows its transaction, and an index finds the newest. Rows from before have none: every batch from now on sees them when it begins.
ALTER TABLE correcoes ADD COLUMN transacao xid8;
ALTER TABLE correcoes ALTER COLUMN transacao SET DEFAULT pg_current_xact_id();
COMMENT ON COLUMN correcoes.transacao IS 'Which transaction wrote it, for batches that are written meanwhile; null: one from before there was this column.';
CREATE INDEX correcoes_transacao ON correcoes (transacao);
ALTER TABLE numeros_juntados ADD COLUMN transacao xid8;
ALTER TABLE numeros_juntados ALTER COLUMN transacao SET DEFAULT pg_current_xact_id();
COMMENT ON COLUMN numeros_juntados.transacao IS 'As in correcoes.';
CREATE INDEX numeros_juntados_transacao ON numeros_juntados (transacao);
GRANT SELECT ON numeros_juntados TO rastreio_writer;

-- An older writer does not look again.
SELECT exige_escritor(7);
