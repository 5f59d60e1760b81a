#!/bin/sh
# Bring Airflow's own database to this version, and make what the DAGs expect to be there.
set -eu

airflow db migrate
airflow pools set duckdb_writer 1 "DuckDB has one writer"
