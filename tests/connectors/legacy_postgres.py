"""A department's app on PostgreSQL, and what of it is in the lake."""

from typing import Any

import psycopg
from deltalake import DeltaTable

from connectors.extract import extract_app
from connectors.registry import App
from connectors.result import AppResult
from demo.postgres import READER, PostgresServer
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable


class Office:
    """A database of one test, its app in the registry, and what of it is in the lake."""

    def __init__(self, server: PostgresServer, settings: Settings, database: str) -> None:
        self.server = server
        self.settings = settings
        self.database = database
        self.app = self.app_of(t={"key": ["id"], "mode": "snapshot"})

    def app_of(
        self, schema: str | None = None, politeness: dict[str, Any] | None = None, **tables: Any
    ) -> App:
        """An app with these tables."""
        self.app = App.model_validate(
            {
                "app": "kantor",
                "name": "An office",
                "description": "For tests.",
                "department": "diskominfo",
                "owner": "kantor@kota.example",
                "tier": 3,
                "connection": "kantor",
                "timezone": "Asia/Jakarta",
                "schedule": "@daily",
                "freshness_hours": 24,
                "schema": schema,
                "politeness": politeness or {},
                "tables": tables,
            }
        )
        return self.app

    def admin(self) -> "psycopg.Connection[Any]":
        """A connection of the app's own."""
        return psycopg.connect(self.server.uri(self.database), autocommit=True)

    def run(self, statements: str) -> None:
        """Change the source, and let the reader see all of it."""
        with self.admin() as con:
            con.execute(statements)
            con.execute(f"grant select on all tables in schema public to {READER}")

    def extract(self) -> AppResult:
        """One run."""
        return extract_app(self.app, self.settings)

    def current(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Rows of the current state in the lake, in order."""
        state = LakeTable(self.settings.lake_dir, "kantor", table).current(
            self.app.tables[table].key
        )
        with connect(self.settings) as con:
            return con.execute(f"select {columns} from ({state}) order by all").fetchall()

    def quarantined(self) -> list[tuple[Any, ...]]:
        """Rule, reason and raw record of what is in quarantine."""
        files = DeltaTable(str(Quarantine(self.settings.lake_dir, "kantor").path)).file_uris()
        with connect(self.settings) as con:
            return con.execute(
                "select rule, reason, raw from read_parquet($files)", {"files": files}
            ).fetchall()
