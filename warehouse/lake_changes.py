"""What happened to a lake table between two of its versions: by its change log, row by row."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from connectors.registry import App
from lake import columns as c
from lake.columns import quoted
from lake.delta_log import read_log
from lake.retention import history_from
from lake.table import LakeTable


@dataclass(frozen=True)
class LakeChange:
    """Rows of one lake table, counted by what became of them."""

    table: str
    new: int = 0
    """Came into being after the first snapshot had looked at the table."""
    late: int = 0
    """New as well, but it happened before that: the source had not told it yet."""
    corrected: int = 0
    """Were there before, with other values."""
    deleted: int = 0
    """Gone at the source."""
    note: str = ""
    """Why it can't be told, where it can't."""

    @property
    def is_any(self) -> bool:
        """Whether a row differs, or might."""
        return bool(self.new or self.late or self.corrected or self.deleted or self.note)

    def sentence(self) -> str:
        """``laksa.pengaduan: 25 new, 2 late, 31 corrected``."""
        if self.note:
            return f"{self.table}: {self.note}"
        counts = asdict(self)
        named = [
            f"{counts[kind]:,} {kind}"
            for kind in ("new", "late", "corrected", "deleted")
            if counts[kind]
        ]
        return f"{self.table}: {', '.join(named)}"


def lake_change(
    con: duckdb.DuckDBPyConnection,
    app: App,
    table: LakeTable,
    before: int | None,
    after: int | None,
    looked_at: datetime,
) -> LakeChange:
    """What happened after version ``before`` up to ``after``; None is an empty table.

    The temporary table ``fates`` then has the key of each row with its ``fate``. ``looked_at`` is
    when the source was last seen for ``before``. The other way round (an app was held back), what
    came is what went.
    """
    if before is not None and after is not None and before > after:
        back = lake_change(con, app, table, after, before, looked_at)
        return LakeChange(
            table.name, back.deleted, 0, back.corrected, back.new + back.late, back.note
        )
    first, last = _number(table, before), _number(table, after)
    if first == last or not table.exists():
        return LakeChange(table.name)
    if first < history_from(read_log(table.path)) - 1 and before is not None:
        return LakeChange(table.name, note="its history of then is not kept any more")
    _fates(con, app, table, first, last, looked_at)
    rows = con.execute("select fate, count(*) from fates group by fate").fetchall()
    return LakeChange(table.name, **{fate: count for fate, count in rows if fate})


def _fates(
    con: duckdb.DuckDBPyConnection,
    app: App,
    table: LakeTable,
    first: int,
    last: int,
    looked_at: datetime,
) -> None:
    identity = c.quoted_list(c.identity(app.tables[table.table].key))
    order = f"{c.BATCH} * 2 + ({c.OP} = '{c.UPSERT}')::int"
    times = _event_columns(con, app, table)
    happened = f"least({', '.join(times)})" if times else "null::timestamptz"
    until = f"filter ({c.BATCH} <= {first})"
    con.execute(
        "create or replace temp table fates as "
        f"select {identity}, case "
        f"when was is distinct from '{c.UPSERT}' and is_now = '{c.UPSERT}' "
        "then case when happened_at < $looked_at then 'late' else 'new' end "
        f"when was = '{c.UPSERT}' and is_now = '{c.DELETE}' then 'deleted' "
        f"when was = '{c.UPSERT}' and was_hash <> now_hash then 'corrected' end as fate from ("
        f"select {identity}, max({c.BATCH}) as newest, "
        f"arg_max({c.OP}, {order}) {until} as was, arg_max({c.OP}, {order}) as is_now, "
        f"arg_max({c.HASH}, {order}) {until} as was_hash, arg_max({c.HASH}, {order}) as now_hash, "
        f"arg_max({happened}, {order}) as happened_at "
        f"from {table.relation()} where {c.BATCH} <= {last} group by {identity}) "
        f"where newest > {first}",
        {"looked_at": looked_at},
    )


def _event_columns(con: duckdb.DuckDBPyConnection, app: App, table: LakeTable) -> list[str]:
    """Columns that say when something happened: times and days, no birth dates, no cursors."""
    entry = app.tables[table.table]
    there = {row[0] for row in con.execute(f"describe from {table.relation()}").fetchall()}
    found: list[str] = []
    for name, kind in table.source_types().items():
        said = entry.columns.get(name)
        is_cursor = name == entry.cursor and entry.mode == "incremental"
        if name not in there or is_cursor or (said and said.personal):
            continue
        if kind == "TIMESTAMP WITH TIME ZONE":
            found.append(quoted(name))
        elif kind == "DATE":
            # The day's last moment at the place, so that today's row is not taken for a late one.
            zone = c.literal(app.timezone)
            found.append(f"timezone({zone}, cast({quoted(name)} + 1 as timestamp))")
    return found


def _number(table: LakeTable, version: int | None) -> int:
    batch = table.last_batch(version) if version is not None and table.exists() else None
    return batch.number if batch else 0


def changes_of(
    con: duckdb.DuckDBPyConnection,
    app: App,
    tables: Sequence[LakeTable],
    before: dict[str, int],
    after: dict[str, int],
    looked_at: dict[str, datetime],
) -> list[LakeChange]:
    """Of several tables of an app, those in which something changed."""
    found = [
        lake_change(
            con,
            app,
            table,
            before.get(table.name),
            after.get(table.name),
            looked_at[table.name],
        )
        for table in tables
    ]
    return [change for change in found if change.is_any]
