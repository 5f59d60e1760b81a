#!/usr/bin/env bash
# Resolves requirements/*.in into requirements/*.txt, with hashes and without a registry's name.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

for name in uv pipeline superset test sql; do
    ../scripts/uv.sh pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$name.in" --output-file "$name.txt"
    echo "requirements/$name.txt"
done
