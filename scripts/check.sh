#!/usr/bin/env bash
# The fast checks, side by side, each named, all of them run even when one fails.
set -uo pipefail  # not -e: every check runs
cd "$(dirname "$0")/.." || exit
bin=.venv/pipeline/bin
failed=()

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
names=()

check() { # NAME COMMAND…: starts a check; they run side by side
    local name=$1
    shift
    names+=("$name")
    {
        local started=$SECONDS
        if "$@"; then
            printf '✓ %s (%d s)\n' "$name" $((SECONDS - started))
        else
            printf '✗ %s\n' "$name"
            touch "$logs/$name.failed"
        fi
    } >"$logs/$name" 2>&1 &
}

shell_files() { git ls-files --cached --others --exclude-standard '*.sh' '.ci/run'; }

check "format" "$bin/ruff" format --quiet --check .
check "lint" "$bin/ruff" check --quiet .
mapfile -t scripts < <(shell_files)
check "shell" .venv/sql/bin/shellcheck "${scripts[@]}"
if docker compose version >/dev/null 2>&1; then
    check "compose file" docker compose --env-file docker/check.env config --quiet
else
    echo "– compose file: not checked, since docker compose is not on this machine"
fi
check "types" "$bin/mypy" --no-error-summary
check "SQL" scripts/lint_sql.sh
check "unit tests" "$bin/python" -m pytest -q -m "not integration and not e2e"
wait

for name in "${names[@]}"; do
    cat "$logs/$name"
    [ -e "$logs/$name.failed" ] && failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[*]}" >&2
    exit 1
fi
