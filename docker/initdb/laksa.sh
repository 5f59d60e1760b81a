#!/bin/bash
# Runs once, on an empty volume: SIMPEG's database beside LAKSA's, its own account, and kota's in
# both, which may only read.
set -euo pipefail

quoted() {
    local text=${1//\\/\\\\}
    printf '%s' "${text//\'/\\\'}"
}
MYSQL_PWD=$MARIADB_ROOT_PASSWORD mariadb --user=root <<SQL
create user 'kota_reader'@'%' identified by '$(quoted "$LAKSA_READER_PASSWORD")';
grant select on laksa.* to 'kota_reader'@'%';
create database simpeg character set utf8mb4;
create user 'simpeg_app'@'%' identified by '$(quoted "$SIMPEG_OWNER_PASSWORD")';
grant all privileges on simpeg.* to 'simpeg_app'@'%';
grant select on simpeg.* to 'kota_reader'@'%';
SQL
