"""Run dbt: one `dbt build` in a process of its own, so that its DuckDB lock dies with it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kota.settings import PROJECT_ROOT, Settings
from warehouse.provenance import config_hash

INSTANT = "as_of"
"""The one variable of the project that is new in each build; parsing does not look at it."""

KEPT_PARSES = 4
FAILED_STATUSES = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class FailedNode:
    """A model, seed or test that did not come to a good end."""

    unique_id: str
    message: str
    """dbt's own words; they may quote a value."""

    @property
    def name(self) -> str:
        """The id without what kind of node it is, whose project, and the hash behind a test."""
        return self.unique_id.split(".")[2]

    @property
    def is_test(self) -> bool:
        """Whether rows broke a rule, rather than a query being impossible."""
        return self.unique_id.startswith("test.")


class DbtError(Exception):
    """dbt did not finish; the message names the models and tests that failed, and the log."""

    def __init__(self, message: str, target: Path, failed: Sequence[FailedNode] = ()) -> None:
        super().__init__(message)
        self.target = target
        """The folder of dbt's artefacts."""
        self.failed = tuple(failed)


def dbt_build(
    settings: Settings,
    database: Path,
    variables: Mapping[str, str],
    only: Sequence[str] = (),
    *,
    is_tested: bool = True,
) -> None:
    """Build all seeds, models and data tests into ``database``, or ``only`` those selected.

    dbt's unit tests are about the code, not about the data: the test suite runs those. Without
    ``is_tested`` there are no data tests: for what passed them before.

    Artefacts (manifest.json, run_results.json) go to ``dbt/`` beside it. Raises ``DbtError``.
    """
    target = database.parent / "dbt"
    log = database.parent / "dbt.log"
    parsed = _parsed(settings, variables)
    command = [
        sys.executable,
        "-m",
        "warehouse.dbt_program",
        str(parsed),
        "--no-use-colors",
        "build",
        *_without("unit_test", *([] if is_tested else ["test"])),
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
    if not parsed.exists():
        _keep_parse(target / "partial_parse.msgpack", parsed)
    if done.returncode != 0:
        failed = failed_nodes(target)
        raise DbtError(f"dbt build failed: {_reason(failed, log)}; see {log}", target, failed)


def _parsed(settings: Settings, variables: Mapping[str, str]) -> Path:
    """Where the parse of this project is kept: beside it, for all who build from it."""
    digest = hashlib.sha256(config_hash(settings).encode())
    digest.update((settings.dbt_dir / "profiles.yml").read_bytes())
    told = {name: value for name, value in variables.items() if name != INSTANT}
    digest.update(json.dumps([str(settings.dbt_dir), told], sort_keys=True).encode())
    return settings.dbt_dir / "target" / f"parsed-{digest.hexdigest()[:16]}.msgpack"


def _keep_parse(made: Path, parsed: Path) -> None:
    """Keep what dbt parsed for the next build, where the project's folder can be written to."""
    if not made.exists():
        return
    beside = parsed.with_name(f"{parsed.stem}-{os.getpid()}.new")
    with suppress(OSError):
        parsed.parent.mkdir(exist_ok=True)
        shutil.copyfile(made, beside)
        beside.replace(parsed)
        kept = sorted(parsed.parent.glob("parsed-*.msgpack"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-KEPT_PARSES]:
            path.unlink(missing_ok=True)


def _without(*kinds: str) -> list[str]:
    return [argument for kind in kinds for argument in ("--exclude-resource-type", kind)]


def failed_nodes(target: Path) -> list[FailedNode]:
    """What failed, in the order it ran; nothing where dbt did not get that far."""
    results = target / "run_results.json"
    if not results.exists():
        return []
    return [
        FailedNode(result["unique_id"], _first_line(result.get("message")))
        for result in json.loads(results.read_text("utf-8"))["results"]
        if result["status"] in FAILED_STATUSES
    ]


def _reason(failed: Sequence[FailedNode], log: Path) -> str:
    """What failed first, in dbt's own words; the end of the log where dbt did not get that far."""
    if failed:
        more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
        return ", ".join(f"{node.name} ({node.message})" for node in failed[:3]) + more
    lines = [line for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing"


def _first_line(text: str | None) -> str:
    return " ".join((text or "no message").split())[:200]
