#!/bin/sh
# Runs once, when the batch database is made: Grafana's role, which can only read.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$GRAFANA_READER_PASSWORD" -U postgres -d rastreio_lote <<'SQL'
CREATE ROLE grafana_reader LOGIN PASSWORD :'password';
ALTER ROLE grafana_reader SET statement_timeout = '15s';
ALTER ROLE grafana_reader SET default_transaction_read_only = on;
GRANT SELECT ON pacotes, eventos_rastreamento TO grafana_reader;
SQL
