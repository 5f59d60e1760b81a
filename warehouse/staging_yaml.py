"""The YAML that goes with staging models: the lake's tables as sources, and the models' tests."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.discover.render import scalar
from connectors.registry import App, Column, Table
from warehouse.staging_sql import StagingColumn


@dataclass(frozen=True)
class StagingModel:
    """One model: its name, its table and its columns."""

    name: str
    table: str
    entry: Table
    columns: tuple[StagingColumn, ...]

    @property
    def key(self) -> list[str]:
        """The key's names in staging."""
        by_name = {column.name: column.alias for column in self.columns}
        return [by_name[name] for name in self.entry.key if name in by_name]


def sources_yaml(app: App, source: str, models: Sequence[StagingModel]) -> str:
    """``_src_<app>.yml``."""
    about = (app.description or app.name).rstrip(".")
    lines = [
        "version: 2",
        "",
        "sources:",
        f"  - name: {source}",
        f"    description: {_text(f'{about}: current state in the lake.')}",
        "    tables:",
    ]
    for model in models:
        lines += table_yaml(app, model)
    return "\n".join(lines) + "\n"


def table_yaml(app: App, model: StagingModel) -> list[str]:
    """One table of the source."""
    entry = model.entry
    about = entry.description or f"Table {app.source_name(model.table)} of {app.name}."
    lines = [
        f"      - name: {scalar(model.table)}",
        f"        description: {_text(about)}",
        "        columns:",
    ]
    for column in model.columns:
        said = entry.columns.get(column.name, Column())
        lines += [
            f"          - name: {scalar(column.name)}",
            f"            data_type: {column.lake_type.lower()}",
            f"            description: {_text(_about(column, said))}",
        ]
        if said.personal:
            lines += [
                "            config:",
                "              meta:",
                f"                personal: {said.personal}",
            ]
    return lines


def models_yaml(app: App, models: Sequence[StagingModel]) -> str:
    """``_stg_<app>.yml``."""
    lines = ["version: 2", "", "models:"]
    for model in models:
        lines += model_yaml(app, model, models)
    return "\n".join(lines) + "\n"


def model_yaml(app: App, model: StagingModel, models: Sequence[StagingModel]) -> list[str]:
    """One model with the tests of its key and of what it refers to."""
    about = f"One row per row of {app.source_name(model.table)}."
    if any(said.personal and said.policy != "drop" for said in model.entry.columns.values()):
        about += " Holds personal data."
    lines = [f"  - name: {model.name}", f"    description: {_text(about)}"]
    if len(model.key) > 1:
        columns = ", ".join(scalar(name) for name in model.key)
        lines += [
            "    data_tests:",
            "      - unique_key:",
            "          arguments:",
            f"            columns: [{columns}]",
        ]
    described = list(_described(model, models))
    return [*lines, *(["    columns:", *described] if described else [])]


def _described(model: StagingModel, models: Sequence[StagingModel]) -> Iterator[str]:
    for column in model.columns:
        is_key = model.key == [column.alias]
        said = model.entry.columns.get(column.name, Column())
        target = _target(said.references, models)
        if not (is_key or target or said.personal):
            continue
        yield f"      - name: {scalar(column.alias)}"
        yield f"        description: {_text('Key.' if is_key else _about(column, said))}"
        if said.personal:
            yield "        config:"
            yield "          meta:"
            yield f"            personal: {said.personal}"
        if is_key or target:
            yield "        data_tests:"
        if is_key:
            yield "          - unique"
            yield "          - not_null"
        if target:
            yield "          - relationships:"
            yield "              arguments:"
            yield f"                to: ref('{target[0]}')"
            yield f"                field: {scalar(target[1])}"
            yield "              config:"
            yield "                severity: warn"


def _target(references: str | None, models: Sequence[StagingModel]) -> tuple[str, str] | None:
    if references is None:
        return None
    table, name = references.split(".", 1)
    for model in models:
        for column in model.columns:
            if model.table == table and column.name == name:
                return model.name, column.alias
    return None


def _about(column: StagingColumn, said: Column) -> str:
    """What is known of a column: no more than its name, type and class."""
    text = "Key" if column.is_key else column.name
    if said.personal:
        text += f", personal data ({said.personal})"
    if said.policy == "token":
        text += ", a token in the lake"
    return text + "."


def _text(text: str) -> str:
    """A description as YAML; dbt would take braces for its own language."""
    text = " ".join(text.replace("{", "(").replace("}", ")").split())
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_ .,;()/-]*", text) else scalar(text)
