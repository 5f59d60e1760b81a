"""The programs one run of the demo starts: each with a session and a log of its own, all ended."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.credentials import write_private
from demo.sessions import created_at, end_session


class StepFailedError(Exception):
    """A step failed; the message is one sentence with the path of the log."""


class AlreadyRunningError(Exception):
    """Another run of the demo uses the same folder."""


@dataclass(frozen=True)
class Program:
    """A program that was started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    is_server: bool

    def failure(self) -> str:
        """One sentence: how it ended, its last words, and where the rest is."""
        return (
            f"{self.name} ended with code {self.process.returncode}: "
            f"{_last_words(self.log)} (log: {self.log})"
        )


class Programs:
    """Starts programs, remembers them, and ends them with everything they started."""

    def __init__(self, state_file: Path, logs_dir: Path) -> None:
        self._state_file = state_file
        self._logs_dir = logs_dir
        self._programs: list[Program] = []
        self._lock = threading.Lock()
        self._closing = False
        logs_dir.mkdir(parents=True, exist_ok=True)
        end_leftovers(state_file)
        self._remember()

    def start(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], *, cwd: Path
    ) -> Program:
        """Start a server; its output goes to ``<logs>/<name>.log``."""
        return self._start(name, command, env, cwd, is_server=True)

    def _start(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        cwd: Path,
        *,
        is_server: bool,
    ) -> Program:
        with self._lock:
            if self._closing:
                raise StepFailedError(f"{name} was not started: the demo is stopping.")
            log = self._logs_dir / f"{name}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(
                    [str(part) for part in command],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env=dict(env),
                    cwd=cwd,
                    start_new_session=True,  # Ctrl-C reaches us alone: we end the others in order
                    umask=0o077,
                )
            program = Program(name, process, log, is_server)
            self._programs.append(program)
            self._remember()
        return program

    def run(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str], *, cwd: Path
    ) -> Program:
        """Run a program to its end. Raises ``StepFailedError`` if it fails."""
        program = self._start(name, command, env, cwd, is_server=False)
        if program.process.wait() != 0:
            raise StepFailedError(program.failure())
        with self._lock:
            self._programs.remove(program)
            self._remember()
        return program

    def check(self) -> None:
        """Raise ``StepFailedError`` if a server has ended."""
        for program in list(self._programs):
            if program.is_server and program.process.poll() is not None:
                raise StepFailedError(program.failure())

    @contextmanager
    def closing(self) -> Iterator["Programs"]:
        """End every program when the block ends, last started first."""
        try:
            yield self
        finally:
            self.close()

    def close(self) -> None:
        """End every program, last started first: a server goes before what it depends on."""
        with self._lock:
            self._closing = True
            programs = list(reversed(self._programs))
        for program in programs:
            end_session(program.process.pid)
            program.process.poll()  # collect its remains
        self._programs.clear()
        self._state_file.unlink(missing_ok=True)

    def _remember(self) -> None:
        pids = [os.getpid(), *(program.process.pid for program in self._programs)]
        state = [{"pid": pid, "created": created_at(pid)} for pid in pids]
        write_private(self._state_file, json.dumps(state))


def end_leftovers(state_file: Path) -> None:
    """End what a killed run left behind. The first process in the file is the run itself.

    A number that another process has by now is left alone: the start time tells.
    Raises ``AlreadyRunningError`` if that run is alive.
    """
    if not state_file.exists():
        return
    run, *programs = json.loads(state_file.read_text("utf-8"))
    if run["pid"] != os.getpid() and created_at(run["pid"]) == run["created"]:
        raise AlreadyRunningError(
            f"Another demo runs in {state_file.parent} (process {run['pid']}). "
            "Stop it first, or choose another folder: KOTA_HOME=…"
        )
    for program in reversed(programs):
        if created_at(program["pid"]) in (None, program["created"]):
            end_session(program["pid"])
    state_file.unlink()


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing"
