-- Up Migration

-- The roles are made by provisioning (packages/database/src/provision.ts): they belong to the server, not to this database.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO rastreio_writer, grafana_reader;

GRANT SELECT, INSERT, UPDATE ON pacotes TO rastreio_writer;
GRANT SELECT, INSERT ON eventos_rastreamento TO rastreio_writer;
GRANT SELECT, INSERT, UPDATE ON eventos_rejeitados, ingestao TO rastreio_writer;
GRANT SELECT ON catalogo_status, status_dos_pacotes, indicadores_entrega, limites TO rastreio_writer;

GRANT SELECT ON pacotes, eventos_rastreamento, eventos_rejeitados, catalogo_status, resumo_status, resumo_entregas,
  status_dos_pacotes, indicadores_entrega, limites, ingestao TO grafana_reader;

-- Which migrations are applied: the consumer checks it before it writes.
GRANT SELECT ON migracoes TO rastreio_writer, grafana_reader;
