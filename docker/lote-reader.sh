#!/bin/sh
# Runs once, when the batch database is made: Grafana's role, which can only read.
set -eu
# psql reads the password itself: its command line is for everybody to see.
psql -v ON_ERROR_STOP=1 -U postgres -d rastreio_lote <<'SQL'
\set password `cat "$GRAFANA_READER_PASSWORD_FILE"`
CREATE ROLE grafana_reader LOGIN PASSWORD :'password';
ALTER ROLE grafana_reader SET statement_timeout = '15s';
ALTER ROLE grafana_reader SET default_transaction_read_only = on;
ALTER ROLE grafana_reader SET idle_in_transaction_session_timeout = '5s';
ALTER ROLE grafana_reader SET transaction_timeout = '20s';
ALTER ROLE grafana_reader SET temp_file_limit = '256MB';
REVOKE ALL ON DATABASE rastreio_lote, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE rastreio_lote TO grafana_reader;
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(boolean, text, text, boolean), pg_logical_emit_message(boolean, text, bytea, boolean) FROM PUBLIC;
GRANT SELECT ON pacotes, eventos_rastreamento TO grafana_reader;
SQL
