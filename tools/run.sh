#!/usr/bin/env bash
# Tables, demo data at the first start, worker and server; Ctrl-C stops both: run.sh BIN HOST PORT
set -euo pipefail
bin=$1 host=$2 port=$3
export SALA_ENV=${SALA_ENV:-development} SALA_BASE_URL=${SALA_BASE_URL:-http://127.0.0.1:$port}
data=${SALA_DATA_DIR:-instance}

"$bin/flask" sala init
"$bin/flask" sala demo --if-empty >/dev/null

"$bin/flask" sala worker &
worker=$!
trap 'kill "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true' EXIT
trap 'exit 130' INT TERM

if [[ -f $data/demo-accounts.txt ]]; then
  printf '\n'
  cat "$data/demo-accounts.txt"
  printf '\n'
fi
"$bin/flask" sala serve --host "$host" --port "$port" &
server=$!
trap 'kill "$server" "$worker" 2>/dev/null || true; wait "$server" "$worker" 2>/dev/null || true' EXIT
wait -n "$server" "$worker"
