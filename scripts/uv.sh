#!/usr/bin/env bash
# Runs uv: the machine's own, or one made here from the pinned requirement.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

if command -v uv >/dev/null; then
    exec uv "$@"
fi

own="$root/.venv/uv"
if [ ! -x "$own/bin/uv" ]; then
    python=$(command -v python3) || {
        echo "kota needs Python 3.11 or newer; python3 was not found." >&2
        exit 1
    }
    echo "Getting uv, which makes the environments …" >&2
    "$python" -m venv "$own" >&2 || {
        rm -rf "$own"
        echo "Python's venv module does not work; on Debian: apt-get install python3-venv" >&2
        exit 1
    }
    "$own/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$root/requirements/uv.txt" >&2
fi
exec "$own/bin/uv" "$@"
