"""What the readers for databases share: a DuckDB scanner attached to the source, read-only.

Row counts, keys and rows of one session come from one transaction, so they agree with each other
even while the app is in use.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from connectors.connection import Connection
from connectors.reader import Reader, SourceError
from connectors.registry import App
from kota.settings import Settings
from lake.engine import connect

ATTACHED = "source"


class ScannerReader(Reader):
    """A session with a database, through DuckDB. Implements ``connectors.reader.Reader``."""

    technology: str

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        self.app = app
        self.connection = connection
        self.settings = settings
        self._con: duckdb.DuckDBPyConnection | None = None
        self._is_begun = False

    def __enter__(self) -> Self:
        self._con = connect(self.settings)
        try:
            self.attach(self._con)
            self.begin(self._con)
        except duckdb.Error as error:
            self._con.close()
            raise self._failed(f"can't connect to its {self.technology} database", error) from None
        self._is_begun = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._con is not None:
            self._con.close()

    @abstractmethod
    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach the source as ``source``, read-only, within the app's politeness."""

    def begin(self, con: duckdb.DuckDBPyConnection) -> None:
        """Begin the transaction in which everything is read."""
        con.begin()

    def reason(self, error: Exception) -> str:
        """What went wrong, in one line."""
        return self.connection.redact(str(error)).strip().splitlines()[0]

    def _stream(
        self, table: str, query: str, parameters: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        rows = self.app.politeness.batch_rows
        try:
            yield from self._run(table, query, parameters).to_arrow_reader(rows)
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise self._broke_off(table, error) from None

    def _broke_off(self, table: str, error: Exception) -> SourceError:
        """What to raise when rows that had begun to come ended with an error."""
        self._is_begun = False
        return self._failed(f"reading {self.app.app}.{table} broke off", error)

    def _run(
        self, table: str | None, query: str, parameters: Sequence[str] = ()
    ) -> duckdb.DuckDBPyConnection:
        if self._con is None:
            raise RuntimeError("a reader is used inside its with block")
        where = f"{self.app.app}.{table}" if table else self.app.app
        if not self._is_begun:
            self._begin_again(self._con)
        try:
            return self._con.execute(query, list(parameters))
        except duckdb.Error as error:
            self._is_begun = False
            raise self._failed(f"can't read {where}", error) from None

    def _begin_again(self, con: duckdb.DuckDBPyConnection) -> None:
        """After an error DuckDB's transaction can't go on: other tables are read in a new one.

        What is read from here on is of one later moment.
        """
        with suppress(duckdb.Error):
            con.rollback()
        con.execute("set TimeZone = 'UTC'")
        try:
            self.begin(con)
        except duckdb.Error as error:
            raise self._failed(f"can't connect to its {self.technology} database", error) from None
        self._is_begun = True

    def _failed(self, what: str, error: Exception) -> SourceError:
        return SourceError(f"{self.app.app}: {what}: {self.reason(error)}")
