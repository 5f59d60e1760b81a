"""Remove a person from a table of the lake: from the newest files and from every older one.

Rows are found by an identifying column. Where the last known state of a row has the value, every
version of that row goes, whatever those versions say. Where only a past version has it (somebody
typed a wrong number and corrected it), that version goes and the row stays.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq

from kota.settings import Settings
from lake import columns as c
from lake.columns import quoted
from lake.data_file import DataFile
from lake.delta_log import LoggedFile, files_at, read_log
from lake.engine import connect
from lake.erasures import Withheld, token_of
from lake.maintenance import Maintenance
from lake.rewrite import commit, following, parquet, restore_append_only, rows_may_change, write
from lake.table import LakeTable
from lake.token import bind_key, token_sql

MATCHES = "matching_keys"
VALUE = "getvariable('erased_value')"


@dataclass(frozen=True)
class Target:
    """A column of a table that tells who a row is about."""

    table: LakeTable
    key: Sequence[str]
    column: str
    policies: dict[str, str] = field(default_factory=dict)
    """The policy of each column that has one other than ``keep``."""

    def policy(self, column: str) -> str:
        """How a column landed."""
        return self.policies.get(column, "keep")


@dataclass(frozen=True)
class Found:
    """What of a person is in one table."""

    rows: int = 0
    """Rows of the change log, past versions too."""
    current_rows: int = 0
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True)
class Removed:
    """What was done to one table."""

    files_rewritten: int = 0
    files_removed: int = 0


def find(target: Target, value: str, settings: Settings) -> Found:
    """Count the rows of a person in a table; nothing is changed, no value is shown."""
    if not target.table.exists() or not _has_column(target):
        return Found()
    with connect(settings) as con:
        _match(con, target, value)
        everywhere, state = target.table.relation(), target.table.current(target.key)
        rows = _count(con, f"from {everywhere} log where {_is_theirs(target)}")
        current = _count(con, f"from ({state}) log where {_is_theirs(target)}")
        return Found(rows, current, _withheld(con, target))


def erase(target: Target, value: str, settings: Settings, erasure: str) -> Removed:
    """Remove the rows that ``find`` counts, from every file that is on the disk.

    The caller holds ``maintenance_lock`` and ``extraction_lock``. The exchange is a ledger entry
    of its own, a batch without rows, so that the running total goes on from what is left. Doing it
    again after a kill removes what was left over.
    """
    table = target.table
    if not table.exists() or not _has_column(target):
        return Removed()
    restore_append_only(table)
    with connect(settings) as con:
        _match(con, target, value)
        current = _count(con, f"from ({table.current(target.key)}) log where {_is_theirs(target)}")
        old = [
            file
            for file in files_at(read_log(table.path)).values()
            if _holds(con, target, file.name)
        ]
        if old:
            _exchange(con, target, old, current, erasure)
        return Removed(len(old), _remove_old(con, target))


def _exchange(
    con: duckdb.DuckDBPyConnection,
    target: Target,
    old: Sequence[LoggedFile],
    current: int,
    erasure: str,
) -> None:
    table = target.table
    new: list[DataFile] = []
    try:
        for file in old:
            theirs = _is_theirs(target, _columns(target, file.name))
            rows = f"select * from {parquet(table, [file.name])} log where not {theirs}"
            new += write(con, table, rows)
        before, after = sum(file.rows or 0 for file in old), sum(file.rows for file in new)
        entry = Maintenance(
            kind="erasure",
            at=datetime.now(UTC),
            removed=[file.name for file in old],
            added={file.name: file.sha256 for file in new},
            rows_before=before,
            rows_after=after,
            erasure=erasure,
        )
        last = table.last_batch()
        batch = last and following(
            last,
            entry.at,
            note=f"{table.name}: {before - after} rows were erased (erasure {erasure})",
            lake_rows=last.lake_rows - current,
            log_rows=None if last.log_rows is None else last.log_rows - (before - after),
        )
        with rows_may_change(table):
            commit(table, old, new, entry, batch=batch)
    except BaseException:
        table.discard(new)
        raise


def bind_value(con: duckdb.DuckDBPyConnection, target: Target, value: str) -> None:
    """Let ``VALUE`` be what the column has for this value: the value itself, or its token."""
    con.execute("set variable erased_value = $value", {"value": value.strip()})
    if target.policy(target.column) == "token":
        bind_key(con)
        con.execute(f"set variable erased_value = {token_sql(VALUE)}")


def _match(con: duckdb.DuckDBPyConnection, target: Target, value: str) -> None:
    """Fill ``matching_keys`` with the rows whose last known state has the value."""
    bind_value(con, target, value)
    keys = c.quoted_list(c.identity(target.key))
    con.execute(
        f"create or replace temp table {MATCHES} as select {keys} from ("
        f"select * from {target.table.relation()} where {c.OP} = '{c.UPSERT}' "
        f"qualify row_number() over (partition by {keys} order by {c.BATCH} desc) = 1) log "
        f"where {_has_value(target)}"
    )


def _has_value(target: Target) -> str:
    return f"coalesce(trim(cast(log.{quoted(target.column)} as varchar)) = {VALUE}, false)"


def _is_theirs(target: Target, columns: Collection[str] | None = None) -> str:
    """The condition on a row of the change log, under the alias ``log``.

    ``columns`` are those of the file at hand: an old one may lack the identifying column.
    """
    identity = c.identity(target.key)
    same = " and ".join(
        f"log.{quoted(name)} is not distinct from m.{quoted(name)}" for name in identity
    )
    tests = []
    if columns is None or target.column in columns:
        tests.append(_has_value(target))
    if columns is None or set(identity) <= set(columns):
        tests.append(f"exists (select 1 from {MATCHES} m where {same})")
    return f"({' or '.join(tests) or 'false'})"


def _withheld(con: duckdb.DuckDBPyConnection, target: Target) -> tuple[Withheld, ...]:
    """What has to stay out: tokens of the keys found, with the token of the value."""
    bind_key(con)
    value = VALUE if target.policy(target.column) == "token" else token_sql(VALUE)
    tokens = [token_of(name, target.policy(name)) for name in target.key]
    rows = con.execute(
        f"select distinct {', '.join([value, *tokens])} from {MATCHES} order by all"
    ).fetchall()
    table = target.table
    return tuple(
        Withheld(
            app=table.app,
            table=table.table,
            key=tuple(row[1:]),
            column=target.column,
            value=row[0],
        )
        for row in rows
    )


def _holds(con: duckdb.DuckDBPyConnection, target: Target, name: str) -> bool:
    theirs = _is_theirs(target, _columns(target, name))
    return _count(con, f"from {parquet(target.table, [name])} log where {theirs}") > 0


def _columns(target: Target, name: str) -> set[str]:
    return {field.name for field in pq.read_schema(target.table.path / name)}


def _remove_old(con: duckdb.DuckDBPyConnection, target: Target) -> int:
    """Remove replaced and uncommitted files that hold the person, or that can't be read."""
    table = target.table
    active = set(files_at(read_log(table.path)))
    removed = 0
    for path in table.path.glob("*.parquet"):
        if path.name in active:
            continue
        try:
            is_clean = not _holds(con, target, path.name)
        except (duckdb.Error, OSError, ValueError):
            is_clean = False  # cut off by a kill: what it holds can't be told
        if not is_clean:
            path.unlink()
            removed += 1
    return removed


def _has_column(target: Target) -> bool:
    schema = target.table.source_schema()
    return schema is not None and target.column in schema.names


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = con.execute(f"select count(*) {rows}").fetchone()
    return int(row[0]) if row else 0
