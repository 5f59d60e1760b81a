"""A first load in parts by key range, each committed when it has landed."""

from collections.abc import Iterator, Sequence

from connectors.reader import KeyRange, Reader
from connectors.registry import App
from lake.column import Column


def load_parts(
    app: App, table: str, columns: Sequence[Column], reader: Reader, after: int | None
) -> Iterator[KeyRange | None]:
    """The parts still to load, in order; None stands for the whole table.

    ``after`` is the greatest key of the last part that landed. Tables whose first key column is no
    whole number, and sources that don't tell its bounds, are loaded in one go.
    """
    key = app.tables[table].key
    column = next((col for col in columns if key and col.name == key[0]), None)
    wanted = app.politeness.part_rows
    bounds = None
    if column is not None and column.lake_type == "BIGINT":
        bounds = reader.bounds(table, column.name)
    if column is None or bounds is None:
        yield None
        return
    # Both ends of an index tell most tables to be small, which spares counting them.
    low, high = bounds
    is_small = len(key) == 1 and high - low < wanted
    rows = wanted if is_small else reader.count(table)
    if rows is None or (rows <= wanted and after is None):
        yield None
        return
    width = max(1, (high - low + 1) * wanted // max(rows, 1))
    first = after if after is not None else low - 1
    ends: list[int | None] = list(range(first + width, high, width))
    for end in [*ends, None]:
        yield KeyRange(column.name, after, end)
        after = end
