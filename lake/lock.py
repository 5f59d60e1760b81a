"""One extraction of an app at a time, whoever starts it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BusyError(Exception):
    """Another process holds the lock."""


@contextmanager
def exclusive(path: Path, what: str, patience_seconds: float = 0) -> Iterator[None]:
    """Hold the lock file ``path``; the kernel releases it when the process dies, however it dies.

    Raises ``BusyError`` when another process still holds it after ``patience_seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        ends = time.monotonic() + patience_seconds
        while not _is_ours(file.fileno()):
            if time.monotonic() >= ends:
                raise BusyError(f"{what} is already being done by another process; wait for it")
            time.sleep(0.05)
        yield


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
