"""Time and memory of a command with all processes it starts."""

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from kota.settings import PROJECT_ROOT

LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """What a command took."""

    seconds: float
    peak_bytes: int
    """The greatest resident memory of the command and all below it together."""


def measure(arguments: list[str], environment: Mapping[str, str]) -> Measured:
    """Run ``kota …`` to its end. Ends this program where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "kota", *arguments],
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(LOOK_SECONDS)
    seconds = time.monotonic() - started
    if process.returncode != 0:
        said = process.stderr.read() if process.stderr else ""
        sys.exit(f"kota {' '.join(arguments)} failed: {said}")
    return Measured(seconds, peak)


def _resident(pid: int) -> int:
    total = 0
    try:
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.Error:
        return total
    return total
