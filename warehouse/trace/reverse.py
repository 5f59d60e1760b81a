"""`kota trace --reverse`: everything that depends on a table or a column of a legacy app."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.registry import App, load_registry
from expectations.suite import SUITES_DIR
from kota.settings import Settings
from warehouse.trace.dashboards import Dashboard, dashboards
from warehouse.trace.field import APP, Field, Relation
from warehouse.trace.graph import Graph
from warehouse.trace.models import Models
from warehouse.trace.openlineage import FILE_NAME, read_events
from warehouse.trace.snapshot import NotTraceableError, candidate_of, snapshot_of

_LAYERS = ("lake_", "staging", "intermediate", "marts")


@dataclass(frozen=True)
class Dependent:
    """A relation that is made of it, with those columns that have values of it."""

    relation: Relation
    columns: list[str]
    """Empty where it only decides which rows there are."""


@dataclass
class Dependents:
    """All of it."""

    target: str
    is_personal: bool
    """Whether what was asked for is, or has, personal data."""
    relations: list[Dependent]
    suites: list[str]
    dashboards: list[Dashboard]
    exposures: list[str] = field(default_factory=list)
    """What dbt's own exposures add."""

    def of(self, layer: str) -> list[Dependent]:
        """Those of one layer: ``staging``, ``intermediate``, ``marts``."""
        return [one for one in self.relations if one.relation.schema.startswith(layer)]


def reverse(settings: Settings, target: str, snapshot_id: str | None = None) -> Dependents:
    """What depends on ``app.table`` or ``app.table.column``.

    Raises ``NotTraceableError``, ``RegistryError``.
    """
    candidate = candidate_of(settings, snapshot_of(settings, snapshot_id))
    apps = load_registry(settings)
    models = Models.load(candidate.folder)
    graph = Graph(read_events(candidate.folder / FILE_NAME), apps)
    source, columns = _source(target, apps, graph)
    fields = [Field(source, column) for column in columns]
    below = _below(graph, source, fields, is_whole="." not in target.partition(".")[2])
    marts = [one.relation.name for one in below if one.relation.schema == "marts"]
    return Dependents(
        target=target,
        is_personal=any(graph.is_personal(one) for one in fields),
        relations=below,
        suites=[f"{mart}.yml" for mart in marts if (SUITES_DIR / f"{mart}.yml").exists()],
        dashboards=list(dashboards(settings.root / "reports" / "assets", set(marts))),
        exposures=list(_exposures(models, set(marts))),
    )


def _source(target: str, apps: Mapping[str, App], graph: Graph) -> tuple[Relation, list[str]]:
    app_name, _, rest = target.partition(".")
    table, _, column = rest.partition(".")
    app = apps.get(app_name)
    if app is None:
        raise NotTraceableError(f"there is no app {app_name}; there is: {', '.join(apps)}")
    if table not in app.tables:
        known = ", ".join(app.tables)
        raise NotTraceableError(f"{app_name} has no table {table or '?'}; it has: {known}")
    source = Relation(f"{APP}{app_name}", app.source_name(table))
    columns = sorted({one.column for one in graph.fields_of(source)})
    if column and column not in columns:
        raise NotTraceableError(
            f"no column {column} of {app_name}.{table} is in the lake; there is: "
            f"{', '.join(columns)}"
        )
    return source, [column] if column else columns


def _below(
    graph: Graph, source: Relation, fields: list[Field], *, is_whole: bool
) -> list[Dependent]:
    with_values: dict[Relation, set[str]] = {}
    for one in fields:
        for reached in graph.below(one):
            with_values.setdefault(reached.relation, set()).add(reached.column)
    relations = {*with_values}
    if is_whole:
        relations |= graph.relations_below(source)
    else:
        relations |= graph.chosen_by(set(fields))
    found = [
        Dependent(relation, sorted(with_values.get(relation, ())))
        for relation in relations
        if relation != source and relation.schema.startswith(_LAYERS)
    ]
    return sorted(found, key=lambda one: (_layer(one.relation), one.relation))


def _layer(relation: Relation) -> int:
    return next(i for i, layer in enumerate(_LAYERS) if relation.schema.startswith(layer))


def _exposures(models: Models, marts: set[str]) -> Iterator[str]:
    for exposure in models.exposures:
        read = {
            models.by_id[one].relation.name for one in _parents(exposure) if one in models.by_id
        }
        if read & marts:
            yield exposure.get("label") or exposure["name"]


def _parents(exposure: Mapping[str, Any]) -> list[str]:
    parents: list[str] = exposure.get("depends_on", {}).get("nodes", [])
    return parents
