"""The current state of each lake table, as a table of the candidate, kept from night to night.

Reading it from the change log takes a window over all that ever happened; from the night before it
takes the new batches only. Which rows differ from the night before is kept beside it for this
build: ``changes_<schema>.<table>`` holds such rows as they were and as they are.
"""

from collections.abc import Sequence

import duckdb

from lake import columns as c
from lake.columns import quoted
from lake.table import LakeTable

PREFIX = "changes_"
"""Of the schemas that hold what a build changed."""

MODELS = ("staging", "intermediate", "marts")
"""The schemas of dbt's models, which are built two at a time and must not race to make theirs."""

CHANGES = """
create or replace table ops.changes (
    schema_name varchar not null,
    table_name varchar not null,
    -- 'same', 'changed' (the rows are in changes_<schema>) or 'rebuilt' (any row may differ)
    state varchar not null
)
"""

# What by_key models read without following its changes, by content (macros/materializations).
INPUTS = """
create table if not exists ops.inputs (model varchar, input varchar, content varchar);
create or replace table ops.former_inputs as from ops.inputs;
create or replace table ops.inputs (model varchar, input varchar, content varchar)
"""


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing is known to have changed yet; what the base's own build changed is forgotten."""
    schemas = con.execute(
        "select distinct schema_name from duckdb_schemas() "
        f"where database_name = current_database() and starts_with(schema_name, '{PREFIX}')"
    ).fetchall()
    for (schema,) in schemas:
        con.execute(f"drop schema {quoted(schema)} cascade")
    for schema in MODELS:
        con.execute(f"create schema {quoted(PREFIX + schema)}")
    con.execute(CHANGES)
    con.execute(INPUTS)


def keep_state(
    con: duckdb.DuckDBPyConnection,
    table: LakeTable,
    key: Sequence[str],
    state: str,
    news: str | None,
) -> None:
    """Bring ``lake_<app>.<table>`` to ``state``, a query, and note what changed.

    ``news`` is a query for what the change log says since the table was as it is; None where
    nothing tells that, and the state is read as a whole and compared.
    """
    schema = f"lake_{table.app}"
    target = f"{quoted(schema)}.{quoted(table.table)}"
    changes = f"{quoted(PREFIX + schema)}.{quoted(table.table)}"
    con.execute(f"create schema if not exists {quoted(schema)}")
    con.execute(f"create schema if not exists {quoted(PREFIX + schema)}")
    columns = _columns(con, f"from {target}")
    if columns is None or columns != _columns(con, state):
        con.execute(f"create or replace table {target} as {state}")
        outcome = "rebuilt"
    elif news is None:
        _compare(con, c.quoted_list(columns), state, target, changes)
        outcome = _outcome(con, changes)
    else:
        _apply(con, c.identity(key), news, target, changes)
        outcome = _outcome(con, changes)
    con.execute("insert into ops.changes values (?, ?, ?)", [schema, table.table, outcome])


def news_since(table: LakeTable, version: int, batch: int | None) -> str | None:
    """What the change log at ``version`` says after a batch, as a query; None without a batch."""
    if batch is None:
        return None
    return f"select * from {table.relation(version)} where {c.BATCH} > {batch}"


def _compare(
    con: duckdb.DuckDBPyConnection, columns: str, state: str, target: str, changes: str
) -> None:
    con.execute(f"create or replace temp table fresh as select {columns} from ({state})")
    con.execute(
        f"create table {changes} as (from {target} except all from fresh) "
        f"union all (from fresh except all from {target})"
    )
    con.execute(f"create or replace table {target} as from fresh")
    con.execute("drop table fresh")


def _apply(
    con: duckdb.DuckDBPyConnection, identity: Sequence[str], news: str, target: str, changes: str
) -> None:
    """Put the news into the table: the last word on each key counts."""
    same = " and ".join(f"t.{quoted(k)} is not distinct from n.{quoted(k)}" for k in identity)
    con.execute(
        f"create or replace temp table news as {news} "
        f"qualify row_number() over (partition by {c.quoted_list(identity)} "
        f"order by {c.BATCH} desc, {c.OP} desc) = 1"
    )
    con.execute(f"create table {changes} as select t.* from {target} t semi join news n on {same}")
    con.execute(f"delete from {target} t using news n where {same}")
    for into in (changes, target):
        con.execute(
            f"insert into {into} by name select * exclude ({c.OP}) from news "
            f"where {c.OP} = '{c.UPSERT}'"
        )
    con.execute("drop table news")


def _outcome(con: duckdb.DuckDBPyConnection, changes: str) -> str:
    row = con.execute(f"select exists (from {changes})").fetchone()
    if row and row[0]:
        return "changed"
    con.execute(f"drop table {changes}")
    return "same"


def _columns(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, str] | None:
    """The types of a query's columns by name; None where there is no such table."""
    try:
        described = con.execute(f"describe {query}").fetchall()
    except duckdb.CatalogException:
        return None
    return {row[0]: row[1] for row in described}
