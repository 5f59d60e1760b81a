"""Small cities, and real servers for those tests that load them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from demo.city import City
from demo.loading import AppUris
from demo.mariadb import OWNER, MariaDBServer
from demo.ports import Ports
from demo.postgres import PostgresServer
from demo.spec import CitySpec

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
    """A MariaDB and a PostgreSQL server for one test module."""

    def __init__(self, folder: Path) -> None:
        ports = Ports.free()
        self.mariadb = MariaDBServer(
            folder / "mariadb",
            ports.mariadb,
            owner_password="owner-secret",
            reader_password="reader-secret",
            log=folder / "mariadb.log",
        )
        self.postgres = PostgresServer(
            folder / "postgres",
            ports.postgres,
            admin_password="admin/sec@ret",
            reader_password="reader-secret",
            log=folder / "postgres.log",
        )
        self.segar = folder / "segar.sqlite"

    def uris(self, laksa: str | None = None) -> AppUris:
        """Where to write; LAKSA in MariaDB unless said otherwise."""
        return AppUris(
            {
                "laksa": laksa or self.mariadb.uri(OWNER),
                "perizinan": self.postgres.uri("perizinan"),
                "segar": f"sqlite:///{self.segar}",
            }
        )


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both servers, running."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    with ExitStack() as stack:
        stack.enter_context(servers.mariadb)
        stack.enter_context(servers.postgres)
        servers.postgres.create_database("perizinan")
        yield servers
