"""The values that a column's reference allows, read from the lake before rows are judged."""

from collections.abc import Sequence

import duckdb

from connectors.reader import SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.column import Column
from lake.columns import quoted
from lake.rules import values_relation
from lake.table import LakeTable


def register_references(
    con: duckdb.DuckDBPyConnection, app: App, columns: Sequence[Column], settings: Settings
) -> None:
    """Make the allowed values readable. Raises ``SourceError`` when they were never loaded."""
    for column in columns:
        if column.contract.references is None:
            continue
        name, other = column.contract.references
        referred = LakeTable(settings.lake_dir, app.app, name)
        if not referred.exists():
            raise SourceError(
                f"{app.app}: {column.name} refers to {name}.{other}, and {name} was never "
                "loaded; extract that table first"
            )
        current = referred.current(app.tables[name].key)
        con.execute(
            f"create or replace temp table {values_relation(name, other)} as "
            f"select distinct cast({quoted(other)} as varchar) as value from ({current}) "
            f"where {quoted(other)} is not null"
        )
