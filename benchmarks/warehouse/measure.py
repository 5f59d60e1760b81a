"""Time and memory of a command with all processes it starts."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from kota.settings import PROJECT_ROOT

LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """What a command took."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    """The greatest resident memory of the command and all below it together."""


def measure(
    arguments: Sequence[str], environment: Mapping[str, str], *, may_fail: bool = False
) -> Measured:
    """Run ``kota …`` to its end. Ends this program where it fails and may not."""
    started, used = time.monotonic(), _processor_seconds()
    peak = 0
    with tempfile.TemporaryFile() as said:  # a pipe that nobody reads would stall the command
        process = subprocess.Popen(
            [sys.executable, "-m", "kota", *arguments],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            peak = max(peak, _resident(process.pid))
            time.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - started
        if process.returncode != 0 and not may_fail:
            said.seek(0)
            words = said.read().decode(errors="replace")
            sys.exit(f"kota {' '.join(arguments)} failed: {words[-4000:]}")
    return Measured(seconds, _processor_seconds() - used, peak)


def _processor_seconds() -> float:
    """What all processes that this one started and waited for, or they themselves, have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _resident(pid: int) -> int:
    total = 0
    try:
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.Error:
        return total
    return total
