"""`kota trace`: what a published number is made of, from the cell to the source, with verdicts."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from connectors.registry import load_registry
from kota.settings import Settings
from lake.columns import literal, quoted
from lake.engine import connect
from warehouse.candidate import Candidate, candidates
from warehouse.snapshots import Snapshot, current, snapshots
from warehouse.trace.catalog import catalog_of
from warehouse.trace.field import STATES, Field, Inputs, Relation
from warehouse.trace.graph import Graph
from warehouse.trace.models import Models
from warehouse.trace.openlineage import FILE_NAME, read_events
from warehouse.trace.quality import Checked, Quality
from warehouse.trace.rows import RowWalk, Step
from warehouse.trace.sources import FIRST, PERSONAL, Source, Sources


class NotTraceableError(Exception):
    """What was asked for is not there; the message says what is."""


@dataclass(frozen=True)
class Published:
    """The snapshot that the number stands in."""

    id: str
    published_at: datetime | None
    as_of: datetime
    verdict: str
    checks: int
    warnings: int
    code_version: str
    file_sha256: str


@dataclass(frozen=True)
class Cells:
    """The rows of the mart that were asked for."""

    count: int
    shown: list[dict[str, Any]]
    is_as_built: bool
    """Whether the candidate's mart, from which the way goes on, has the same rows."""


@dataclass
class Trace:
    """All of it."""

    mart: str
    column: str | None
    where: str | None
    about: str
    snapshot: Published
    columns: dict[Relation, dict[str, Inputs]]
    """By relation, nearest first: what the columns that are in the number are made of."""
    chosen: dict[Relation, list[Field]]
    """By relation: what decides which rows it has."""
    quality: dict[Relation, tuple[Checked, Checked]]
    """By relation: the audit's checks, dbt's tests."""
    sources: list[Source]
    cells: Cells | None = None
    rows: Step | None = None
    keys: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By temporary table, the first keys of the rows that were found."""


class Origins:
    """What the marts of one candidate are made of."""

    def __init__(self, settings: Settings, candidate: Candidate, published: Published) -> None:
        self.candidate = candidate
        self.models = Models.load(candidate.folder)
        apps = load_registry(settings)
        self.graph = Graph(read_events(candidate.folder / FILE_NAME), apps)
        self._quality = Quality(candidate.folder, self.models)
        self._sources = Sources(settings, apps, candidate.manifest, self._quality)
        self._published = published

    def of(self, relation: Relation, column: str | None = None) -> Trace:
        """Without any row. Raises ``UnreadableCommitError`` where the lake's log is damaged."""
        wanted = [column] if column else self.graph.columns(relation)
        columns = self.graph.above(Field(relation, name) for name in wanted)
        lake = [one for one in columns if one.app is not None]
        return Trace(
            mart=relation.name,
            column=column,
            where=None,
            about=_about(self.models, relation, column),
            snapshot=self._published,
            columns=columns,
            chosen={one: self.graph.choosing(one) for one in columns},
            quality=self.verdicts(columns),
            sources=[s for one in lake if (s := self._sources.of(one)) is not None],
        )

    def verdicts(self, relations: Iterable[Relation]) -> dict[Relation, tuple[Checked, Checked]]:
        """By relation: the audit's checks, dbt's tests."""
        return {
            one: (self._quality.expectations(one), self._quality.tests(one))
            for one in dict.fromkeys(relations)
        }

    def with_rows(
        self, con: duckdb.DuckDBPyConnection, steps: list[Step], *, show_personal: bool
    ) -> Source | None:
        """The source table of rows that were found."""
        return self._sources.with_rows(steps[0].relation, con, steps, show_personal=show_personal)


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
    origins = Origins(settings, candidate_of(settings, snapshot), _published(snapshot))
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
        con.execute(
            f"create temp table cells as select * from published.marts.{mart} where ({found.where})"
        )
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
        is_as_built=bool(other) and other[0] == 0,
    )
    found.rows = step
    for one in step.steps():
        if one.key:
            rows = _rows(con, one.table, list(one.key))
            hidden = {
                name
                for name in one.key
                if one.relation.schema != "marts"
                and origins.graph.is_personal(Field(one.relation, name))
            }
            if hidden and not show_personal:
                rows = [{k: PERSONAL if k in hidden else v for k, v in r.items()} for r in rows]
            found.keys[one.table] = rows
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


def snapshot_of(settings: Settings, snapshot_id: str | None) -> Snapshot:
    """The snapshot of that id, or the one readers see. Raises ``NotTraceableError``."""
    published = snapshots(settings)
    if snapshot_id is None:
        if (seen := current(settings)) is None:
            raise NotTraceableError("nothing was published yet: run `kota run` first")
        return seen
    for snapshot in published:
        if snapshot.id == snapshot_id:
            return snapshot
    known = ", ".join(snapshot.id for snapshot in published) or "none"
    raise NotTraceableError(f"there is no snapshot {snapshot_id}; there is: {known}")


def candidate_of(settings: Settings, snapshot: Snapshot) -> Candidate:
    """The candidate that a snapshot was made from. Raises ``NotTraceableError``."""
    for candidate in candidates(settings):
        if candidate.id == snapshot.id and (candidate.folder / FILE_NAME).exists():
            return candidate
    raise NotTraceableError(
        f"the candidate of snapshot {snapshot.id}, which has the rows between it and the lake, is "
        "no longer there, or was built before kota kept its lineage"
    )


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


def _about(models: Models, relation: Relation, column: str | None) -> str:
    model = models.by_relation[relation]
    text = model.columns.get(column, "") if column else model.description
    return " ".join(text.split())


def _published(snapshot: Snapshot) -> Published:
    manifest = snapshot.manifest
    done = manifest.publication
    return Published(
        id=snapshot.id,
        published_at=done.published_at if done else None,
        as_of=manifest.as_of,
        verdict=done.verdict if done else "unknown",
        checks=done.checks if done else 0,
        warnings=done.warnings if done else 0,
        code_version=manifest.code_version,
        file_sha256=done.file_sha256 if done else "",
    )
