"""A small legacy app in a SQLite file, registered, extracted, and looked at in the lake."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from connectors.extract import extract_app
from connectors.registry import App, load_registry
from connectors.result import AppResult, TableResult
from kota.settings import Settings
from lake.engine import connect
from lake.table import LakeTable

REGISTRY = """
app: legacy
name: A legacy app
description: For tests.
department: diskominfo
owner: legacy@kota.example
tier: 3
connection: legacy
timezone: Asia/Jakarta
schedule: "@daily"
freshness_hours: 24
tables:
  requests:
    key: [id]
    mode: incremental
    cursor: updated_at
    columns:
      nik: {personal: umum, policy: token}
      password: {policy: drop}
  kinds:
    key: [code]
    mode: snapshot
"""

SCHEMA = """
create table requests (id integer, nik varchar(16), password text, amount decimal(10, 2),
                       reported_at datetime, updated_at datetime);
create table kinds (code text, name text);
insert into requests values
  (1, '3671010101900001', 'secret-1', 10.50, '2026-01-01 08:00:00', '2026-01-01 08:00:00'),
  (2, null, 'secret-2', 20, '0000-00-00 00:00:00', '2026-01-02 08:00:00');
insert into kinds values ('A', 'Jalan'), ('B', 'Sampah');
"""


class LegacyApp:
    """The app, its source, and what of it is in the lake."""

    def __init__(self, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = settings
        self.database = folder / "legacy.sqlite"
        self.register(REGISTRY)
        self.run(SCHEMA)
        monkeypatch.setenv("KOTA_CONN_LEGACY", f"sqlite:///{self.database}")

    def with_home(self, home: Path) -> "LegacyApp":
        """The same app and source, landing in another lake."""
        other = object.__new__(LegacyApp)
        other.settings = self.settings.model_copy(update={"home": home})
        other.database = self.database
        return other

    def register(self, text: str) -> None:
        """Write the app's registry file."""
        (self.settings.apps_dir / "legacy.yml").write_text(text, "utf-8")

    @property
    def app(self) -> App:
        """The app as registered."""
        return load_registry(self.settings)["legacy"]

    def run(self, sql: str) -> None:
        """Change the source."""
        with sqlite3.connect(self.database) as con:
            con.executescript(sql)
        con.close()

    def extract(self, **options: bool) -> AppResult:
        """One run; every table of it succeeded."""
        result = extract_app(self.app, self.settings, **options)
        assert not result.failed, result.sentence()
        return result

    def extract_table(self, table: str) -> TableResult:
        """One run, of which one table is looked at, succeeded or not."""
        result = extract_app(self.app, self.settings)
        return next(entry for entry in result.tables if entry.table == table)

    def table(self, name: str) -> LakeTable:
        """A table in the lake."""
        return LakeTable(self.settings.lake_dir, "legacy", name)

    def current(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Rows of the current state in the lake, in order."""
        with connect(self.settings) as con:
            state = self.table(name).current(self.app.tables[name].key)
            return con.execute(f"select {columns} from ({state}) order by all").fetchall()

    def fingerprint(self, relation: str) -> list[tuple[Any, ...]]:
        """Row count and a checksum of the row hashes of a relation in the lake."""
        with connect(self.settings) as con:
            return con.execute(
                f"select count(*), count(distinct _kota_hash), bit_xor(hash(_kota_hash)) "
                f"from {relation}"
            ).fetchall()

    def log(self, name: str, columns: str) -> list[tuple[Any, ...]]:
        """Entries of the change log, in order."""
        with connect(self.settings) as con:
            relation = self.table(name).relation()
            return con.execute(f"select {columns} from {relation} order by all").fetchall()
