#!/bin/sh
# Makes the passwords of docker-compose.yaml that are not there yet: sh docker/make-secrets.sh [FOLDER, default secrets]
# A password that is there is left alone; to change one see docs/containers.md.
set -eu
dir=${1:-secrets}
umask 077
mkdir -p "$dir"
for name in postgres rastreio_owner rastreio_writer grafana_reader lote grafana_admin; do
  file="$dir/$name"
  if [ -e "$file" ]; then
    echo "kept  $file"
    continue
  fi
  # Into place in one step: a file that is cut off would be a password that nobody meant.
  head -c 24 /dev/urandom | base64 | tr '+/' '-_' > "$file.new"
  # Containers read it as a user of their own, through a mount of the file alone; the folder keeps other people of this machine out.
  chmod 0444 "$file.new"
  mv "$file.new" "$file"
  echo "made  $file"
done
