"""Which rows of a table differ between its source and the lake: `kota reconcile`.

The source is read in full, landed as an extraction would, and compared key by key. Nothing is
written. No value of a row is told but its key, and of a key that is personal data only the token.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from connectors.extract import MOST_BEGINNINGS
from connectors.one_pass import register_rows
from connectors.reader import ReadAgainError, Reader, SourceError, landing_columns
from connectors.references import register_references
from connectors.registry import App
from connectors.technologies import open_reader
from kota.settings import Settings
from lake import columns as c
from lake.column import Column
from lake.compare import INCOMING, RULE, land_and_keep
from lake.drift import settle_drift
from lake.engine import connect
from lake.erasures import erased_keys, withheld_sql
from lake.row_hash import hashed_since
from lake.rules import UNDECODABLE
from lake.table import LakeTable
from lake.token import bind_key, token_sql

MISSING, EXTRA, DIFFERING = "missing in the lake", "only in the lake", "different"


@dataclass(frozen=True)
class Apart:
    """One row that is not the same."""

    what: str
    key: dict[str, str]
    """Its key; tokens where a column is personal data."""


@dataclass(frozen=True)
class RowsApart:
    """How a table differs, with the first rows of each kind."""

    table: str
    source_rows: int
    lake_rows: int
    quarantined_rows: int
    """Rows that were read and that today's rules keep out of the lake."""
    counts: dict[str, int]
    columns: dict[str, int]
    """In how many of the different rows each column differs."""
    rows: list[Apart]

    @property
    def is_same(self) -> bool:
        """Whether every row that may be in the lake is there as it is at the source."""
        return not any(self.counts.values())


def rows_apart(app: App, name: str, settings: Settings, most: int = 20) -> RowsApart:
    """Compare a table now. Raises ``SourceError`` and the errors of the lake."""
    if not app.tables[name].key:
        raise SourceError(f"{app.app}.{name}: its rows have no key by which they could be named")
    table = LakeTable(settings.lake_dir, app.app, name)
    with (
        open_reader(app, settings) as reader,
        connect(settings, timezone=app.timezone) as con,
    ):
        reader.has_news(name, None)
        for _ in range(MOST_BEGINNINGS - 1):
            try:
                return _compared(con, reader, app, table, settings, most)
            except ReadAgainError:
                continue
        return _compared(con, reader, app, table, settings, most)


def _compared(
    con: duckdb.DuckDBPyConnection,
    reader: Reader,
    app: App,
    table: LakeTable,
    settings: Settings,
    most: int,
) -> RowsApart:
    entry = app.tables[table.table]
    key, last = entry.key, table.last_batch()
    if last is None:
        raise SourceError(f"{table.name}: nothing of it is in the lake")
    described = landing_columns(app, table.table, reader.describe(table.table))
    columns = settle_drift(table, described).columns
    erased = erased_keys(settings.lake_dir, app.app, table.table)
    hidden = set(app.personal_columns(table.table)) & set(key)
    if erased or hidden or any(column.policy == "token" for column in columns):
        bind_key(con)
    withheld = withheld_sql(erased, columns, key)
    register_references(con, app, columns, settings)
    register_rows(con, INCOMING, columns, reader.read(table.table, columns, None))
    land_and_keep(con, columns, key, entry.cursor, withheld)
    sound = f"{RULE} is null or {RULE} = {c.literal(UNDECODABLE)}"
    known = table.hashes(key, hashed_since=hashed_since(last))
    keys = c.quoted_list(key)
    con.execute(
        f"create or replace temp table apart as select {keys}, "
        f"case when known_hash is null then {c.literal(MISSING)} "
        f"when {c.HASH} is null then {c.literal(EXTRA)} else {c.literal(DIFFERING)} end as what "
        f"from (select {keys}, {c.HASH} from kept where {sound}) "
        f"full join ({known}) using ({keys}) where {c.HASH} is distinct from known_hash"
    )
    source, held = con.execute(
        f"select count(*), count(*) filter (where not ({sound})) from kept"
    ).fetchall()[0]
    (lake,) = con.execute(f"select count(*) from ({known})").fetchall()[0]
    found = dict(con.execute("select what, count(*) from apart group by what").fetchall())
    return RowsApart(
        table=table.name,
        source_rows=source,
        lake_rows=lake,
        quarantined_rows=held,
        counts={what: found.get(what, 0) for what in (MISSING, EXTRA, DIFFERING)},
        columns=_columns_apart(con, table, columns, key),
        rows=_named(con, app, table.table, key, most),
    )


def _columns_apart(
    con: duckdb.DuckDBPyConnection, table: LakeTable, columns: Sequence[Column], key: Sequence[str]
) -> dict[str, int]:
    names = [column.name for column in columns if column.name not in key]
    there = set(table.source_types())
    names = [name for name in names if name in there]
    if not names:
        return {}
    keys = c.quoted_list(key)
    counts = ", ".join(
        f"count(*) filter (where s.{c.quoted(n)} is distinct from l.{c.quoted(n)})" for n in names
    )
    row = con.execute(
        f"select {counts} from apart join kept s using ({keys}) "
        f"join ({table.current(key)}) l using ({keys}) where what = {c.literal(DIFFERING)}"
    ).fetchone()
    return {name: count for name, count in zip(names, row or (), strict=False) if count}


def _named(
    con: duckdb.DuckDBPyConnection, app: App, table: str, key: Sequence[str], most: int
) -> list[Apart]:
    """The first rows of each kind, by key."""
    hidden = set(app.personal_columns(table))
    told = ", ".join(
        token_sql(f"cast({c.quoted(name)} as varchar)")
        if name in hidden
        else f"cast({c.quoted(name)} as varchar)"
        for name in key
    )
    rows = con.execute(
        f"select what, {told} from apart qualify "
        f"row_number() over (partition by what order by {c.quoted_list(key)}) <= {most} "
        f"order by what, {c.quoted_list(key)}"
    ).fetchall()
    return [Apart(what, dict(zip(key, values, strict=True))) for what, *values in rows]
