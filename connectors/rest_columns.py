"""Nested records to columns, by the paths that the registry declares."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from connectors.reader import SourceError
from connectors.registry import Table
from connectors.rest_json import at, keys, text
from lake.column import Column


class Shape:
    """Which columns a table's records have.

    What a path takes is cut out of the object it is in, and only the remainder of that lands as
    JSON: a value that is tokenised as a column must not be in clear beside it.
    """

    def __init__(self, table: Table, where: str) -> None:
        self._where = where
        self._declared = table.columns
        self._paths = {
            name: column.path
            for name, column in table.columns.items()
            if column.path and column.path != name
        }

    def names(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        """The declared columns, then those that only the rows show."""
        shown = dict.fromkeys(name for row in rows for name in self.flat(row))
        return [*self._declared, *(name for name in shown if name not in self._declared)]

    def flat(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record by columns."""
        if not self._paths:
            return record
        found = {name: at(record, path) for name, path in self._paths.items()}
        rest: Any = record
        for path in self._paths.values():
            rest = _without(rest, keys(path))
        if clash := sorted(found.keys() & rest.keys()):
            raise SourceError(
                f"{self._where}: column {clash[0]} has a path, but the records have a field of "
                "that name too; give the column another name"
            )
        return {**rest, **found}


def batch(rows: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pa.RecordBatch:
    """Flat rows as text."""
    return pa.RecordBatch.from_arrays(
        [pa.array([text(row.get(col.name)) for row in rows], pa.string()) for col in columns],
        schema=schema(columns),
    )


def schema(columns: Sequence[Column]) -> pa.Schema:
    """All as text, since JSON has too few types to be trusted."""
    return pa.schema([(column.name, pa.string()) for column in columns])


def _without(value: Any, path: list[str]) -> Any:
    """The value without what is at the path, nor objects that this leaves empty."""
    key, *rest = path
    if isinstance(value, list) and key.isdigit() and int(key) < len(value):
        inner = _without(value[int(key)], rest) if rest else None
        return [*value[: int(key)], inner, *value[int(key) + 1 :]]
    if not isinstance(value, dict) or key not in value:
        return value
    inner = _without(value[key], rest) if rest else None
    if inner in (None, {}):
        return {name: other for name, other in value.items() if name != key}
    return {**value, key: inner}
