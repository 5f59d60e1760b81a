"""What the published warehouse holds, asked of the file itself, sealed as Superset opens it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from reports.superset.assets import InvalidAssetError
from reports.superset.published import SEALED


class Published:
    """One open published file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def columns_of(self, dataset: dict[str, Any]) -> list[str]:
        """The columns of a dataset, physical or virtual; none where its table is not published yet.

        Raises ``InvalidAssetError`` on a virtual dataset that cannot be described.
        """
        if sql := dataset.get("sql"):
            try:
                rows = self._connection.execute(f"DESCRIBE ({sql})").fetchall()
            except duckdb.CatalogException:
                return []
            except duckdb.Error as error:
                problem = str(error).splitlines()[0]
                raise InvalidAssetError(f"dataset {dataset['table_name']}: {problem}") from error
            return [row[0] for row in rows]
        found = self._connection.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_schema = ? AND table_name = ?",
            [dataset.get("schema"), dataset["table_name"]],
        )
        return [row[0] for row in found.fetchall()]

    def departments(self) -> set[str]:
        """The codes of the departments that rows may belong to."""
        found = self._connection.execute("SELECT department_code FROM marts.dim_departments")
        return {row[0] for row in found.fetchall()}


@contextmanager
def open_published_file(database: Path) -> Iterator[Published]:
    """Open the published file for reading."""
    connection = duckdb.connect(str(database.resolve()), **SEALED)
    try:
        yield Published(connection)
    finally:
        connection.close()
