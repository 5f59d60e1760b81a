"""The three legacy apps' servers, with their accounts and the addresses kota reads them by."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import httpx

from demo.credentials import Credentials
from demo.mariadb import OWNER, MariaDBServer
from demo.ports import HOST, Ports
from demo.postgres import READER, PostgresServer
from demo.process import Programs, StepFailedError
from kota.settings import Settings


@dataclass(frozen=True)
class LegacyApps:
    """LAKSA in MariaDB (SQLite where there is none), perizinan in PostgreSQL, Segar over HTTP."""

    settings: Settings
    ports: Ports
    credentials: Credentials
    postgres: PostgresServer

    @cached_property
    def mariadb(self) -> MariaDBServer | None:
        """LAKSA's server, None where the machine has no MariaDB."""
        if not MariaDBServer.is_available():
            return None
        return MariaDBServer(
            self.settings.home / "mariadb",
            self.ports.mariadb,
            owner_password=self.credentials.mariadb_owner,
            reader_password=self.credentials.reader,
            log=self.settings.logs_dir / "demo" / "mariadb.log",
        )

    @property
    def laksa_engine(self) -> str:
        """What holds LAKSA, for people."""
        return "MariaDB" if self.mariadb else "SQLite (no MariaDB server on this machine)"

    @property
    def _folder(self) -> Path:
        return self.settings.home / "demo"

    def connections(self) -> dict[str, str]:
        """Addresses by connection id, with the account that may only read."""
        laksa = self.mariadb.uri() if self.mariadb else f"sqlite:///{self._folder / 'laksa.sqlite'}"
        account = f"{READER}:{self.credentials.reader}"
        return {
            "LAKSA": laksa,
            "PERIZINAN": self.postgres.uri("perizinan", READER),
            "SEGAR": f"http://{account}@{HOST}:{self.ports.segar}/api",
        }

    def owner_connections(self) -> dict[str, str]:
        """Addresses by connection id, with the account the app itself would use."""
        laksa = self.mariadb.uri(OWNER) if self.mariadb else self.connections()["LAKSA"]
        return {
            "LAKSA": laksa,
            "PERIZINAN": self.postgres.uri("perizinan"),
            "SEGAR": f"sqlite:///{self._segar_file}",
        }

    @property
    def _segar_file(self) -> Path:
        return self._folder / "segar.sqlite"

    def load(self, programs: Programs, citizens: int, seed: int | None) -> None:
        """Start the databases and load the city, unless it is there already."""
        if self.mariadb:
            self.mariadb.start()
        self.postgres.create_database("perizinan")
        arguments = ["load", "--citizens", str(citizens)]
        arguments += [] if seed is None else ["--seed", str(seed)]
        self.run_demo(programs, "load", arguments)

    def advance(self, programs: Programs) -> None:
        """Let one day pass in the apps."""
        self.run_demo(programs, "advance", ["advance"])

    def run_demo(self, programs: Programs, name: str, arguments: list[str]) -> None:
        """A command of ``python -m demo``, in a process of its own."""
        command = [sys.executable, "-m", "demo", *arguments]
        programs.run(name, command, os.environ, cwd=self.settings.root)

    def check(self) -> None:
        """Raise ``StepFailedError`` if a database server has ended."""
        for server in (self.postgres, self.mariadb):
            if server and server.process and server.process.poll() is not None:
                code = server.process.returncode
                raise StepFailedError(f"{server.name} ended with code {code} (log: {server.log})")

    def start_segar(self, programs: Programs, env: Mapping[str, str]) -> None:
        """Serve Segar and wait until it answers. Raises ``StepFailedError``."""
        accounts = {
            "SEGAR_USERNAME": READER,
            "SEGAR_PASSWORD": self.credentials.reader,
            "SEGAR_JWT_SECRET": self.credentials.segar_jwt,
        }
        options = ["--database", str(self._segar_file), "--port", str(self.ports.segar)]
        programs.start(
            "segar",
            [sys.executable, "-m", "demo.segar", *options],
            {**env, **accounts},
            cwd=self.settings.root,
        )
        wait_for_answer("segar", f"http://{HOST}:{self.ports.segar}/api/status", programs.check, 60)


def wait_for_answer(name: str, url: str, check: Callable[[], None], timeout: float) -> None:
    """Wait until ``url`` answers well.

    ``check`` is called all along and raises when waiting has become pointless. Raises
    ``StepFailedError`` after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        check()
        try:
            if httpx.get(url, timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise StepFailedError(f"{name} did not answer at {url} within {timeout:.0f} s.")
