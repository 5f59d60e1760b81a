"""The run journal: one line a run and app, so that `kota status` knows when a source was seen.

It holds observations only. What was read up to where stands in the lake's own commits.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path

from pydantic import ValidationError

from connectors.result import AppResult
from kota.settings import Settings


def record(settings: Settings, result: AppResult) -> None:
    """Append one run; a line is written whole or, when the process dies, not at all."""
    path = _path(settings, result.app)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = (result.model_dump_json() + "\n").encode()
    descriptor = os.open(path, os.O_APPEND | os.O_CREAT | os.O_RDWR, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # the line before was torn
        if os.write(descriptor, line) < len(line):
            os.ftruncate(descriptor, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)


def runs(settings: Settings, app: str) -> Iterator[AppResult]:
    """All runs of an app, newest first; what is not asked for is not read."""
    path = _path(settings, app)
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as lines:
        end = len(lines)
        while end > 0:
            start = lines.rfind(b"\n", 0, end - 1) + 1
            with suppress(ValidationError):  # torn by a full disk or a kill
                yield AppResult.model_validate_json(lines[start:end])
            end = start


def last_run(settings: Settings, app: str) -> AppResult | None:
    """The newest run, whether it succeeded or not."""
    return next(runs(settings, app), None)


def last_success(settings: Settings, app: str) -> AppResult | None:
    """The newest run in which no table failed."""
    return next((run for run in runs(settings, app) if not run.failed), None)


def _path(settings: Settings, app: str) -> Path:
    return settings.home / "runs" / f"{app}.jsonl"
