"""A whole city's apps, small tables: what a table costs that has next to nothing in it."""

import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.extract.kota_run import Kota, tables_of
from benchmarks.extract.report import Section, megabytes
from benchmarks.extract.sources import (
    mariadb_server,
    mysql_superuser,
    postgres_server,
)
from demo import mariadb, postgres
from demo.ports import HOST

TABLES = 10
ROWS = 200
COLUMNS = (
    "id INTEGER NOT NULL PRIMARY KEY, code VARCHAR(20) NOT NULL, name VARCHAR(80), "
    "amount DECIMAL(12,2), born DATE, is_active SMALLINT, note VARCHAR(200), "
    "updated_at TIMESTAMP NOT NULL"
)
INCREMENTAL = {"key": ["id"], "mode": "incremental", "cursor": "updated_at"}
SNAPSHOT = {"key": ["id"], "mode": "snapshot"}


def run(apps: int) -> list[Section]:
    """Make the apps, then extract all of them twice with one command each time."""
    section = Section(
        title=f"{apps * TABLES:,} small tables: {apps} apps of {TABLES} tables of {ROWS} rows",
        about="A third of the apps each in MariaDB, PostgreSQL and SQLite, half of the tables "
        "incremental and half snapshots; one `kota extract` for all, one after the other.",
        columns=["run", "seconds", "ms a table", "CPU s", "peak memory", "outcome"],
    )
    with tempfile.TemporaryDirectory(prefix="kota-benchmark-") as folder, ExitStack() as stack:
        kota = Kota(Path(folder) / "home")
        makers = [
            _in_mariadb(Path(folder), stack),
            _in_postgres(Path(folder), stack),
            _in_sqlite(Path(folder)),
        ]
        for number in range(apps):
            name = f"app{number:03}"
            uri, more = makers[number % len(makers)](name)
            kota.register(name, uri, _tables(), **more)
        for title in ("first load", "no change"):
            print(f"{apps * TABLES} tables, {title} …", file=sys.stderr)
            measurement = kota.extract_all()
            outcomes = Counter(table["outcome"] for table in tables_of(measurement))
            section.measurements[title] = [measurement]
            section.rows.append(
                [
                    title,
                    f"{measurement.seconds:.0f}",
                    f"{1000 * measurement.seconds / (apps * TABLES):.0f}",
                    f"{measurement.cpu_seconds:.0f}",
                    megabytes(measurement.peak_bytes),
                    ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items()),
                ]
            )
    return [section]


Make = Callable[[str], tuple[str, dict[str, Any]]]
"""Makes the database of one app; gives its URI and what else the registry has to say."""


def _tables() -> dict[str, Any]:
    return {f"t{number}": INCREMENTAL if number % 2 else SNAPSHOT for number in range(TABLES)}


def _statements(schema: str = "") -> list[str]:
    """Make and fill the tables of one app."""
    made = []
    for number in range(TABLES):
        rows = ", ".join(
            f"({row}, 'K{number}-{row:05}', 'Nama {row * 7 % 1000}', {row * 13}.{row % 100:02}, "
            f"'{1960 + row % 45}-0{1 + row % 9}-1{row % 10}', {row % 2}, 'catatan {row}', "
            f"'2024-0{1 + row % 9}-1{row % 10} 0{row % 10}:00:00')"
            for row in range(1, ROWS + 1)
        )
        name = f"{schema}t{number}"
        made += [f"create table {name} ({COLUMNS})", f"insert into {name} values {rows}"]
    return made


def _in_mariadb(folder: Path, stack: ExitStack) -> Make:
    server = stack.enter_context(mariadb_server(folder))
    root = stack.enter_context(mysql_superuser(server.uri(mariadb.OWNER)))

    def make(name: str) -> tuple[str, dict[str, Any]]:
        with root.cursor() as cursor:
            cursor.execute(f"create database {name} character set utf8mb4")
            cursor.execute(f"grant select on {name}.* to '{mariadb.READER}'@'{HOST}'")
            for statement in _statements(f"{name}."):
                cursor.execute(statement)
        return f"{server.uri().rsplit('/', 1)[0]}/{name}", {}

    return make


def _in_postgres(folder: Path, stack: ExitStack) -> Make:
    server = stack.enter_context(postgres_server(folder))

    def make(name: str) -> tuple[str, dict[str, Any]]:
        server.create_database(name)
        with psycopg.connect(server.uri(name)) as connection:
            for statement in _statements():
                connection.execute(statement)
            connection.execute(f"grant select on all tables in schema public to {postgres.READER}")
        return server.uri(name, postgres.READER), {"schema": "public"}

    return make


def _in_sqlite(folder: Path) -> Make:
    def make(name: str) -> tuple[str, dict[str, Any]]:
        path = folder / f"{name}.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in _statements():
                connection.execute(statement)
        return f"sqlite:///{path}", {}

    return make
