#!/bin/sh
# Airflow's API server: the only container that is told the administrator's password.
set -eu

umask 077
mkdir -p "$AIRFLOW_HOME"
python -c 'import json, os; print(json.dumps({"admin": os.environ["AIRFLOW_ADMIN_PASSWORD"]}))' \
    >"$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"
unset AIRFLOW_ADMIN_PASSWORD
exec airflow api-server
