"""An app with one table that arrives as files, extracted and looked at in the lake."""

from typing import Any

import yaml

from connectors.connection import find_connection
from connectors.extract import extract_app
from connectors.files.reader import FileReader
from connectors.reader import Rejected
from connectors.registry import App
from connectors.result import TableResult
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from tests.connectors.files.drop import APP, Drop

TABLE = "prices"


class FileApp:
    """The app of ``drop``, with its one table registered as the YAML in ``entry`` says."""

    def __init__(self, drop: Drop, entry: str) -> None:
        self.drop = drop
        drop.monkeypatch.setenv("KOTA_CONN_PASAR", drop.uri)
        app = APP.model_dump(by_alias=True, exclude_unset=True)
        table = {"key": [], "mode": "snapshot", **yaml.safe_load(entry)}
        self.app = App.model_validate({**app, "tables": {TABLE: table}})

    def extract(self) -> TableResult:
        """One run; the table may have failed."""
        return extract_app(self.app, self.drop.settings).tables[0]

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """One run that succeeds, and the lake's current rows after it, in order."""
        result = self.extract()
        assert result.outcome != "failed", result.message
        return self.current(columns)

    def current(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """The lake's current rows, in order."""
        table = LakeTable(self.drop.settings.lake_dir, self.app.app, TABLE)
        with connect(self.drop.settings, timezone="UTC") as con:
            state = table.current(self.app.tables[TABLE].key)
            return con.execute(f"select {columns} from ({state}) order by all").fetchall()

    def quarantine(self) -> list[tuple[str, str, str]]:
        """Rule, reason and raw record of the open quarantine entries."""
        entries = Quarantine(self.drop.settings.lake_dir, self.app.app).open_entries(TABLE)
        return sorted((entry.rule, entry.reason, entry.raw) for entry in entries)

    def read(self) -> tuple[list[dict[str, Any]], list[Rejected], list[str]]:
        """The rows as the reader gives them, what it rejects, and its notes, without a lake."""
        connection = find_connection(self.app.connection)
        with FileReader(self.app, connection, self.drop.settings) as reader:
            columns = reader.describe(TABLE)
            batches = list(reader.read(TABLE, columns, None))
            rows = [row for batch in batches for row in batch.to_pylist()]
            return rows, list(reader.rejected(TABLE)), list(reader.notes(TABLE))
