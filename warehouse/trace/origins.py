"""What the tables of a snapshot are made of, column by column, with the verdicts on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from connectors.registry import load_registry
from kota.settings import Settings
from warehouse.candidate import Candidate
from warehouse.trace.field import Field, Inputs, Relation
from warehouse.trace.graph import Graph
from warehouse.trace.models import Models
from warehouse.trace.openlineage import FILE_NAME, read_events
from warehouse.trace.quality import Checked, Quality
from warehouse.trace.sources import Source, Sources
from warehouse.trace.step import Step


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
    is_whole: bool = True
    """Whether the rows were followed to every end."""
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


def _about(models: Models, relation: Relation, column: str | None) -> str:
    model = models.by_relation[relation]
    text = model.columns.get(column, "") if column else model.description
    return " ".join(text.split())
