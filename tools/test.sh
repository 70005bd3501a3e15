#!/usr/bin/env bash
# Every test on SQLite, then every test on PostgreSQL where it answers: test.sh BIN [pytest's arguments]
set -euo pipefail
bin=$1
shift
export SALA_ENV=test

has_browser() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}
if ! has_browser >/dev/null || ! command -v pdftotext >/dev/null; then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "== chromium and poppler-utils"
    install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
    # The shell is the same engine without windows and menus to draw: it takes half the time.
    { apt-get update -qq && { install chromium-headless-shell poppler-utils || install chromium poppler-utils; }; } \
      </dev/null >/dev/null || echo "!! they could not be installed; the tests that need them are left out" >&2
  fi
fi

# Compiled once for all processes and for the next runs, outside of the tree; templates, which hold the words of the
# day, for this run.
unset PYTHONDONTWRITEBYTECODE
PYTHONPYCACHEPREFIX=$(cd "$bin/.." && pwd)/compiled
SALA_TEST_TEMPLATES=$(mktemp -d)
export PYTHONPYCACHEPREFIX SALA_TEST_TEMPLATES
trap 'rm -rf "$SALA_TEST_TEMPLATES"' EXIT

# One process more than there are cores: browsers and databases make tests wait.
processes=${SALA_TEST_PROCESSES:-$(($(getconf _NPROCESSORS_ONLN) + 1))}
status=0
echo "== tests on SQLite"
SALA_TEST_DATABASE=sqlite "$bin/python" -m pytest -q -p no:cacheprovider -n "$processes" --dist loadfile --no-loadscope-reorder "$@" || status=1

postgres=${SALA_TEST_POSTGRES_URL:-postgresql://postgres@127.0.0.1:5432/postgres}
if "$bin/python" - "$postgres" <<'PY'
import sys
import psycopg
try:
    psycopg.connect(sys.argv[1], connect_timeout=3).close()
except psycopg.Error:
    sys.exit(1)
PY
then
  echo "== tests on PostgreSQL"
  SALA_TEST_DATABASE=postgresql "$bin/python" -m pytest -q -p no:cacheprovider -n "$processes" --dist loadfile --no-loadscope-reorder "$@" || status=1
else
  echo
  echo "!! PostgreSQL did not answer (SALA_TEST_POSTGRES_URL): everything ran on SQLite only." >&2
fi
exit $status
