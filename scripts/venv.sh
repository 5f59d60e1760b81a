#!/usr/bin/env bash
# Makes a virtual environment that holds exactly what a locked file says: venv.sh FOLDER FILE
set -euo pipefail
folder=$1
requirements=$2
uv="$(dirname "$0")/uv.sh"

echo "Installing $(grep -c '==' "$requirements") packages into $folder …" >&2
# Superset's pandas has no wheels for newer Pythons.
[ -x "$folder/bin/python" ] || "$uv" venv --quiet --python '>=3.11,<3.13' "$folder"
"$uv" pip sync --quiet --python "$folder" --require-hashes "$requirements"
