#!/bin/bash
# Runs once, on an empty volume: kota's account in LAKSA's database, which may only read.
set -euo pipefail

password=${LAKSA_READER_PASSWORD//\\/\\\\}
password=${password//\'/\\\'}
MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb --user=root <<SQL
create user 'kota_reader'@'%' identified by '$password';
grant select on laksa.* to 'kota_reader'@'%';
SQL
