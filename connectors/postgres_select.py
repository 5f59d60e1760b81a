"""The statements that read columns of a PostgreSQL table."""

from collections.abc import Mapping

from connectors.postgres_types import Transport
from connectors.reader import KeyRange
from lake.columns import literal, quoted

ATTACHED = "source"


def passed_on(statement: str) -> str:
    """A statement for the server as a DuckDB relation; its rows come in binary, as a stream."""
    return f"postgres_query({literal(ATTACHED)}, {literal(statement)})"


def select_sql(
    relation: str,
    ways: Mapping[str, Transport],
    *,
    there: str = "",
    here: str = "",
    by_scanner: bool = False,
) -> str:
    """The DuckDB query for these columns of the rows that pass ``there`` on the server.

    ``here`` is a test that only DuckDB can make. ``by_scanner`` leaves it to the scanner to read
    the table's pages, over several connections.
    """
    selected = ", ".join(f"{way.select} as {quoted(name)}" for name, way in ways.items())
    where = f" where {there}" if there else ""
    source = passed_on(f"select {selected} from {relation}{where}")
    if by_scanner:
        source = f"{quoted(ATTACHED)}.{relation}"
    taken = ", ".join(
        f"{way.received or quoted(name)} as {quoted(name)}" for name, way in ways.items()
    )
    return f"select {taken} from {source}" + (f" where {here}" if here else "")


def odd_sql(relation: str, ways: Mapping[str, Transport], there: str = "") -> str:
    """The server's query that says of each column whether its binary form can't hold a value."""
    tests = ", ".join(
        f"coalesce(bool_or({way.odd}), false) as odd_{place}"
        for place, way in enumerate(ways.values())
    )
    return f"select {tests} from {relation}" + (f" where {there}" if there else "")


def range_sql(part: KeyRange, *, is_nullable: bool) -> str:
    """Whether a row is in a part; one without a value is in the part that has no beginning.

    Of a column that is never null that is not asked, or the server would not use its index.
    """
    name = quoted(part.column)
    upper = f"{name} <= {part.upto}" if part.upto is not None else "true"
    if part.after is not None:
        return f"{name} > {part.after} and {upper}"
    return f"({upper} or {name} is null)" if is_nullable else upper
