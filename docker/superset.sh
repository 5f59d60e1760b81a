#!/bin/sh
# Superset's container: `prepare` its own database, `serve`, or `deploy` the reports.
set -eu

city() { python -c 'import sys, yaml; value = yaml.safe_load(open("city.yml"))[sys.argv[1]]
print(*value.values()) if isinstance(value, dict) else print(value)' "$1"; }
KOTA_CITY_NAME=$(city name)
KOTA_TIMEZONE=$(city timezone)
KOTA_MAP_VIEW=$(city map)
KOTA_PUBLIC_INDICATORS=${KOTA_PUBLIC_INDICATORS:-$(city public_indicators | tr TF tf)}
export KOTA_CITY_NAME KOTA_TIMEZONE KOTA_MAP_VIEW KOTA_PUBLIC_INDICATORS

case "$1" in
prepare)
    exec python -m reports.superset.prepare
    ;;
serve)
    # Workers report that they are alive through a file, which must not wait for a disk.
    exec gunicorn --config reports/superset/gunicorn_conf.py --bind 0.0.0.0:8088 --worker-tmp-dir /dev/shm
    ;;
deploy)
    # The datasets describe a snapshot: on a new installation the first one is still being made.
    snapshot=$KOTA_HOME/published/current/kota.duckdb
    [ -e "$snapshot" ] || echo "Waiting for the first published snapshot."
    until [ -e "$snapshot" ]; do sleep 5; done
    exec python -m reports.superset.deploy
    ;;
*)
    echo "superset.sh: prepare, serve or deploy, not $1" >&2
    exit 2
    ;;
esac
