"""Types that come with an extension, from the PostgreSQL that a distribution ships.

The server of the other tests has no extensions. This one is also years older.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.ports import Ports
from demo.postgres import READER, PostgresServer
from kota.settings import Settings
from tests.connectors.legacy_postgres import Office
from tests.connectors.types_table import TypeRow, check_section

pytestmark = pytest.mark.integration

VALUES = {
    "hstore": ('"lebar"=>"3 m", "lampu"=>NULL', '{"lampu": null, "lebar": "3 m"}'),
    "citext": ("Jl. Merdeka", "Jl. Merdeka"),
    "ltree": ("kota.tangerang.cipondoh", "kota.tangerang.cipondoh"),
    "isbn13": ("978-602-03-3295-6", "978-602-03-3295-6"),
    "cube": ("(1, 2),(3, 4)", "(1, 2),(3, 4)"),
}
"""A value of each type, and what of it is in the lake."""
EXTENSIONS = ("hstore", "citext", "ltree", "isn", "cube")


class DistributionServer(PostgresServer):
    """The newest PostgreSQL among the packages of the machine."""

    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("not installed"))


@pytest.fixture
def office(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An empty database on a server of its own."""
    server = DistributionServer(
        tmp_path / "postgres" / "data",
        Ports.free().postgres,
        admin_password="admin-secret",
        reader_password="reader-secret",
        log=tmp_path / "postgres.log",
    )
    (tmp_path / "postgres").mkdir()
    with server:
        server.create_database("kantor")
        monkeypatch.setenv("KOTA_CONN_KANTOR", server.uri("kantor", READER))
        yield Office(server, settings, "kantor")


def test_types_of_extensions_survive(office: Office) -> None:
    for extension in EXTENSIONS:
        office.run(f"create extension {extension}")
    columns = ", ".join(f"a_{name} {name}" for name in VALUES)
    given = ", ".join(f"'{value}'" for value, _ in VALUES.values())
    office.run(f"create table t (id int primary key, {columns})")
    office.run(f"insert into t values (1, {given}); insert into t (id) values (2)")
    result = office.extract()

    assert not result.failed, result.sentence()
    names = ", ".join(f"a_{name}" for name in VALUES)
    full, empty = office.current("t", f"id, {names}")
    assert full[1:] == tuple(landed for _, landed in VALUES.values())
    assert set(empty[1:]) == {None}
    assert office.extract().tables[0].outcome == "unchanged"

    ((*types,), _) = office.current("t", ", ".join(f"typeof(a_{name})" for name in VALUES))
    check_section(
        "postgres extensions",
        [
            TypeRow(f"`{name}`", f"`{value}`", f"{kind} `{landed}`")
            for (name, (value, landed)), kind in zip(VALUES.items(), types, strict=True)
        ],
    )
