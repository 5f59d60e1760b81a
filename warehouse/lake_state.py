"""The state of one lake table for a candidate: as pinned, as it was long ago, or empty."""

from collections.abc import Sequence

import duckdb

from lake import columns as c
from lake.history import as_of, batch_of
from lake.table import LakeTable
from warehouse.contract import Columns

OWN = {c.BATCH: "BIGINT", c.AT: "TIMESTAMP WITH TIME ZONE", c.HASH: "BIGINT"}
"""kota's columns in a current state, beside the source's."""


def empty_state(promised: Columns) -> str:
    """No row of the promised columns, as a query."""
    return f"select {_nulls({**promised, **OWN})} where false"


def empty_states(promised: Columns) -> str:
    """No state of the promised columns, as a query."""
    until = f"cast(null as TIMESTAMP WITH TIME ZONE) as {c.UNTIL}"
    return f"select *, {until} from ({empty_state(promised)})"


def held_state(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    key: Sequence[str],
    version: int,
    promised: Columns,
) -> str:
    """The state at a version that is not the newest, as a query.

    It is told by the newest files where maintenance or an erasure removed those of the version. A
    column that was promised since reads as empty. Raises ``NoSuchPastError``.
    """
    if table.has_files(version):
        state = table.current(key, version)
    else:
        state = as_of(table, batch_of(table, version).number).current(key)
    there = {row[0] for row in con.execute(f"describe {state}").fetchall()}
    later = {name: kind for name, kind in promised.items() if name not in there}
    return f"select *, {_nulls(later)} from ({state})" if later else state


def _nulls(columns: Columns) -> str:
    return ", ".join(f"cast(null as {kind}) as {c.quoted(name)}" for name, kind in columns.items())
