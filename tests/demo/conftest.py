"""Small cities, and real servers for those tests that load them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Self

import pytest

from demo.apps import APPS
from demo.city import City
from demo.credentials import Credentials
from demo.legacy_apps import LegacyApps
from demo.loading import AppUris
from demo.mariadb import MariaDBServer
from demo.ports import Ports
from demo.postgres import PostgresServer
from demo.process import Programs
from demo.spec import CitySpec
from kota.settings import Settings

OPENED = date(2026, 6, 10)
"""A Wednesday: the day before and the day after, offices work."""


@pytest.fixture(scope="session")
def spec() -> CitySpec:
    """A small city."""
    return CitySpec(citizens=500, seed=7, opened=OPENED)


@pytest.fixture(scope="session")
def city(spec: CitySpec) -> City:
    """The small city on its opening day."""
    return City.build(spec)


class Servers:
    """All servers of the legacy apps in one folder, none of them started yet."""

    def __init__(self, folder: Path) -> None:
        credentials = Credentials(
            postgres_admin="admin/sec@ret", mariadb_owner="owner-secret", reader="reader-secret"
        )
        ports = Ports.free()
        self.postgres = PostgresServer(
            folder / "postgres",
            ports.postgres,
            admin_password=credentials.postgres_admin,
            reader_password=credentials.reader,
            log=folder / "postgres.log",
        )
        self.settings = Settings(home=folder)
        self.apps = LegacyApps(self.settings, ports, credentials, self.postgres)
        mariadb = self.apps.mariadb
        assert mariadb is not None, "these tests need a MariaDB server on this machine"
        self.mariadb: MariaDBServer = mariadb

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Both database servers, started, with every app's database."""
        with self.mariadb, self.postgres:
            self.apps.create_databases()
            yield self

    @contextmanager
    def services(self) -> Iterator[None]:
        """The apps' own services, without the limits that would slow the tests down."""
        limits = {"SEGAR_REQUESTS_PER_SECOND": "10000", "SEGAR_BURST": "10000"}
        folder = self.settings.home
        with Programs(folder / "running.json", folder / "logs").closing() as programs:
            self.apps.start_services(programs, {**os.environ, **limits})
            yield

    def uris(self, *apps: str, **others: str) -> AppUris:
        """Where to write these apps, by default all; ``others`` are written somewhere else."""
        owners = self.apps.owner_connections()
        chosen = apps or tuple(APPS)
        return AppUris({app: others.get(app, owners[app.upper()]) for app in chosen})


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both servers, running."""
    with Servers(tmp_path_factory.mktemp("servers")).running() as servers:
        yield servers
