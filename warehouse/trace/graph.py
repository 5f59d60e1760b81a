"""The lineage of a build as a graph that can be walked both ways."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from connectors.registry import App, Column
from warehouse.trace.field import APP, Field, Inputs, Made, Relation

T = TypeVar("T")


class Graph:
    """Fields, and what each is made of."""

    def __init__(self, lineage: Iterable[Made], apps: Mapping[str, App]) -> None:
        self._apps = apps
        self._made = {made.relation: made for made in lineage}
        self._below: dict[Field, set[Field]] = defaultdict(set)
        self._rows_below: dict[Relation, set[Relation]] = defaultdict(set)
        for made in self._made.values():
            for name, inputs in made.columns.items():
                for one in inputs:
                    self._below[one].add(Field(made.relation, name))
            for one in (*made.rows, *(f for i in made.columns.values() for f in i)):
                self._rows_below[one.relation].add(made.relation)
        self.is_personal = cache(self._is_personal)
        self.is_specific = cache(self._is_specific)

    def __contains__(self, relation: Relation) -> bool:
        return relation in self._made

    def columns(self, relation: Relation) -> list[str]:
        """The columns whose origin is known."""
        return list(self._made[relation].columns) if relation in self._made else []

    def inputs(self, field: Field) -> Inputs:
        """What a field is made of. A count has no column: then, what decides which rows count."""
        made = self._made.get(field.relation)
        if made is None or field.column not in made.columns:
            return {}
        return made.columns[field.column] or made.rows

    def choosing(self, relation: Relation) -> list[Field]:
        """What decides which rows a relation has: filters, joins and groups."""
        return sorted(self._made[relation].rows) if relation in self._made else []

    def above(self, fields: Iterable[Field]) -> dict[Relation, dict[str, Inputs]]:
        """By relation, the columns that fields are made of, each with its inputs; nearest first."""
        found: dict[Relation, dict[str, Inputs]] = {}
        ahead = deque(fields)
        while ahead:
            here = ahead.popleft()
            columns = found.setdefault(here.relation, {})
            if here.column not in columns:
                columns[here.column] = self.inputs(here)
                ahead.extend(columns[here.column])
        return found

    def below(self, field: Field) -> set[Field]:
        """Every field in whose value it is."""
        return _reached([field], self._below)

    def relations_below(self, relation: Relation) -> set[Relation]:
        """Every relation that reads it, in values or to choose rows, itself left out."""
        return _reached([relation], self._rows_below) - {relation}

    def fields_of(self, relation: Relation) -> set[Field]:
        """The columns of a relation in which something has its origin."""
        return {field for field in self._below if field.relation == relation}

    def chosen_by(self, fields: set[Field]) -> set[Relation]:
        """Every relation whose rows are chosen by what fields are in, and all that reads it."""
        values = {reached for field in fields for reached in self.below(field)}
        chosen = [made.relation for made in self._made.values() if values & made.rows.keys()]
        return _reached(chosen, self._rows_below)

    def _is_personal(self, field: Field) -> bool:
        """Whether something in it is a personal column at the source that landed as it was."""
        made = self._made.get(field.relation)
        if made is not None and field.column in made.masked:
            return False
        if field.relation.schema.startswith(APP):
            return self._is_classified(field)
        inputs = made.columns.get(field.column, {}) if made is not None else {}
        return any(self.is_personal(one) for one in inputs)

    def _is_specific(self, relation: Relation) -> bool:
        """Whether a row of it tells health, a child, or money of somebody (UU 27/2022 art. 4)."""
        above = self.above(Field(relation, column) for column in self.columns(relation))
        return any(
            said.personal == "spesifik"
            for source, columns in above.items()
            for column in columns
            for said in self._said(Field(source, column))
        )

    def _is_classified(self, field: Field) -> bool:
        said = self._said(field)
        is_known = field.relation.schema.removeprefix(APP) in self._apps
        return not is_known or any(one.personal is not None for one in said)

    def _said(self, field: Field) -> list[Column]:
        """What the registry says of a source's column."""
        app = self._apps.get(field.relation.schema.removeprefix(APP))
        tables = app.tables.items() if app else ()
        return [
            column
            for table, entry in tables
            if app and app.source_name(table) == field.relation.name
            for name, column in entry.columns.items()
            if field.column in (name, column.path)
        ]


def _reached(start: list[T], edges: Mapping[T, set[T]]) -> set[T]:
    seen, ahead = set(start), deque(start)
    while ahead:
        for one in edges.get(ahead.popleft(), ()):
            if one not in seen:
                seen.add(one)
                ahead.append(one)
    return seen
