#!/bin/bash
# Runs once, on an empty volume: a database and an account for Airflow, and the same for Superset.
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --username postgres <<'SQL'
\getenv airflow_password AIRFLOW_DB_PASSWORD
\getenv superset_password SUPERSET_DB_PASSWORD
create role airflow login password :'airflow_password';
create role superset login password :'superset_password';
create database airflow owner airflow encoding 'UTF8' template template0;
create database superset owner superset encoding 'UTF8' template template0;
-- Neither may look into the other's.
revoke connect on database airflow, superset from public;
SQL
