-- What takes room. The chunks of the one hypertable, columnar ones too, count with it.
CREATE VIEW tamanho_do_banco AS
SELECT nome, sum(pg_total_relation_size(oid))::bigint AS bytes, sum(greatest(reltuples, 0))::bigint AS linhas_estimadas
FROM (
  SELECT c.oid, c.reltuples,
         CASE WHEN n.nspname = '_timescaledb_internal' THEN 'eventos_rastreamento' ELSE c.relname::text END AS nome
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r'
    AND (n.nspname = 'public' OR (n.nspname = '_timescaledb_internal' AND c.relname ~ '^(_hyper_|compress_hyper_)'))
) AS t
GROUP BY nome;
COMMENT ON VIEW tamanho_do_banco IS 'Bytes on disk of each table, its indexes and chunks included, and its rows as estimated by the last ANALYZE.';

CREATE VIEW tamanho_total AS
SELECT pg_database_size(current_database()) AS bytes;
COMMENT ON VIEW tamanho_total IS 'One row: bytes on disk of the whole database.';

GRANT SELECT ON tamanho_do_banco, tamanho_total TO grafana_reader;
