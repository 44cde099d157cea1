#!/bin/sh
# Grafana's provisioning files interpolate variables; secrets come as files. Grafana's own GF_..._FILE covers its settings only.
set -eu
for name in GRAFANA_READER_PASSWORD LOTE_PASSWORD; do
  eval "file=\${${name}_FILE:-}"
  if [ -n "$file" ]; then
    secret=$(cat "$file")
    export "$name=$secret"
  fi
done
exec /run.sh "$@"
