"""Measure the whole chain from a fresh clone: `make benchmark`.

Times the first and the second `make demo SERVE=0`, then `kota run` with no change and after a day,
and takes the greatest memory of any single process. Writes a Markdown table to standard output.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
CITIZENS = os.environ.get("CITIZENS", "20000")
PATIENCE_SECONDS = 900


class Peak:
    """The greatest resident memory of any process below this one, by the process's command."""

    def __init__(self) -> None:
        self.bytes = 0
        self.command = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        this = psutil.Process()
        while not self._stop.wait(0.2):
            for process in this.children(recursive=True):
                try:
                    size = process.memory_info().rss
                    if size > self.bytes:
                        self.bytes, self.command = size, _short(process.cmdline())
                except psutil.Error:
                    continue


def main() -> None:
    """Run all measurements and print them."""
    rows: list[tuple[str, float, Peak]] = []
    with tempfile.TemporaryDirectory(prefix="kota-benchmark-") as folder:
        clone = Path(folder) / "kota"
        _run(["git", "clone", "--quiet", str(ROOT), str(clone)], cwd=Path(folder))
        for title in ("first `make demo SERVE=0`, set-up included", "second `make demo SERVE=0`"):
            with Peak() as peak:
                seconds = _timed(["make", "demo", "SERVE=0"], clone)
            rows.append((title, seconds, peak))
        with _serving(clone):
            rows.append(_command(clone, "`kota run`, no change", "kota run"))
            _shell(clone, "python -m demo advance")
            rows.append(_command(clone, "`kota run`, one day later", "kota run"))
    print(f"{CITIZENS} citizens, {os.cpu_count()} cores, {platform.machine()}\n")
    print("| step | seconds | greatest process | its memory |\n|---|---:|---|---:|")
    for title, seconds, peak in rows:
        print(f"| {title} | {seconds:.0f} | {peak.command} | {peak.bytes / 1e6:.0f} MB |")


def _command(clone: Path, title: str, command: str) -> tuple[str, float, Peak]:
    with Peak() as peak:
        started = time.monotonic()
        _shell(clone, command)
        return title, time.monotonic() - started, peak


@contextmanager
def _serving(clone: Path) -> Iterator[None]:
    """The demo, serving, until the block ends."""
    log = clone.parent / "serve.log"
    with log.open("wb") as out:
        demo = subprocess.Popen(
            ["make", "demo"], cwd=clone, stdout=out, stderr=out, start_new_session=True
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"Serving" not in log.read_bytes():
            if demo.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"make demo did not come to serve:\n{log.read_text('utf-8')[-2000:]}")
            time.sleep(0.5)
        yield
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait()


def _shell(clone: Path, command: str) -> None:
    shell = shutil.which("bash") or "bash"
    _run([shell, "-c", f". var/demo/env.sh && {command}"], cwd=clone)


def _timed(command: list[str], cwd: Path) -> float:
    started = time.monotonic()
    _run(command, cwd)
    return time.monotonic() - started


def _run(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _short(command: list[str]) -> str:
    words = [Path(word).name for word in command[:4] if not word.startswith("-")]
    return " ".join(words)[:40]


if __name__ == "__main__":
    main()
