"""Run a program and weigh it: seconds, CPU of it and of the server it reads from, memory."""

import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

SAMPLE_SECONDS = 0.02
LAST_WORDS = 400


@dataclass(frozen=True)
class Measurement:
    """One run of one program, with everything it started."""

    seconds: float
    cpu_seconds: float
    server_cpu_seconds: float
    peak_bytes: int
    output: str
    failure: str = ""
    """Its last words, if it failed."""


def measure(
    command: Sequence[object],
    environment: Mapping[str, str],
    folder: Path,
    *,
    server: psutil.Process | None = None,
    patience_seconds: float = 3600,
) -> Measurement:
    """Run ``command`` in ``folder`` to its end."""
    # Some machines forbid it; compiling every module at every start would measure nothing else.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = _server_cpu(server)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**inherited, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )
        with _Memory(process.pid) as memory:
            is_late = threading.Timer(patience_seconds, process.kill)
            is_late.start()
            # The usage of all its children that it waited for is in it.
            _, status, usage = os.wait4(process.pid, 0)
            is_late.cancel()
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        return Measurement(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            server_cpu_seconds=_server_cpu(server) - before,
            peak_bytes=memory.peak,
            output=_text(out),
            failure=_why(_text(errors) or _text(out), process.returncode)
            if process.returncode
            else "",
        )


class _Memory:
    """The greatest resident memory of a process and all below it, while the block lasts.

    The kernel's own high-water mark of each process finds peaks between two looks.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        with suppress(psutil.Error):
            root = psutil.Process(self._pid)
            while not self._stop.wait(SAMPLE_SECONDS):
                together = 0
                for process in (root, *root.children(recursive=True)):
                    with suppress(psutil.Error, OSError):
                        together += process.memory_info().rss
                        self.peak = max(self.peak, _high_water(process.pid))
                self.peak = max(self.peak, together)


def _high_water(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _server_cpu(server: psutil.Process | None) -> float:
    """CPU seconds of a server: its own, of its children, and of those that have ended."""
    if server is None:
        return 0.0
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in server.children(recursive=True):
        with suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _why(errors: str, code: int) -> str:
    """The last line that a program wrote, without colours and what would break a table."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", errors).replace("|", "/")
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    return (lines[-1] if lines else f"ended with code {code}")[-LAST_WORDS:]
