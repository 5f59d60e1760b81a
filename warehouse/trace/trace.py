"""`kota trace`: what a published number is made of, from the cell to the source, with verdicts."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import duckdb

from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from warehouse.snapshots import Snapshot
from warehouse.trace.catalog import catalog_of
from warehouse.trace.field import STATES, Field, Relation
from warehouse.trace.graph import Graph
from warehouse.trace.models import Models
from warehouse.trace.origins import Cells, Origins, Trace
from warehouse.trace.rows import RowWalk
from warehouse.trace.snapshot import NotTraceableError, candidate_of, published, snapshot_of
from warehouse.trace.sources import FIRST, PERSONAL, Source
from warehouse.trace.step import Step


def trace(
    settings: Settings,
    target: str,
    *,
    where: str | None = None,
    snapshot_id: str | None = None,
    show_personal: bool = False,
) -> Trace:
    """Follow ``mart`` or ``mart.column``; with ``where``, rows too.

    Raises ``NotTraceableError``, ``RegistryError``, ``UnreadableCommitError``.
    """
    snapshot = snapshot_of(settings, snapshot_id)
    origins = Origins(settings, candidate_of(settings, snapshot), published(snapshot))
    relation, column = _target(target, origins.models, origins.graph)
    found = origins.of(relation, column)
    if where is not None:
        found.where = where
        with closing(connect(settings)) as con:
            _follow_rows(con, found, snapshot, origins, show_personal)
    return found


def _follow_rows(
    con: duckdb.DuckDBPyConnection,
    found: Trace,
    snapshot: Snapshot,
    origins: Origins,
    show_personal: bool,
) -> None:
    con.execute(f"attach {literal(str(snapshot.path))} as published (read_only)")
    con.execute(f"attach {literal(str(origins.candidate.path))} as kota (read_only)")
    mart = quoted(found.mart)
    try:
        con.execute("use published.marts")  # so that a condition may ask other marts
        con.execute(f"create temp table cells as select * from {mart} where ({found.where})")
        con.execute("use memory")
    except duckdb.Error as error:
        raise NotTraceableError(str(error).split("\n", 1)[0]) from error
    other = con.execute(
        f"select count(*) from (select * from cells except all select * from kota.marts.{mart})"
    ).fetchone()
    relation = Relation("marts", found.mart)
    walk = RowWalk(con, origins.models, catalog_of(con, "kota"))
    step = walk.down(relation, "cells", frozenset([found.column] if found.column else ()))
    found.cells = Cells(
        count=step.count,
        shown=_rows(con, "cells", _shown_columns(found, step)),
        is_as_built=other == (0,),
    )
    found.rows = step
    found.is_whole = walk.is_whole
    for one in step.steps():
        is_public = show_personal or one.relation.schema == "marts"
        if not is_public and origins.graph.is_specific(one.relation):
            continue
        hidden = {
            name
            for name in one.key
            if not is_public and origins.graph.is_personal(Field(one.relation, name))
        }
        if {*one.key} > hidden:
            rows = _rows(con, one.table, list(one.key))
            found.keys[one.table] = [
                {k: PERSONAL if k in hidden else v for k, v in row.items()} for row in rows
            ]
    found.sources = list(_row_sources(con, step, origins, show_personal))
    found.quality = origins.verdicts([*found.columns, *(one.relation for one in step.steps())])


def _row_sources(
    con: duckdb.DuckDBPyConnection, rows: Step, origins: Origins, show_personal: bool
) -> Iterator[Source]:
    by_table: dict[str, list[Step]] = {}
    for leaf in rows.leaves():
        if leaf.relation.app is not None:
            by_table.setdefault(f"{leaf.relation.app}.{_table(leaf.relation)}", []).append(leaf)
    for steps in by_table.values():
        source = origins.with_rows(con, steps, show_personal=show_personal)
        if source is not None:
            yield source


def _table(relation: Relation) -> str:
    return relation.name.removesuffix(STATES)


def _shown_columns(found: Trace, step: Step) -> list[str]:
    return [*dict.fromkeys([*step.key, *([found.column] if found.column else ())])]


def _rows(con: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> list[dict[str, Any]]:
    chosen = ", ".join(quoted(name) for name in columns) or "*"
    result = con.execute(f"select distinct {chosen} from {table} order by all limit {FIRST}")
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _target(target: str, models: Models, graph: Graph) -> tuple[Relation, str | None]:
    mart, _, column = target.removeprefix("marts.").partition(".")
    relation = Relation("marts", mart)
    if relation not in graph:
        near = ", ".join(model.relation.name for model in models.marts())
        raise NotTraceableError(f"there is no mart {mart}; there is: {near}")
    if column and column not in graph.columns(relation):
        known = ", ".join(graph.columns(relation))
        raise NotTraceableError(f"{mart} has no column {column}; it has: {known}")
    return relation, column or None
