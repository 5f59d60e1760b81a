"""A database server that runs as our child, on a folder of its own."""

import json
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from demo.credentials import write_private
from demo.ports import PortTakenError, is_free

START_SECONDS = 60.0
STOP_SECONDS = 20.0


class ServerError(Exception):
    """A server did not start; the message says which one and where its log is."""


class Server(ABC):
    """Starts on first use of its folder or a later one; ends with ``stop`` or the ``with`` block.

    A server left behind by a run that was killed is ended when the next one starts on its folder.
    """

    name: str
    stop_signals: tuple[signal.Signals, ...]
    """What asks it to end: gently first, then firmly."""

    def __init__(self, data_dir: Path, port: int, log: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make the data folder if it is not there."""

    @abstractmethod
    def spawn(self, out: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the server process in a session of its own, so that Ctrl-C does not reach it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers."""

    def after_start(self) -> None:
        """What is to be done once it answers."""
        return

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Where the server writes its process id, on the first line."""

    def start(self) -> None:
        """Start and wait until it answers. Raises ``ServerError`` or ``PortTakenError``."""
        if self.process is not None:
            return
        self._end_leftover()
        if not is_free(self.port):
            raise PortTakenError(f"Port {self.port} ({self.name}) is taken.")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        self.prepare()
        me = psutil.Process()
        owner = {"pid": me.pid, "created": me.create_time()}
        write_private(self.data_dir / _OWNER, json.dumps(owner))
        with self.log.open("ab") as out:
            self.process = self.spawn(out)
        try:
            self._wait_until_ready(self.process)
            self.after_start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            _end(psutil.Process(self.process.pid), self.stop_signals)
            self.process.wait(STOP_SECONDS)
        self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if process.poll() is not None:
                raise ServerError(
                    f"{self.name} ended with code {process.returncode} while starting "
                    f"(log: {self.log})"
                )
            if time.monotonic() > deadline:
                raise ServerError(
                    f"{self.name} does not answer on port {self.port} after {START_SECONDS:.0f} s "
                    f"(log: {self.log})"
                )
            time.sleep(0.05)

    def _end_leftover(self) -> None:
        server = self._running_on_folder()
        if server is None:
            return
        try:
            owner = json.loads((self.data_dir / _OWNER).read_text("utf-8"))
            if psutil.Process(owner["pid"]).create_time() == owner["created"]:
                raise ServerError(
                    f"{self.name} already runs on {self.data_dir} for process {owner['pid']}"
                )
        except (FileNotFoundError, psutil.NoSuchProcess):
            pass
        _end(server, self.stop_signals)

    def _running_on_folder(self) -> psutil.Process | None:
        """The server process named in the folder, if it is alive and really serves that folder."""
        try:
            process = psutil.Process(int(self.pid_file.read_text("utf-8").split()[0]))
            serves = any(str(self.data_dir) in part for part in process.cmdline())
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process if serves else None


_OWNER = "kota-owner.json"


def _end(process: psutil.Process, signals: tuple[signal.Signals, ...]) -> None:
    for number in (*signals, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(STOP_SECONDS)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        else:
            return


def is_root() -> bool:
    """Whether we run as the superuser."""
    return os.geteuid() == 0
