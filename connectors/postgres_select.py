"""The statement that reads columns of a PostgreSQL table, and tells odd values on the way."""

from collections.abc import Mapping

from connectors.postgres_types import Transport
from connectors.reader import KeyRange
from lake.columns import literal, quoted, quoted_list

ATTACHED = "source"
ODD = "_kota_odd"
"""The name of a column whose value its binary form can't hold; empty in a sound row."""


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
    on_server = {name: way.odd for name, way in ways.items() if way.odd and not way.odd_here}
    on_arrival = {name: way.odd_here for name, way in ways.items() if way.odd_here}
    selected = [f"{way.select} as {quoted(name)}" for name, way in ways.items()]
    if on_server:
        selected.append(f"{_first_odd(on_server)} as {ODD}")
    where = f" where {there}" if there else ""
    source = passed_on(f"select {', '.join(selected)} from {relation}{where}")
    if by_scanner:
        source = f"{quoted(ATTACHED)}.{relation}"
    values = quoted_list(ways)
    if on_server or on_arrival:
        values += f", {_first_odd(on_arrival, ODD if on_server else 'null')} as {ODD}"
    return f"select {values} from {source}" + (f" where {here}" if here else "")


def range_sql(part: KeyRange) -> str:
    """Whether a row is in a part; one without a value is in the part that has no beginning."""
    name = quoted(part.column)
    upper = f"{name} <= {part.upto}" if part.upto is not None else "true"
    if part.after is None:
        return f"({upper} or {name} is null)"
    return f"{name} > {part.after} and {upper}"


def _first_odd(tests: Mapping[str, str], otherwise: str = "null") -> str:
    """The name of the first column that a test finds odd."""
    if not tests:
        return otherwise
    whens = " ".join(f"when {test} then {literal(name)}" for name, test in tests.items())
    return f"case {whens} else {otherwise} end"
