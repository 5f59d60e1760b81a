"""Control sums of a table at its source: by the source itself, or over what is read of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from lake import columns as c
from lake.column import Column
from lake.control import Control, end_sql, kind_of, measure, nothing
from lake.data_file import DataFile
from lake.decode import land_sql
from lake.table import LakeTable


@dataclass(frozen=True)
class SourceSum:
    """What a source says of one column, in its own spelling."""

    column: str
    values: int
    total: str | None = None
    least: str | None = None
    greatest: str | None = None
    """Numbers as they are; times as ISO text, with an offset where the source has an instant."""
    is_exact: bool = True


def as_controls(
    con: duckdb.DuckDBPyConnection,
    found: Sequence[SourceSum],
    columns: Sequence[Column],
    personal: Sequence[str],
) -> list[Control]:
    """What the source says, as the lake would say it. The connection is in the app's zone."""
    known = {column.name: column for column in columns}
    controls = []
    for each in found:
        column = known[each.column]
        kind = kind_of(column.lake_type)
        if kind is None:
            continue
        least, greatest = each.least, each.greatest
        if kind == "time":
            least, greatest = (_time(con, end, column.lake_type) for end in (least, greatest))
        is_told = kind != "text" and each.column not in personal
        controls.append(
            Control(
                column=each.column,
                kind=kind,
                values=each.values,
                total=None if kind == "time" else each.total,
                is_exact=each.is_exact and column.lake_type != "DOUBLE",
                least=least if is_told else None,
                greatest=greatest if is_told else None,
            )
        )
    return controls


def would_add_up(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    files: Sequence[DataFile],
    key: Sequence[str],
    columns: Sequence[Column],
    controls: Sequence[Control],
) -> list[Control]:
    """What the lake's current state would add up to with files that are not committed yet."""
    names = [control.column for control in controls]
    types = {column.name: column.lake_type for column in columns if column.name in names}
    keys = c.identity(key)
    wanted = c.quoted_list(dict.fromkeys([*keys, *names, c.BATCH, c.OP]))
    log = f"select {wanted} from {table.relation()}"
    if files:
        log += f" union all by name select {wanted} from {table.files_relation(files)}"
    state = (
        f"(select * from ({log}) qualify row_number() over (partition by {c.quoted_list(keys)} "
        f"order by {c.BATCH} desc, {c.OP} desc) = 1 and {c.OP} = '{c.UPSERT}')"
    )
    personal = [control.column for control in controls if control.least is None]
    found = {control.column: control for control in measure(con, state, types, personal)}
    return [found[name] for name in names]


class Meter:
    """Adds up columns of rows on their way in, for a source that can't."""

    def __init__(self, columns: Sequence[Column], personal: Sequence[str], timezone: str) -> None:
        self._columns = [column for column in columns if kind_of(column.lake_type)]
        self._personal = personal
        self._con = duckdb.connect()
        self._con.execute(f"set TimeZone = {c.literal(timezone)}")
        self._types = {column.name: column.lake_type for column in self._columns}
        self.controls = [nothing(name, kind) for name, kind in self._types.items()]

    def follow(self, rows: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass the rows on."""
        landed = ", ".join(f"{land_sql(each)} as {c.quoted(each.name)}" for each in self._columns)
        for batch in rows:
            self._con.register("arrived", batch)
            more = self._measured(f"(select {landed} from arrived)")
            self._con.unregister("arrived")
            self.controls = [
                known.together(new) for known, new in zip(self.controls, more, strict=True)
            ]
            yield batch

    def _measured(self, relation: str) -> list[Control]:
        return measure(self._con, relation, self._types, self._personal)


def _time(con: duckdb.DuckDBPyConnection, text: str | None, lake_type: str) -> str | None:
    value = f"try_cast($end as {lake_type})"
    row = con.execute(f"select {end_sql(value, lake_type)}", {"end": text}).fetchone()
    return row[0] if row else None
