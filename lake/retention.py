"""Forget the history of a table that is older than its registry entry wants it kept.

A row version goes when a later one had already taken its place before the horizon. So the current
state never changes, and the state at any time since the horizon can still be told.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import duckdb

from lake import columns as c
from lake.batch import Batch
from lake.data_file import DataFile
from lake.delta_log import Commit, LoggedFile, files_at
from lake.maintenance import Maintenance
from lake.rewrite import commit as exchange
from lake.rewrite import extraction_lock, parquet, rows_may_change, write
from lake.table import LakeTable

SUPERSEDED = "superseded"


def history_from(log: Sequence[Commit]) -> int:
    """The first batch after which the state can be told; 1 where nothing was forgotten."""
    entries = [commit.maintenance for commit in log if commit.maintenance]
    return max((entry.history_from or 1 for entry in entries), default=1)


def horizon(log: Sequence[Commit], history_days: int, now: datetime | None = None) -> Batch | None:
    """The newest batch that is at least so many days old, or None if there is none."""
    limit = (now or datetime.now(UTC)) - timedelta(days=history_days)
    return next((e.batch for e in reversed(log) if e.batch and e.batch.extracted_at <= limit), None)


def count_superseded(
    con: duckdb.DuckDBPyConnection, table: LakeTable, key: Sequence[str], first: int
) -> int:
    """Find the row versions that nothing since batch ``first`` needs, and how many there are.

    They are kept in the temporary table ``superseded``. Versions of one row in one batch with one
    operation are told apart by nothing, so they go together or stay together.
    """
    identity = c.quoted_list(c.identity(key))
    versions = f"select distinct {identity}, {c.BATCH}, {c.OP} from {table.relation()}"
    followed = (
        f"select *, lead({c.BATCH}) over "
        f"(partition by {identity} order by {c.BATCH}, {c.OP}) as next_batch from ({versions})"
    )
    con.execute(
        f"create or replace temp table {SUPERSEDED} as select * exclude (next_batch) "
        f"from ({followed}) where next_batch <= {first} "
        f"or (next_batch is null and {c.OP} = '{c.DELETE}' and {c.BATCH} <= {first})"
    )
    row = con.execute(
        f"select count(*) from {table.relation()} log semi join {SUPERSEDED} gone "
        f"on {_same_version(key)}"
    ).fetchone()
    return int(row[0]) if row else 0


def forget(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    log: Sequence[Commit],
    first: int,
    key: Sequence[str],
) -> int:
    """Rewrite the files that have superseded rows; ``count_superseded`` ran before.

    Returns how many rows went. Raises ``BusyError`` when the app is being extracted at the moment
    of the commit; the table is then as it was.
    """
    old: list[LoggedFile] = []
    new: list[DataFile] = []
    before = after = 0
    try:
        for file in files_at(log).values():
            relation = parquet(table, [file.name])
            kept = f"from {relation} log anti join {SUPERSEDED} gone on {_same_version(key)}"
            total, staying = _count(con, f"from {relation}"), _count(con, kept)
            if total > staying:
                old.append(file)
                before, after = before + total, after + staying
                new += write(con, table, f"select * {kept}")
        entry = Maintenance(
            kind="retention",
            at=datetime.now(UTC),
            removed=[file.name for file in old],
            added={file.name: file.sha256 for file in new},
            rows_before=before,
            rows_after=after,
            history_from=first,
        )
        with extraction_lock(table.path.parent.parent, table.app), rows_may_change(table):
            exchange(table, old, new, entry)
    except BaseException:
        table.discard(new)
        raise
    return before - after


def _same_version(key: Sequence[str]) -> str:
    names = [*c.identity(key), c.BATCH, c.OP]
    return " and ".join(
        f"log.{c.quoted(name)} is not distinct from gone.{c.quoted(name)}" for name in names
    )


def _count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = con.execute(f"select count(*) {rows}").fetchone()
    return int(row[0]) if row else 0
