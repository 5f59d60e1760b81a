#!/usr/bin/env bash
# Writes .env (settings and generated secrets) and connections.env (the apps' addresses), both
# readable by their owner only. Never overwrites: these secrets open the volumes made with them.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077

for file in .env connections.env; do
    if [ -e "$file" ]; then
        echo "$file is there already and stays as it is; move it away to make a new one." >&2
        exit 1
    fi
done

key() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# Letters and digits only, as it becomes part of addresses.
password() {
    local text
    text=$(head -c 256 /dev/urandom | base64 -w 0 | tr -d '+/=0O1lI')
    printf '%s' "${text:0:24}"
}
fernet_key() { head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }
account() { # USERNAME ROLE [DEPARTMENT]
    local department=${3:+, \"department\": \"$3\"}
    printf '{"username": "%s", "password": "%s", "role": "%s"%s}' "$1" "$(password)" "$2" "$department"
}

laksa_reader=$(password)
perizinan_reader=$(password)
segar_reader=$(password)
siak_reader=$(password)

cat >.env <<ENV
# Made by docker/make_env.sh for docker compose. Keep a copy apart from the machine: without
# KOTA_TOKEN_KEY new tokens no longer match the old ones, and without AIRFLOW_FERNET_KEY the
# connections kept in Airflow cannot be read. Passwords have letters and digits only.

# Where people reach the two web ports. Behind a proxy with a certificate: its https addresses.
KOTA_BIND=127.0.0.1
SUPERSET_PORT=8088
SUPERSET_PUBLIC_URL=http://127.0.0.1:8088
AIRFLOW_PORT=8080
AIRFLOW_PUBLIC_URL=http://127.0.0.1:8080

# How much of the machine one step may use.
KOTA_THREADS=2
KOTA_MEMORY_LIMIT=512MB

# kota: the key of the tokens that stand for e-mail addresses and tax numbers.
KOTA_TOKEN_KEY=$(key)

# The server for Airflow's and Superset's own databases.
METADATA_ADMIN_PASSWORD=$(password)
AIRFLOW_DB_PASSWORD=$(password)
SUPERSET_DB_PASSWORD=$(password)

# Airflow: sign in as admin.
AIRFLOW_ADMIN_PASSWORD=$(password)
AIRFLOW_FERNET_KEY=$(fernet_key)
AIRFLOW_SECRET_KEY=$(key)
AIRFLOW_JWT_SECRET=$(key)

# Superset: the people who may sign in (docs/services.md).
SUPERSET_SECRET_KEY=$(key)
KOTA_SUPERSET_USERS='[$(account leader Leadership), $(account official Official dlh), $(account auditor Auditor), $(account engineer Engineer)]'

# The demo city (profile demo): its apps' own accounts, and kota's in them.
CITIZENS=20000
LAKSA_ROOT_PASSWORD=$(password)
LAKSA_OWNER_PASSWORD=$(password)
LAKSA_READER_PASSWORD=$laksa_reader
SIMPEG_OWNER_PASSWORD=$(password)
PERIZINAN_ADMIN_PASSWORD=$(password)
PERIZINAN_OWNER_PASSWORD=$(password)
PERIZINAN_READER_PASSWORD=$perizinan_reader
EPUSKESMAS_OWNER_PASSWORD=$(password)
SEGAR_READER_PASSWORD=$segar_reader
SEGAR_JWT_SECRET=$(key)
SIAK_READER_PASSWORD=$siak_reader
ENV

cat >connections.env <<ENV
# Where the registered apps are (connectors/apps/*.yml), one KOTA_CONN_<CONNECTION> each, with an
# account that may only read. These are the demo city's; put your own apps' in their place.
KOTA_CONN_LAKSA=mysql://kota_reader:$laksa_reader@laksa-database:3306/laksa
KOTA_CONN_PERIZINAN=postgresql://kota_reader:$perizinan_reader@perizinan-database:5432/perizinan
KOTA_CONN_SEGAR=http://kota_reader:$segar_reader@segar:8000/api
KOTA_CONN_SIMPEG=mysql://kota_reader:$laksa_reader@laksa-database:3306/simpeg
KOTA_CONN_EPUSKESMAS=postgresql://kota_reader:$perizinan_reader@perizinan-database:5432/epuskesmas
KOTA_CONN_SIAK=sftp://kota_reader:$siak_reader@siak:8022/?known_hosts=/var/lib/siak/known_hosts
KOTA_CONN_BERITA=http://berita:8000
KOTA_CONN_SIAPKERJA=sqlite:////var/lib/drops/siapkerja.sqlite
KOTA_CONN_SEKOLAH=file:///var/lib/drops/sekolah
KOTA_CONN_PBB=file:///var/lib/drops/pbb
KOTA_CONN_ANGGARAN=file:///var/lib/drops/anggaran
KOTA_CONN_DARURAT112=file:///var/lib/drops/darurat112
ENV

echo "Wrote .env and connections.env. The passwords to sign in with are in .env:"
echo "AIRFLOW_ADMIN_PASSWORD (user admin) and KOTA_SUPERSET_USERS."
