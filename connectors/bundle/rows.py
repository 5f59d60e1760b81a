"""The rows of a bundle as the relations that ``lake.compare`` reads."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa

from lake import columns as c
from lake.column import Column
from lake.compare import (
    CHANGED,
    DELETED,
    ENTRY,
    INCOMING,
    LANDED,
    NEW,
    RAW,
    REASON,
    RULE,
    Comparison,
    land_stream,
)
from lake.decode import land_sql
from lake.table import LakeTable

ARRIVED = "arrived"
"""The rows of one batch: the source's columns and ``_kota_op``."""
EVERYTHING = "everything"
"""The rows of all batches, with ``_kota_place``, which tells the order of the batches."""
PLACE = "_kota_place"
BATCH_ROWS = 50_000


def upserts_of(
    con: duckdb.DuckDBPyConnection, columns: Sequence[Column], operation: str = c.UPSERT
) -> None:
    """Make the new and changed rows (or those of another operation) of a batch ``incoming``."""
    names = c.quoted_list(column.name for column in columns)
    con.execute(
        f"create or replace temp view {INCOMING} as select {names} from {ARRIVED} "
        f"where {c.OP} = '{operation}'"
    )


def deleted_of(con: duckdb.DuckDBPyConnection, table: LakeTable, what: Comparison) -> None:
    """Fill ``deleted`` with the keys a batch deletes, of those that the lake has.

    A row deleted and made anew within a batch is there.
    """
    keys = c.quoted_list(what.key)
    landed = ", ".join(
        f"{land_sql(col)} as {c.quoted(col.name)}" for col in what.columns if col.name in what.key
    )
    gone = f"select {landed} from {ARRIVED} where {c.OP} = '{c.DELETE}'"
    known = table.hashes(
        what.key, hashed_since=what.hashed_since, within=f"select {keys} from ({gone})"
    )
    con.execute(
        f"create or replace temp table {DELETED} as select {keys} from ({known}) "
        f"anti join (select {keys} from {LANDED}) using ({keys})"
    )


def whole_of(con: duckdb.DuckDBPyConnection, columns: Sequence[Column], key: Sequence[str]) -> None:
    """Make the state after all batches ``incoming``."""
    names = c.quoted_list(column.name for column in columns)
    if key:
        state = (
            f"select {names} from {EVERYTHING} qualify row_number() over ("
            f"partition by {c.quoted_list(key)} order by {PLACE} desc, {c.OP} desc) = 1 "
            f"and {c.OP} = '{c.UPSERT}'"
        )
    else:
        copies = f"sum(case when {c.OP} = '{c.UPSERT}' then 1 else -1 end)"
        state = (
            f"select {names} from (select {names}, unnest(range(cast({copies} as bigint))) "
            f"from {EVERYTHING} group by {names})"
        )
    con.execute(f"create or replace temp view {INCOMING} as {state}")


def keyless_changes(
    con: duckdb.DuckDBPyConnection, table: LakeTable, what: Comparison, withheld: str | None
) -> Iterator[pa.RecordBatch]:
    """The changes of a batch of a table without a key, in the form of ``lake.compare.changes``.

    Rows are told apart by content and copy number. Copies are added and taken away at the end, so
    that the numbers of those that stay do not change.
    """
    upserts_of(con, what.columns, c.DELETE)
    land_stream(con, what.columns, [], None)
    con.execute(
        f"create or replace temp table gone as select {c.HASH} as gone_hash, {c.COPY} as place "
        f"from {LANDED}"
    )
    upserts_of(con, what.columns)
    land_stream(con, what.columns, [], withheld)
    con.execute(
        "create or replace temp table there as select *, "
        f"row_number() over (partition by known_hash order by {c.COPY} desc) as place from "
        + (
            f"({table.hashes([], hashed_since=what.hashed_since)})"
            if table.exists()
            else f"(select 0::bigint as {c.HASH}, 0::bigint as {c.COPY}, 0::bigint as known_hash "
            "where false)"
        )
    )
    names = c.quoted_list((column.name for column in what.columns), "h.")
    empty = ", ".join(
        f"cast(null as {column.lake_type}) as {c.quoted(column.name)}" for column in what.columns
    )
    nothing = ", ".join(f"cast(null as varchar) as {name}" for name in (RULE, REASON, RAW, ENTRY))
    yield from con.execute(
        f"select {names}, h.{c.HASH}, h.{c.COPY} + coalesce(n.copies, 0) as {c.COPY}, "
        f"'{c.UPSERT}' as {c.OP}, {RULE}, {REASON}, {RAW}, {ENTRY}, true as {CHANGED}, "
        f"true as {NEW} from {LANDED} as h left join "
        f"(select known_hash, max({c.COPY}) as copies from there group by all) as n "
        f"on n.known_hash = h.{c.HASH} union all by name "
        f"select {empty}, t.{c.HASH}, t.{c.COPY}, '{c.DELETE}' as {c.OP}, {nothing}, "
        f"true as {CHANGED}, false as {NEW} from there as t "
        "join gone as g on g.gone_hash = t.known_hash and g.place = t.place"
    ).to_arrow_reader(BATCH_ROWS)
