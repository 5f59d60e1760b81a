#!/usr/bin/env bash
# What the tests need from the machine: a MariaDB server, a PostgreSQL server with extensions, an
# SSH server, ODBC drivers and Chromium.
# Installs them where it may.
set -euo pipefail

missing=()
find_program() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null; }
find_program mariadbd || missing+=(mariadb-server)
find_program chromium || find_program chromium-browser || missing+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
find_program sshd || missing+=(openssh-server)
if command -v dpkg-query >/dev/null; then
    for package in unixodbc odbc-mariadb odbc-postgresql odbc-mdbtools; do
        dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null |
            grep -q 'install ok installed' || missing+=("$package")
    done
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    echo "Installing ${missing[*]} for the tests …" >&2
    export DEBIAN_FRONTEND=noninteractive
    # The tests start servers of their own: the package must not start one as a service.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "The tests need: ${missing[*]}. On Debian or Ubuntu: sudo apt-get install ${missing[*]}" >&2
    exit 1
fi
