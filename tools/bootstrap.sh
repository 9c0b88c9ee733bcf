#!/bin/sh
# Make .venv and install the locked dependencies: sh tools/bootstrap.sh base|demo|dev
# Quick when nothing changed. PYTHON names the interpreter if the newest one found is not wanted.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.txt

stop() {
    echo "dxportal: $1" >&2
    exit 1
}

find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14 python}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

stamp=.venv/installed-$1
wanted=$(cat "$lock" requirements/uv.txt | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c "" >/dev/null 2>&1; then
    exit 0
fi

python=$(find_python)
[ -n "$python" ] || stop "Python 3.11 or newer is needed and none was found: install it, or name it with PYTHON=/path/to/python3."
exec "$python" tools/install.py "$1" "$wanted"
