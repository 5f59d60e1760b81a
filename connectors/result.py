"""What an extraction did, table by table: for people, for Airflow, and for the run journal."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from lake.control import Basis, Control


class TableResult(BaseModel):
    """One table of one run."""

    app: str
    table: str
    outcome: Literal["landed", "unchanged", "failed"]
    rows_read: int = 0
    rows_landed: int = 0
    """New and changed rows."""
    rows_deleted: int = 0
    rows_quarantined: int = 0
    source_rows: int | None = None
    """Rows at the source when it was read, None where it can't count."""
    count_basis: Basis = "source"
    """Whether the source counted its rows, or kota what it read."""
    is_one_moment: bool = True
    """Whether they were counted in the instant in which they were read."""
    controls: list[Control] = []
    """What the control columns add up to at the source; empty where nobody added them up."""
    control_basis: Basis = "source"
    """Who added them up."""
    lake_version: int | None = None
    """The lake table's Delta version after the run: the state these counts speak of."""
    compared_at: datetime | None = None
    """When all its keys were last compared with the source."""
    reread_at: datetime | None = None
    """When all its rows were last read."""
    seconds: float = 0.0
    message: str = ""
    """One sentence: what broke and what to do, or what a human should know."""


class AppResult(BaseModel):
    """One run of one app."""

    app: str
    started_at: datetime
    finished_at: datetime
    tables: list[TableResult]

    @property
    def failed(self) -> list[TableResult]:
        """The tables that did not arrive."""
        return [table for table in self.tables if table.outcome == "failed"]

    @property
    def landed(self) -> list[TableResult]:
        """The tables in which something changed."""
        return [table for table in self.tables if table.outcome == "landed"]

    def sentence(self) -> str:
        """The run in one line."""
        if self.failed:
            return "; ".join(dict.fromkeys(table.message for table in self.failed))
        if not self.landed:
            return f"{self.app}: no change at the source, nothing landed"
        rows = sum(table.rows_landed for table in self.landed)
        deleted = sum(table.rows_deleted for table in self.landed)
        return f"{self.app}: {rows} rows landed, {deleted} deleted, in {len(self.landed)} tables"
