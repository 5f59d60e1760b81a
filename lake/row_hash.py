"""A 64-bit hash of a row as landed, so that a change is seen without comparing every column.

DuckDB's own hash costs a fourteenth of md5 (docs/decisions/0008). It may change with a DuckDB
version: ``engine_mark`` tells, and the known hash is then computed anew from the landed values.
"""

from collections.abc import Sequence
from functools import cache

import duckdb

from lake import columns as c
from lake.batch import Batch
from lake.column import Column


def row_hash_sql(columns: Sequence[tuple[str, str]]) -> str:
    """The hash of columns given as (name, lake type), a BIGINT.

    An empty value takes no part, so a new column that is empty changes no row. A decimal's width
    does not matter to its hash either, so a column that is widened changes none.
    """
    parts = [
        f"case when {c.quoted(name)} is null then 0::ubigint "
        f"else hash({c.literal(name)}, {_canonical(name, kind)}) end"
        for name, kind in columns
    ]
    return f"cast(({_combined(parts)}) >> 1 as bigint)"


def landed_hash_sql(columns: Sequence[Column]) -> str:
    """The hash of rows with these columns, as landed."""
    return row_hash_sql([(column.name, column.lake_type) for column in columns])


@cache
def engine_mark() -> str:
    """The same text as long as DuckDB hashes the same way."""
    row = duckdb.execute(
        "select hash('kota', 1::bigint, 1.5::decimal(12, 2), date '2026-01-01', 0.5::double)"
    ).fetchone()
    return str(row[0] if row else "")


def hashed_since(last: Batch | None) -> int:
    """The first batch whose hashes this DuckDB would make too, after ``last``."""
    if last is None:
        return 1
    return last.hashed_since if last.hash_mark == engine_mark() else last.number + 1


def _combined(parts: Sequence[str]) -> str:
    """All parts by xor, nested like a tree: DuckDB takes no expression 1,000 levels deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"xor({_combined(parts[:middle])}, {_combined(parts[middle:])})"


def _canonical(name: str, kind: str) -> str:
    column = c.quoted(name)
    return f"epoch_us({column})" if kind == "TIMESTAMP WITH TIME ZONE" else column
