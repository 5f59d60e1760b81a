"""The commits of a Delta table, newest first, read one by one from its log.

``DeltaTable.history`` reads all of them; the newest is nearly always the one that is wanted.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOG = "_delta_log"
_COMMIT = re.compile(r"(\d{20})\.json")


def versions(table: Path) -> list[int]:
    """The versions whose commit is in the log, oldest first; none where there is no table."""
    log = table / LOG
    if not log.is_dir():
        return []
    matches = (_COMMIT.fullmatch(entry.name) for entry in log.iterdir())
    return sorted(int(match[1]) for match in matches if match)


def commits(table: Path, newest: int | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """(version, commit info) from ``newest`` (or the newest there is) back to the first."""
    for version in reversed(versions(table)):
        if newest is None or version <= newest:
            yield version, _commit_info(table / LOG / f"{version:020}.json")


def _commit_info(path: Path) -> dict[str, Any]:
    """The commit info of one log entry: a JSON object a line, of which one is it."""
    for line in path.read_text("utf-8").splitlines():
        if '"commitInfo"' in line:
            info: dict[str, Any] = json.loads(line).get("commitInfo") or {}
            if info:
                return info
    return {}
