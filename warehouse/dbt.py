"""Run dbt: one `dbt build` in a process of its own, so that its DuckDB lock dies with it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kota.settings import PROJECT_ROOT, Settings

FAILED_STATUSES = {"error", "fail", "runtime error"}


class DbtError(Exception):
    """dbt did not finish; the message names the models and tests that failed, and the log."""


def dbt_build(
    settings: Settings, database: Path, variables: Mapping[str, str], only: Sequence[str] = ()
) -> None:
    """Build all seeds, models and data tests into ``database``, or ``only`` those selected.

    dbt's unit tests are about the code, not about the data: the test suite runs those.

    Artefacts (manifest.json, run_results.json) go to ``dbt/`` beside it. Raises ``DbtError``.
    """
    target = database.parent / "dbt"
    log = database.parent / "dbt.log"
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "--no-use-colors",
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--project-dir",
        str(settings.dbt_dir),
        "--profiles-dir",
        str(settings.dbt_dir),
        "--target-path",
        str(target),
        "--log-path",
        str(target),
        "--vars",
        json.dumps(dict(variables)),
        # Only those tests that need nothing but what is selected.
        *(["--select", *only, "--indirect-selection", "cautious"] if only else []),
    ]
    environment = {
        **os.environ,
        # Python models import kota's packages from where this program has them.
        "PYTHONPATH": str(PROJECT_ROOT),
        "KOTA_CANDIDATE": str(database),
        "KOTA_THREADS": str(settings.threads),
        "KOTA_MEMORY_LIMIT": settings.memory_limit,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    with log.open("wb") as file:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=settings.dbt_dir,
        )
    if done.returncode != 0:
        raise DbtError(f"dbt build failed: {_reason(target, log)}; see {log}")


def _reason(target: Path, log: Path) -> str:
    """What failed first, in dbt's own words; the end of the log where dbt did not get that far."""
    results = target / "run_results.json"
    if results.exists():
        failed = [
            f"{result['unique_id'].split('.', 2)[-1]} ({_first_line(result.get('message'))})"
            for result in json.loads(results.read_text("utf-8"))["results"]
            if result["status"] in FAILED_STATUSES
        ]
        if failed:
            more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
            return ", ".join(failed[:3]) + more
    lines = [line for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing"


def _first_line(text: str | None) -> str:
    return " ".join((text or "no message").split())[:200]
