#!/usr/bin/env bash
# Resolves requirements/*.in into requirements/*.txt, with hashes and without a registry's name, and
# likewise those of the peers that the benchmark of extraction runs beside kota.
set -euo pipefail
cd "$(dirname "$0")/.."

peers=benchmarks/extract/requirements
for name in requirements/{uv,pipeline,superset,test,sql} $peers/{connectorx,dlt,duckdb,ingestr,sling}; do
    scripts/uv.sh pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "$name.in" --output-file "$name.txt"
    echo "$name.txt"
done
