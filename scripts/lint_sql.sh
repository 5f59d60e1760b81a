#!/usr/bin/env bash
# Lints the dbt project's SQL. A file that passed is not linted again until it, a macro or a rule
# changes: the whole takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
passed=.venv/sql/passed
mkdir -p "$passed"

# What every file's verdict hangs on, beside the file itself.
rules=$(cat .sqlfluff requirements/sql.txt scripts/sqlfluff/*.py dbt_project/macros/*.sql \
    dbt_project/macros/*/*.sql | sha256sum)
mapfile -t files < <(find dbt_project/{models,macros,tests} -name '*.sql' | sort)
open=() marks=()
for file in "${files[@]}"; do
    mark=$passed/$(printf '%s' "$file $rules" | cat - "$file" | sha256sum | cut -c1-64)
    [ -e "$mark" ] && continue
    open+=("$file")
    marks+=("$mark")
done
[ ${#open[@]} -eq 0 ] && exit 0
.venv/sql/bin/sqlfluff lint --nocolor --processes 2 --disable-progress-bar "${open[@]}"
touch "${marks[@]}"
