#!/bin/bash
# Runs once, on an empty volume: the permit office's and e-Puskesmas'
# databases, each with its own account, and kota's account, which may only read.
set -euo pipefail

# Its makers grant the right to read, table by table: demo/store_postgres.py.
psql --quiet --set ON_ERROR_STOP=1 --username postgres <<'SQL'
\getenv owner_password PERIZINAN_OWNER_PASSWORD
\getenv epuskesmas_password EPUSKESMAS_OWNER_PASSWORD
\getenv reader_password PERIZINAN_READER_PASSWORD
create role perizinan_app login password :'owner_password';
create role epuskesmas_app login password :'epuskesmas_password';
create role kota_reader login password :'reader_password';
create database perizinan owner perizinan_app encoding 'UTF8' template template0;
create database epuskesmas owner epuskesmas_app encoding 'UTF8' template template0;
SQL
