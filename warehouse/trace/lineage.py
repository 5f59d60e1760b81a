"""The lineage of one candidate, column by column: from its models' SQL and the app registry.

SQL tells it of SQL models; a Python model declares it in its yml (``meta: lineage:``); how a
source's column came into the lake stands in the registry.
"""

from collections.abc import Iterator, Mapping

from connectors.registry import App
from warehouse.trace.columns import ColumnLineage
from warehouse.trace.field import APP, STATES, Catalog, Field, Inputs, Made, Relation
from warehouse.trace.models import Model, Models
from warehouse.trace.query import UnreadableQueryError, as_schema, root_scope


def lineage(models: Models, catalog: Catalog, apps: Mapping[str, App]) -> Iterator[Made]:
    """What every relation is made of, sources first. A model that can't be read tells nothing."""
    for model in models.by_relation.values():
        app = apps.get(model.relation.app or "")
        if model.kind == "source" and app is not None:
            yield _landed(model.relation, catalog, app)
    schema = as_schema(catalog)
    for model in models.by_relation.values():
        if model.declared is not None:
            yield _declared(model, models)
        elif model.sql is not None:
            try:
                asked = ColumnLineage(root_scope(model.sql, schema))
            except UnreadableQueryError:
                continue
            spelt = {name.lower(): name for name in catalog.get(model.relation, ())}
            columns = {
                spelt.get(name.lower(), name): _spelt(inputs, catalog)
                for name, inputs in asked.columns().items()
            }
            yield Made(model.relation, columns, _spelt(asked.rows(), catalog))


def source_of(relation: Relation, app: App) -> tuple[str, Relation]:
    """The table of the registry that a lake relation holds, and the table at the source."""
    table = relation.name.removesuffix(STATES)
    return table, Relation(f"{APP}{app.app}", app.source_name(table))


def _landed(relation: Relation, catalog: Catalog, app: App) -> Made:
    table, source = source_of(relation, app)
    columns: dict[str, Inputs] = {}
    masked = set()
    said = app.tables[table].columns if table in app.tables else {}
    for name in catalog.get(relation, ()):
        if name.startswith("_kota_"):
            columns[name] = {}
            continue
        entry = said.get(name)
        is_token = entry is not None and entry.policy == "token"
        is_read = entry is not None and (entry.type or entry.format or entry.decimal != ".")
        at_source = entry.path if entry is not None and entry.path else name
        how: Inputs = {Field(source, at_source): "IDENTITY"}
        if is_token or is_read:
            how = {Field(source, at_source): "TRANSFORMATION"}
        columns[name] = how
        if is_token:
            masked.add(name)
    return Made(relation, columns, masked=frozenset(masked))


def _declared(model: Model, models: Models) -> Made:
    columns: dict[str, Inputs] = {}
    for column, inputs in (model.declared or {}).items():
        columns[column] = {}
        for one in inputs:
            name, _, input_column = one.partition(".")
            if (parent := models.named(name)) is not None:
                columns[column][Field(parent.relation, input_column)] = "TRANSFORMATION"
    return Made(model.relation, columns)


def _spelt(inputs: Inputs, catalog: Catalog) -> Inputs:
    """With columns as the catalog spells them; the parser makes all names lower case."""
    found: Inputs = {}
    for one, how in inputs.items():
        names = {name.lower(): name for name in catalog.get(one.relation, ())}
        found[Field(one.relation, names.get(one.column.lower(), one.column))] = how
    return found
