"""Statements of ours for MariaDB and MySQL: which rows, and in pages of bounded size.

DuckDB holds the whole result of such a statement in memory (it streams only on a connection of its
own, outside the session's snapshot). So a table is read page by page, each starting after the last
row of the one before, in the order of a unique index; nothing is sorted and no row is read twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.mysql_columns import MysqlColumn, identifier, text_literal
from connectors.reader import KeyRange
from lake.column import Column

_ORDERED = {"date", "datetime", "timestamp", "decimal", "year"}
_STRPTIME = {"%M": "%i", "%S": "%s", "%B": "%M"}
"""Where the server spells a part of a time unlike Python and DuckDB."""


@dataclass(frozen=True)
class Page:
    """A statement that selects one page of a table."""

    source: str
    columns: Sequence[MysqlColumn]
    where: str
    order: Sequence[MysqlColumn]
    """A cursor if there is one, then a unique key; empty: everything is one page."""
    rows: int

    def after(self, last: Sequence[str] | None) -> str:
        """The page after the row whose ``order`` columns are ``last``; None: the first."""
        selected = [column.selected() for column in self.columns]
        selected += [f"cast({identifier(column.name)} as char)" for column in self.order]
        names = ", ".join(f"{value} as c{number}" for number, value in enumerate(selected))
        where = f"({self.where})" if self.where else "true"
        if last is not None:
            where += f" and {_is_after(self.order, last)}"
        statement = f"select {names} from {self.source} where {where}"
        if self.order:
            keys = ", ".join(identifier(column.name) for column in self.order)
            statement += f" order by {keys} limit {self.rows}"
        return statement

    def received(self) -> str:
        """DuckDB's select list for the result."""
        columns = [column.received(f"c{number}") for number, column in enumerate(self.columns)]
        places = range(len(self.columns), len(self.columns) + len(self.order))
        return ", ".join([*columns, *(f"c{number}" for number in places)])


def can_order(column: MysqlColumn) -> bool:
    """Whether a value, written into a statement, is the place in the index that it came from."""
    whole = column.is_number and column.kind not in {"float", "double", "bit"}
    return whole or column.is_text or column.kind in _ORDERED


def in_part(part: KeyRange, is_nullable: bool) -> str:
    """The rows of a part. A row without a value is in the part that is open below."""
    name = identifier(part.column)
    tests = [
        f"{name} > {part.after}" if part.after is not None else "",
        f"{name} <= {part.upto}" if part.upto is not None else "",
    ]
    where = " and ".join(test for test in tests if test)
    if where and part.after is None and is_nullable:
        return f"{where} or {name} is null"
    return where


def since_sql(cursor: MysqlColumn, landed: Column, since: str) -> str:
    """The rows whose cursor is not before ``since``, in words that let the server use an index."""
    name = identifier(cursor.name)
    if cursor.is_text and landed.formats:
        forms = ", ".join(
            f"str_to_date({name}, {text_literal(_server_format(form))})" for form in landed.formats
        )
        return f"coalesce({forms}) >= {_moment(since)}"
    if re.fullmatch(r"-?\d+(\.\d+)?", since):
        return (
            f"cast({name} as decimal(65,10)) >= {since}" if cursor.is_text else f"{name} >= {since}"
        )
    if cursor.is_text:
        return f"{name} >= {text_literal(since)}"
    return f"{name} >= {_moment(since)}"


def without_cursor_sql(cursor: MysqlColumn) -> str:
    """The rows that have no cursor value, or a date of zeros; empty where there can be none.

    Whether such a row changed nobody can tell, so they are read every time.
    """
    name = identifier(cursor.name)
    tests = [f"{name} is null"] if cursor.is_nullable else []
    if cursor.is_calendar or cursor.kind == "timestamp":
        tests.append(f"{name} = 0")
    return " or ".join(tests)


def _is_after(order: Sequence[MysqlColumn], last: Sequence[str]) -> str:
    """``(a, b) > (x, y)``, spelt so that the server sees a range of the index."""
    (column, *more), (value, *others) = order, last
    name, place = identifier(column.name), _literal(column, value)
    if not more:
        return f"{name} > {place}"
    rest = _is_after(more, others)
    return f"({name} >= {place} and ({name} > {place} or {rest}))"


def _literal(column: MysqlColumn, value: str) -> str:
    if column.is_text:
        return text_literal(value)
    return value if column.is_number else f"'{value}'"


def _moment(since: str) -> str:
    """A time as the server compares it: an instant in UTC, which is the session's zone."""
    moment = datetime.fromisoformat(since)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return f"'{moment.isoformat(sep=' ')}'"


def _server_format(form: str) -> str:
    return re.sub(r"%.", lambda found: _STRPTIME.get(found[0], found[0]), form)
