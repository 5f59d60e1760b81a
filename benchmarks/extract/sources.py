"""The databases that are read: private servers in a temporary folder, filled fast."""

import getpass
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pymysql

from benchmarks.extract import requests_table as data
from demo import mariadb, postgres
from demo.mariadb import MariaDBServer
from demo.ports import Ports
from demo.postgres import PostgresServer

POSTGRES_DATABASE = "benchmark"


@dataclass(frozen=True)
class Source:
    """A running database with one large table in it."""

    name: str
    technology: str
    """The URI's scheme: ``mysql`` or ``postgres``."""
    schema: str
    """The schema the table is in; for MariaDB that is the database."""
    reader_uri: str
    owner_uri: str
    process: psutil.Process
    version: str
    folder: Path
    """Where what is measured may write; it goes with the server."""
    run: Callable[[Sequence[str]], None]
    """Run statements as the owner, committed."""
    rows_touched: Callable[[], int]
    """How many rows the server itself has read since it started, so that nothing hides."""


@contextmanager
def mariadb_server(folder: Path) -> Iterator[MariaDBServer]:
    """An empty MariaDB."""
    server = MariaDBServer(
        folder / "mariadb",
        Ports.free().mariadb,
        owner_password=secrets.token_hex(8),
        reader_password=secrets.token_hex(8),
        log=folder / "mariadb.log",
    )
    with server:
        yield server


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """An empty PostgreSQL."""
    server = PostgresServer(
        folder / "postgres",
        Ports.free().postgres,
        admin_password=secrets.token_hex(8),
        reader_password=secrets.token_hex(8),
        log=folder / "postgres.log",
    )
    with server:
        yield server


@contextmanager
def mariadb_source(folder: Path, rows: int) -> Iterator[Source]:
    """MariaDB with the table of so many rows."""
    with mariadb_server(folder) as server:
        owner = server.uri(mariadb.OWNER)
        text = folder / "requests.tsv"
        data.write_rows(text, rows)
        with mysql_connection(owner) as connection, connection.cursor() as cursor:
            cursor.execute(f"create table {data.TABLE} ({data.MARIADB_COLUMNS})")
            cursor.execute(
                f"load data local infile '{text}' into table {data.TABLE} character set utf8mb4"
            )
            cursor.execute(f"create index by_{data.CURSOR} on {data.TABLE} ({data.CURSOR})")
            cursor.execute(f"analyze table {data.TABLE}")
            cursor.execute("select version()")
            (version,) = cursor.fetchone() or ("",)
        text.unlink()

        def run(statements: Sequence[str]) -> None:
            with mysql_connection(owner) as connection, connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

        def rows_touched() -> int:
            with mysql_connection(owner) as connection, connection.cursor() as cursor:
                cursor.execute("show global status like 'Handler_read%'")
                return sum(int(value) for _, value in cursor.fetchall())

        yield Source(
            name="MariaDB",
            technology="mysql",
            schema=mariadb.DATABASES[0],
            reader_uri=server.uri(),
            owner_uri=owner,
            process=_process(server),
            version=str(version),
            folder=folder,
            run=run,
            rows_touched=rows_touched,
        )


@contextmanager
def postgres_source(folder: Path, rows: int) -> Iterator[Source]:
    """PostgreSQL with the table of so many rows."""
    with postgres_server(folder) as server:
        server.create_database(POSTGRES_DATABASE)
        owner = server.uri(POSTGRES_DATABASE)
        text = folder / "requests.tsv"
        data.write_rows(text, rows)
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f"create table {data.TABLE} ({data.POSTGRES_COLUMNS})")
            with connection.cursor().copy(f"copy {data.TABLE} from stdin") as copy:
                for block in data.blocks(text):
                    copy.write(block)
            connection.execute(f"create index on {data.TABLE} ({data.CURSOR})")
            connection.execute(f"grant select on {data.TABLE} to {postgres.READER}")
            connection.execute(f"vacuum analyze {data.TABLE}")
            (version,) = connection.execute("show server_version").fetchone() or ("",)
        text.unlink()

        def run(statements: Sequence[str]) -> None:
            with psycopg.connect(owner, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement)

        def rows_touched() -> int:
            with psycopg.connect(owner, autocommit=True) as connection:
                connection.execute("select pg_stat_force_next_flush()")
                row = connection.execute(
                    "select seq_tup_read + coalesce(idx_tup_fetch, 0), "
                    "(select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes) "
                    "from pg_stat_user_tables where relname = %s",
                    (data.TABLE,),
                ).fetchone()
            return max(int(row[0]), int(row[1])) if row else 0

        yield Source(
            name="PostgreSQL",
            technology="postgres",
            schema="public",
            reader_uri=server.uri(POSTGRES_DATABASE, postgres.READER),
            owner_uri=owner,
            process=_process(server),
            version=str(version),
            folder=folder,
            run=run,
            rows_touched=rows_touched,
        )


SOURCES = {"mariadb": mariadb_source, "postgres": postgres_source}


@contextmanager
def large_table(name: str, rows: int) -> Iterator[Source]:
    """One of ``SOURCES`` with the table of so many rows, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="kota-benchmark-") as folder,
        SOURCES[name](Path(folder), rows) as source,
    ):
        yield source


def mysql_connection(uri: str) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
    """A connection that may load a local file, and commits each statement."""
    parts = urlsplit(uri)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=parts.username,
        password=parts.password or "",
        database=parts.path[1:],
        local_infile=True,
        autocommit=True,
    )


def mysql_superuser(uri: str) -> "pymysql.connections.Connection[pymysql.cursors.Cursor]":
    """The superuser's connection, by the server's socket."""
    with mysql_connection(uri) as connection, connection.cursor() as cursor:
        cursor.execute("select @@socket")
        (socket,) = cursor.fetchone() or ("",)
    return pymysql.connect(unix_socket=socket, user=getpass.getuser(), autocommit=True)


def _process(server: MariaDBServer | PostgresServer) -> psutil.Process:
    if server.process is None:
        raise RuntimeError(f"{server.name} does not run")
    return psutil.Process(server.process.pid)
