"""A legacy app in a real MariaDB server: made by SQL, read by an account that may only read."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pymysql

from connectors.connection import find_connection
from connectors.extract import extract_app
from connectors.mysql import MysqlReader
from connectors.registry import App
from connectors.result import AppResult
from demo.environment import environment
from demo.mariadb import DATABASES, OWNER, READER, MariaDBServer
from demo.ports import HOST, Ports
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Entry, Quarantine
from lake.table import LakeTable

ID = "legacy"
VARIABLE = "KOTA_CONN_LEGACY"


@contextmanager
def running_server(folder: Path) -> Iterator["MysqlServer"]:
    """A server on a free port, with an empty database."""
    with MariaDBServer(
        folder / "mariadb",
        Ports.free().mariadb,
        owner_password="owner-secret",
        reader_password="reader-secret",
        log=folder / "mariadb.log",
    ) as server:
        yield MysqlServer(server)


class MysqlServer:
    """The source as its own people see it."""

    def __init__(self, server: MariaDBServer) -> None:
        self.server = server

    def run(self, sql: str, *, as_root: bool = False) -> list[tuple[Any, ...]]:
        """Statements of the app, or of the server's superuser; gives the rows of the last one."""
        password = self.server.uri(OWNER).split(":")[2].split("@")[0]
        with (
            closing(
                pymysql.connect(
                    host=HOST,
                    port=self.server.port,
                    user=OWNER,
                    password=password,
                    database=DATABASES[0],
                    autocommit=True,
                    charset="utf8mb4",
                    sql_mode="ALLOW_INVALID_DATES",
                )
            ) as owner,
            owner.cursor() as cursor,
        ):
            if as_root:
                cursor.execute("select @@socket")
                ((socket,),) = cursor.fetchall()
                root = pymysql.connect(unix_socket=socket, user="root", autocommit=True)
                with closing(root), root.cursor() as cursor:
                    return _all(cursor, sql)
            return _all(cursor, sql)

    def status(self, name: str) -> int:
        """A counter of the server."""
        return int(self.run(f"show global status like '{name}'")[0][1])

    def uri(self) -> str:
        """The URI of the account that may only read."""
        return self.server.uri(READER)


class MysqlApp:
    """Tables of the source, registered, extracted, and looked at in the lake."""

    def __init__(
        self,
        source: MysqlServer,
        settings: Settings,
        tables: dict[str, dict[str, Any]],
        **politeness: Any,
    ) -> None:
        self.uri = source.uri()
        self.settings = settings
        self.app = App.model_validate(
            {
                "app": ID,
                "name": "A legacy app",
                "description": "For tests.",
                "department": "diskominfo",
                "owner": "legacy@kota.example",
                "tier": 3,
                "connection": ID,
                "timezone": "Asia/Jakarta",
                "schedule": "@daily",
                "freshness_hours": 24,
                "politeness": politeness,
                "tables": tables,
            }
        )

    def reader(self) -> MysqlReader:
        """A session with the source."""
        connection = find_connection(ID, {VARIABLE: self.uri})
        return MysqlReader(self.app, connection, self.settings)

    def extract(self) -> AppResult:
        """One run."""
        with environment({VARIABLE: self.uri}):
            return extract_app(self.app, self.settings)

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Rows of the current state in the lake, in order."""
        current = LakeTable(self.settings.lake_dir, ID, table).current(self.app.tables[table].key)
        with connect(self.settings) as con:
            return con.execute(f"select {columns} from ({current}) order by all").fetchall()

    def quarantined(self, table: str) -> list[Entry]:
        """What of the table could not be taken in."""
        return Quarantine(self.settings.lake_dir, ID).open_entries(table)


def read_column(reader: MysqlReader, table: str, name: str, **wanted: Any) -> Sequence[Any]:
    """The values of one column, as a read gives them."""
    columns = reader.describe(table)
    batches = reader.read(table, columns, wanted.get("since"), wanted.get("part"))
    return [value for batch in batches for value in batch.column(name).to_pylist()]


def _all(cursor: pymysql.cursors.Cursor, sql: str) -> list[tuple[Any, ...]]:
    for statement in sql.split(";\n"):
        if statement.strip():
            cursor.execute(statement)
    return list(cursor.fetchall())
