"""The legacy apps' servers, with their accounts and the addresses kota reads them by."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from demo.app import App
from demo.apps import APPS
from demo.credentials import Credentials
from demo.databases import MariaDB, PostgreSQL
from demo.drop_folder import Folder
from demo.mariadb import MariaDBServer, owner_of
from demo.ports import Ports
from demo.postgres import READER, PostgresServer
from demo.process import Programs, StepFailedError
from demo.service import Site, wait_for_answer
from kota.settings import Settings

START_SECONDS = 60


@dataclass(frozen=True)
class LegacyApps:
    """Every app of ``APPS``: databases in one MariaDB (SQLite where there is none) and one
    PostgreSQL server, files below the demo's folder, and the apps' own services."""

    settings: Settings
    ports: Ports
    credentials: Credentials
    postgres: PostgresServer

    @cached_property
    def mariadb(self) -> MariaDBServer | None:
        """The MariaDB server, None where the machine has none."""
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

    def connections(self) -> dict[str, str]:
        """Addresses by connection id, with the account that may only read."""
        return {
            app.id.upper(): self._address(app, is_owner=False)
            if app.service is None
            else app.service.uri(self._site(app))
            for app in APPS.values()
        }

    def owner_connections(self) -> dict[str, str]:
        """Addresses by connection id, with the account the app itself would use."""
        return {app.id.upper(): self._address(app, is_owner=True) for app in APPS.values()}

    def _address(self, app: App, *, is_owner: bool) -> str:
        """Where the app's data is, whatever service stands before it."""
        match app.home:
            case MariaDB() if self.mariadb:
                return self.mariadb.uri(owner_of(app.id) if is_owner else READER, app.id)
            case PostgreSQL():
                return self.postgres.uri(app.id) if is_owner else self.postgres.uri(app.id, READER)
            case Folder():
                return f"file://{self._data(app)}"
        return f"sqlite:///{self._data(app)}"

    def _data(self, app: App) -> Path:
        folder = self.settings.home / "demo"
        if isinstance(app.home, Folder):
            return folder / "drops" / app.id
        return folder / f"{app.id}.sqlite"

    def _site(self, app: App) -> Site:
        return Site(
            port=getattr(self.ports, app.id),
            data=self._data(app),
            keys=self.settings.home / "demo" / "keys" / app.id,
            user=READER,
            password=self.credentials.reader,
            secret=self.credentials.segar_jwt,
        )

    def create_databases(self) -> None:
        """Make the apps' databases in PostgreSQL; MariaDB's come with the server."""
        for app in APPS.values():
            if isinstance(app.home, PostgreSQL):
                self.postgres.create_database(app.id)

    def load(self, programs: Programs, citizens: int, seed: int | None) -> None:
        """Start the databases and load the city, unless it is there already."""
        if self.mariadb:
            self.mariadb.start()
        self.create_databases()
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

    def start_services(self, programs: Programs, env: Mapping[str, str]) -> None:
        """Start the apps' own services and wait until they answer. Raises ``StepFailedError``."""
        serving = [(app, app.service, self._site(app)) for app in APPS.values() if app.service]
        for app, service, site in serving:
            programs.start(
                app.id,
                [sys.executable, "-m", service.module, *service.options(site)],
                {**env, **service.environment(site)},
                cwd=self.settings.root,
            )
        for app, service, site in serving:
            wait_for_answer(
                app.id,
                f"port {site.port}",
                partial(service.answers, site),
                programs.check,
                START_SECONDS,
            )
