"""Read PostgreSQL through DuckDB's scanner."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from connectors import postgres_catalog as catalog
from connectors import postgres_errors
from connectors.controls import SourceSum
from connectors.legacy_text import with_text
from connectors.postgres_odd import OddWatch
from connectors.postgres_select import ATTACHED, odd_sql, passed_on, range_sql, select_sql
from connectors.postgres_sums import sums_sql
from connectors.postgres_types import SourceColumn, Transport, transport
from connectors.reader import KeyRange, ReadAgainError, Scan, SourceError
from connectors.scanner import ScannerReader
from lake.column import Column
from lake.columns import literal, quoted
from lake.engine import load_extension

APPLICATION = "kota"
CONNECT_SECONDS = 10
SPELLING = {
    "standard_conforming_strings": "on",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    # Else a scan may begin in the middle of a table that somebody else is reading.
    "synchronize_seqscans": "off",
}
"""Settings of the session that change how a value is spelt as text."""
WHOLE_TYPES = ("int2", "int4", "int8")
SINCE_TYPES = {
    **dict.fromkeys((*WHOLE_TYPES, "oid"), "int8"),
    **{name: name for name in ("float8", "numeric", "date", "timestamp", "timestamptz")},
}
"""Types of a cursor that the server compares, and what it compares them with."""


@dataclass(frozen=True)
class _Known:
    """What a session knows of a table."""

    table: catalog.SourceTable
    columns: dict[str, SourceColumn]
    transports: dict[str, Transport]
    from_pages: bool
    """Read by the scanner itself, which may use several connections at a time."""


class PostgresReader(ScannerReader):
    """A session with a PostgreSQL database: one read-only transaction, so one moment.

    Filters, casts and counts are done by the server, in statements of our own: DuckDB's scanner
    passes them on and takes the rows in binary.
    """

    technology = "PostgreSQL"
    sums_by = "source"
    _known: dict[str, _Known]
    _odd: dict[str, set[str]]
    """By table, the columns in which a value was met that its binary form can't hold."""
    _is_ascii: bool = False
    _counts: dict[str, int]

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Attach with the password in a secret, where no error message repeats it."""
        load_extension(con, "postgres_scanner")
        # In the server's order, keys mostly ascend, which proves that none occurs twice.
        con.execute("set preserve_insertion_order = true")
        self._known = {}
        self._odd = {}
        polite = self.app.politeness
        con.execute(f"set pg_pool_max_connections = {polite.max_connections}")
        con.execute(f"set pg_statement_timeout_millis = {polite.statement_timeout_seconds * 1000}")
        if polite.max_connections == 1:
            # The scanner opens a connection for each thread that scans a table's pages.
            con.execute("set pg_use_ctid_scan = false")
        con.execute(
            f"create secret {ATTACHED} (type postgres, host {literal(self.connection.host)}, "
            f"port {self.connection.port or 5432}, user {literal(self.connection.user)}, "
            f"password {literal(self.connection.password)}, "
            f"database {literal(self.connection.path)})"
        )
        # Without it, text arrives in the database's encoding, whatever that is.
        session = f"client_encoding=UTF8 application_name={APPLICATION}"
        con.execute(
            f"attach '{session} connect_timeout={CONNECT_SECONDS}' as {ATTACHED} "
            f"(type postgres, secret {ATTACHED}, read_only)"
        )

    def begin(self, con: duckdb.DuckDBPyConnection) -> None:
        """Begin, and say how long a statement may take and how values are spelt as text."""
        con.begin()
        self._counts = {}
        timeout = str(self.app.politeness.statement_timeout_seconds * 1000)
        settings = ", ".join(
            f"set_config('{name}', '{value}', true) as {name}"
            for name, value in {"statement_timeout": timeout, **SPELLING}.items()
        )
        statement = f"select getdatabaseencoding()::text as encoding, {settings}"
        try:
            row = con.execute(f"select encoding from {passed_on(statement)}").fetchone()
        except duckdb.Error:
            _end(con)
            raise
        self._is_ascii = row == ("SQL_ASCII",)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._con is not None:
            _end(self._con)
        super().__exit__(kind, error, trace)

    def describe(self, table: str) -> list[Column]:
        """The columns that the account may read."""
        self._known.pop(table, None)
        return [
            Column(name, transport.source_type, transport.declared_type)
            for name, transport in self._facts(table).transports.items()
        ]

    def count(self, table: str) -> int | None:
        """Rows at the source, counted by the source, once: the transaction sees no other number."""
        relation = self._facts(table).table.relation
        if table not in self._counts:
            ((rows,),) = self._rows(table, f"select count(*) as n from {relation}")
            self._counts[table] = int(rows)
        return self._counts[table]

    def control_sums(self, table: str, columns: Sequence[Column]) -> list[SourceSum]:
        """What columns add up to, by the server, in one pass over the table."""
        known = self._facts(table)
        sums = {
            column.name: found
            for column in columns
            if (found := sums_sql(known.columns[column.name], column.lake_type))
        }
        if not sums or self._is_ascii:
            return []
        selected = ", ".join(
            f"{part} as c{place}" for place, part in enumerate(p for s in sums.values() for p in s)
        )
        (row,) = self._rows(table, f"select {selected} from {known.table.relation}")
        return [
            SourceSum(name, int(row[4 * place]), *row[4 * place + 1 : 4 * place + 4])
            for place, name in enumerate(sums)
        ]

    def read(
        self,
        table: str,
        columns: Sequence[Column],
        since: str | None,
        part: KeyRange | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns; with ``since`` also the rows that have no cursor value."""
        known = self._facts(table)
        names = [column.name for column in columns]
        cursor = self.app.tables[table].cursor
        if part is not None:
            yield from self._selected(table, names, self._in_part(table, part))
        elif since is None or cursor is None:
            yield from self._selected(table, names)
        elif compared := SINCE_TYPES.get(known.columns[cursor].type_name):
            value = quoted(cursor)
            test = f"{value} >= {literal(since)}::{compared}"
            if known.columns[cursor].nullable:
                test = f"({test} or {value} is null)"
            yield from self._selected(table, names, test)
        else:
            # The server may not understand its text as what the registry says it is.
            column = next(column for column in columns if column.name == cursor)
            value = f"try_cast({quoted(cursor)} as {column.declared_type})"
            start = f"cast({literal(since)} as {column.declared_type})"
            yield from self._selected(table, names, here=f"{value} >= {start} or {value} is null")

    def scan(self, table: str, columns: Sequence[Column], part: KeyRange | None) -> Scan | None:
        """The same as a query, unless text has to be mended or odd values can't be seen."""
        if self._con is None or self._is_ascii or any(c.policy != "keep" for c in columns):
            return None
        ways = self._ways(table, [column.name for column in columns])
        there = self._in_part(table, part) if part is not None else ""
        look, end = self._odd_watch(table, ways, there)
        query = self._query(table, ways, there)
        return Scan(self._con, query, look, end, partial(self._broke_off, table))

    def keys(self, table: str) -> Iterator[pa.RecordBatch]:
        """Stream the key columns of every row."""
        yield from self._selected(table, self.app.tables[table].key)

    def bounds(self, table: str, column: str) -> tuple[int, int] | None:
        """Least and greatest value, by the source's index."""
        relation, name = self._facts(table).table.relation, quoted(column)
        ((least, greatest),) = self._rows(
            table, f"select min({name})::int8 as a, max({name})::int8 as z from {relation}"
        )
        return None if least is None else (int(least), int(greatest))

    def busy(self) -> int | None:
        """Statements of others that run now; None for an account that does not see them all."""
        try:
            self._rows(None, "select pg_stat_clear_snapshot()::text as cleared")
            ((may_see, active),) = self._rows(
                None,
                "select pg_has_role('pg_read_all_stats', 'usage') as may_see, "
                "(select count(*) from pg_stat_activity where state = 'active' "
                "and backend_type = 'client backend' and pid <> pg_backend_pid() "
                f"and application_name <> {literal(APPLICATION)}) as active",
            )
        except SourceError:
            return None
        return int(active) if may_see else None

    def _facts(self, table: str) -> _Known:
        if table not in self._known:
            self._known[table] = self._look_up(table)
        return self._known[table]

    def _look_up(self, table: str) -> _Known:
        schema, name = self.app.schema_ or "public", self.app.source_name(table)
        found = self._rows(table, catalog.find_sql(schema, name))
        if not found:
            raise SourceError(
                f"{self.app.app}.{table}: the database has no table {name!r} in schema {schema!r}; "
                f"correct source or schema in {self.app.app}.yml"
            )
        entry = catalog.source_table(found[0])
        if not entry.may_read:
            raise SourceError(
                f"{self.app.app}.{table}: the account {self.connection.user!r} may not read "
                f"{entry.schema}.{entry.name}; it needs USAGE on the schema and SELECT on the table"
            )
        rows = self._rows(table, catalog.columns_sql(entry.oid))
        columns = {row[0]: catalog.source_column(row) for row in rows}
        if not columns:
            raise SourceError(f"{self.app.app}.{table}: the table has no columns")
        said = self.app.tables[table].columns
        as_text = self._odd.get(table, set()) | {name for name in said if said[name].type}
        transports = {
            name: transport(column, as_text=name in as_text, is_ascii=self._is_ascii)
            for name, column in columns.items()
        }
        from_pages = (
            self.app.politeness.max_connections > 1
            and entry.kind in ("r", "m")
            and all(way.select == quoted(name) for name, way in transports.items())
        )
        return _Known(entry, columns, transports, from_pages)

    def _selected(
        self, table: str, names: Sequence[str], there: str = "", *, here: str = ""
    ) -> Iterator[pa.RecordBatch]:
        """Stream columns of the rows that pass ``there`` on the server, and ``here`` in DuckDB."""
        ways = self._ways(table, names)
        text = {name for name, way in ways.items() if way.source_type == "VARCHAR"}
        look, end = self._odd_watch(table, ways, there)
        for batch in self._stream(table, self._query(table, ways, there, here)):
            look(batch)
            yield with_text(batch, text) if self._is_ascii else batch
        end()

    def _odd_watch(
        self, table: str, ways: Mapping[str, Transport], there: str
    ) -> tuple[Callable[[pa.RecordBatch], None], Callable[[], None]]:
        """What has to see every batch of a reading, and what has to be called after the last."""
        guarded = {name: way for name, way in ways.items() if way.odd}
        watch = OddWatch(guarded, self._whole_key(table, ways))

        def look(batch: pa.RecordBatch) -> None:
            if watch.met_odd(batch):
                self._read_as_text(table, guarded, there)

        def end() -> None:
            doubtful = {name: ways[name] for name in watch.doubtful}
            self._read_as_text(table, doubtful, _those(watch, there))

        return look, end

    def _whole_key(self, table: str, names: Iterable[str]) -> str | None:
        """The column that alone is the key, if it is a whole number and among those read."""
        key = self.app.tables[table].key
        columns = self._facts(table).columns
        is_whole = len(key) == 1 and columns[key[0]].type_name in WHOLE_TYPES
        return key[0] if is_whole and key[0] in names else None

    def _ways(self, table: str, names: Sequence[str]) -> dict[str, Transport]:
        self._refuse_same_names(table, names)
        known = self._facts(table)
        return {name: known.transports[name] for name in names}

    def _query(
        self, table: str, ways: Mapping[str, Transport], there: str = "", here: str = ""
    ) -> str:
        known = self._facts(table)
        return select_sql(
            known.table.relation,
            ways,
            there=there,
            here=here,
            by_scanner=known.from_pages and not there,
        )

    def _in_part(self, table: str, part: KeyRange) -> str:
        return range_sql(part, is_nullable=self._facts(table).columns[part.column].nullable)

    def _read_as_text(self, table: str, guarded: Mapping[str, Transport], there: str) -> None:
        """Raises ``ReadAgainError`` if the rows have values that their binary form can't hold.

        The columns with such values are read as text then, by which each can be told.
        """
        if not guarded:
            return
        (found,) = self._rows(table, odd_sql(self._facts(table).table.relation, guarded, there))
        odd = {name for name, is_odd in zip(guarded, found, strict=True) if is_odd}
        if odd:
            self._odd[table] = self._odd.get(table, set()) | odd
            self._known.pop(table)
            raise ReadAgainError(
                f"{self.app.app}.{table}: read again, with {', '.join(sorted(odd))} as text"
            )

    def _refuse_same_names(self, table: str, names: Sequence[str]) -> None:
        folded = [name.lower() for name in names]
        if same := sorted(name for name in names if folded.count(name.lower()) > 1):
            raise SourceError(
                f"{self.app.app}.{table}: the columns {', '.join(same)} differ only in case, which "
                f"the lake does not tell apart; give one policy: drop in {self.app.app}.yml"
            )

    def reason(self, error: Exception) -> str:
        """What the server says, without the statement and without a value of the data."""
        return postgres_errors.reason(str(error), self.app, self.connection)

    def _rows(self, table: str | None, statement: str) -> list[tuple[Any, ...]]:
        """The rows of a small statement of ours."""
        return self._run(table, f"select * from {passed_on(statement)}").fetchall()


def _those(watch: OddWatch, there: str) -> str:
    """The server's test for the rows that are in doubt, among those that pass ``there``."""
    if watch.key is None or watch.keys is None:
        return there
    named = f"{quoted(watch.key)} in ({', '.join(map(str, sorted(watch.keys)))})"
    return f"{there} and {named}" if there else named


def _end(con: duckdb.DuckDBPyConnection) -> None:
    """End the transaction before the connection is closed.

    If the server is gone the rollback fails; on closing, that would end the whole process.
    """
    with suppress(duckdb.Error):
        con.rollback()
