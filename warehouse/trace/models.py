"""What dbt's manifest tells of the relations of a build: their SQL, keys, tests, descriptions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.trace.field import Relation


@dataclass(frozen=True)
class Model:
    """A model, seed or source table."""

    id: str
    relation: Relation
    kind: str
    """``model``, ``seed`` or ``source``."""
    sql: str | None = None
    """Its compiled SELECT; None for what is no SQL."""
    key: tuple[str, ...] = ()
    """The columns by which the project says that its rows are told apart."""
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Descriptions by column."""
    declared: Mapping[str, Sequence[str]] | None = None
    """What its columns are made of, where it is not SQL: ``model.column`` each."""
    file: str = ""


class Models:
    """All relations of one build, and the tests about them."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
        keys = _declared_keys(tests)
        nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
        found = [_model(node, keys.get(node["unique_id"], ())) for node in nodes]
        found += [_source(node) for node in manifest["sources"].values()]
        self.by_relation = {model.relation: model for model in found}
        self.by_id = {model.id: model for model in found}
        self.tests = {n["unique_id"]: n.get("attached_node") for n in tests}
        """The model that each test is about."""
        self.exposures: list[dict[str, Any]] = list(manifest.get("exposures", {}).values())

    @classmethod
    def load(cls, folder: Path) -> "Models":
        """Of a candidate's folder. Raises ``OSError`` or ``ValueError``."""
        return cls(json.loads((folder / "dbt" / "manifest.json").read_text("utf-8")))

    def named(self, name: str) -> Model | None:
        """A model or seed by its name alone."""
        return next(
            (m for m in self.by_id.values() if m.relation.name == name and m.kind != "source"), None
        )

    def marts(self) -> list[Model]:
        """The published models, in the order of the alphabet."""
        marts = [m for m in self.by_relation.values() if m.relation.schema == "marts"]
        return sorted(marts, key=lambda model: model.relation)


def _model(node: Mapping[str, Any], key: Sequence[str]) -> Model:
    config = node.get("config", {})
    is_sql = node.get("language") == "sql" and node["resource_type"] == "model"
    return Model(
        id=node["unique_id"],
        relation=Relation(node["schema"], node.get("alias") or node["name"]),
        kind=node["resource_type"],
        sql=node.get("compiled_code") if is_sql else None,
        key=tuple(node.get("primary_key") or config.get("key") or key),
        description=node.get("description", ""),
        columns=_descriptions(node),
        declared=config.get("meta", {}).get("lineage"),
        file=node.get("original_file_path", ""),
    )


def _source(node: Mapping[str, Any]) -> Model:
    return Model(
        id=node["unique_id"],
        relation=Relation(node["schema"], node.get("identifier") or node["name"]),
        kind="source",
        description=node.get("description", ""),
        columns=_descriptions(node),
    )


def _descriptions(node: Mapping[str, Any]) -> dict[str, str]:
    return {name: column.get("description", "") for name, column in node["columns"].items()}


def _declared_keys(tests: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """By model, the columns that a test says are unique: one alone, or several together."""
    keys: dict[str, tuple[str, ...]] = {}
    for test in tests:
        what = test.get("test_metadata") or {}
        arguments = what.get("kwargs", {})
        model = test.get("attached_node")
        if model and what.get("name") == "unique":
            keys.setdefault(model, (arguments["column_name"],))
        elif model and what.get("name") == "unique_key":
            keys[model] = tuple(arguments.get("columns", ()))
    return keys
