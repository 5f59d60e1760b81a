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
    rows = reader.count(table)
    if column is None or column.lake_type != "BIGINT" or rows is None:
        yield None
        return
    bounds = reader.bounds(table, column.name) if rows > wanted or after is not None else None
    if bounds is None:
        yield None
        return
    low, high = bounds
    width = max(1, (high - low + 1) * wanted // max(rows, 1))
    first = after if after is not None else low - 1
    ends: list[int | None] = list(range(first + width, high, width))
    for end in [*ends, None]:
        yield KeyRange(column.name, after, end)
        after = end
