#!/usr/bin/env bash
# Makes the virtual environment and fills it, unless it was filled from these very requirements: venv.sh PYTHON VENV FILE...
set -euo pipefail
python=$1 venv=$2
shift 2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1). Choose one: make run PYTHON=python3.12" >&2
  exit 1
}
last=${!#}
digest=$(cat "$@" | sha256sum | cut -c1-16)
stamp=$venv/.filled-from-$(basename "$last")
[[ -f $stamp && $(<"$stamp") == "$digest" ]] && exit 0

echo "== virtual environment in $venv ($last)"
[[ -x $venv/bin/python ]] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: -r "$last"
echo "$digest" >"$stamp"
