"""Write an app's dbt sources and staging models from its registry file: `kota sources scaffold`.

What was edited since is never overwritten: a file that is there and says something else is kept,
and told. A table that a model reads already, under whatever name, gets no second one.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from connectors.discover.names import staging_names
from connectors.reader import landing_columns
from connectors.registry import App
from connectors.technologies import open_reader
from kota.settings import Settings
from lake.table import LakeTable
from warehouse.staging_sql import LANDED, StagingColumn, alias_of, model_sql
from warehouse.staging_yaml import (
    StagingModel,
    model_yaml,
    models_yaml,
    sources_yaml,
    table_yaml,
)

Outcome = Literal["written", "unchanged", "kept", "added to", "replaced"]


@dataclass(frozen=True)
class ScaffoldFile:
    """One file and what became of it."""

    path: Path
    outcome: Outcome
    note: str = ""


def scaffold(app: App, settings: Settings, *, force: bool = False) -> list[ScaffoldFile]:
    """Write what is missing. ``force`` replaces what is there and differs.

    Columns are those of the lake where the app was loaded, otherwise those of its source. Raises
    ``SourceError`` and ``ConnectionMissingError`` when the source is needed and can't be read.
    """
    folder = settings.dbt_dir / "models" / "staging" / app.app
    source = f"lake_{app.app}"
    read_by = {} if force else _read_already(folder, source)
    columns = _columns(app, settings)
    names = staging_names(app.app, app.tables)
    models = [
        _model(app, table, read_by.get(table, names[table]), columns[table]) for table in app.tables
    ]
    new = [model for model in models if model.table not in read_by]
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        _grown(
            folder / f"_src_{app.app}.yml",
            sources_yaml(app, source, models),
            {model.table: table_yaml(app, model) for model in models},
            force=force,
        ),
        _grown(
            folder / f"_stg_{app.app}.yml",
            models_yaml(app, models),
            {model.name: model_yaml(app, model, models) for model in models},
            force=force,
        ),
    ]
    for model in models:
        path = folder / f"{model.name}.sql"
        text = model_sql(source, model.table, model.columns)
        if model in new:
            files.append(_written(path, text, force=force))
        else:
            outcome: Outcome = "unchanged" if _says(path, text) else "kept"
            files.append(ScaffoldFile(path, outcome, f"it reads {model.table} already"))
    return files


def _model(app: App, table: str, name: str, columns: list[tuple[str, str]]) -> StagingModel:
    entry = app.tables[table]
    taken = {LANDED}
    staged = []
    for column, lake_type in columns:
        said = entry.columns.get(column)
        wanted = f"{column}_token" if said and said.policy == "token" else column
        alias = alias_of(wanted, table, taken)
        staged.append(StagingColumn(column, lake_type, alias, column in entry.key))
    return StagingModel(name, table, entry, tuple(staged))


def _columns(app: App, settings: Settings) -> dict[str, list[tuple[str, str]]]:
    """Name and lake type of every column that lands, by table."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table in app.tables:
        if types := LakeTable(settings.lake_dir, app.app, table).source_types():
            found[table] = list(types.items())
    if missing := [table for table in app.tables if table not in found]:
        with open_reader(app, settings) as reader:
            for table in missing:
                landing = landing_columns(app, table, reader.describe(table))
                found[table] = [(column.name, column.lake_type) for column in landing]
    return found


def _read_already(folder: Path, source: str) -> dict[str, str]:
    """The models of the folder by the table they read."""
    pattern = re.compile(rf"source\(\s*'{re.escape(source)}'\s*,\s*'([^']+)'\s*\)")
    return {
        table: path.stem
        for path in sorted(folder.glob("stg_*.sql"))
        for table in pattern.findall(path.read_text("utf-8"))
    }


def _written(path: Path, text: str, *, force: bool) -> ScaffoldFile:
    if not path.exists():
        path.write_text(text, "utf-8")
        return ScaffoldFile(path, "written")
    if _says(path, text):
        return ScaffoldFile(path, "unchanged")
    if not force:
        return ScaffoldFile(path, "kept", "it differs: --force replaces it")
    path.write_text(text, "utf-8")
    return ScaffoldFile(path, "replaced")


def _says(path: Path, text: str) -> bool:
    return path.read_text("utf-8") == text


def _grown(path: Path, text: str, blocks: dict[str, list[str]], *, force: bool) -> ScaffoldFile:
    """A YAML file with its list of named entries; those it lacks are put at the end of the list."""
    if force or not path.exists() or _says(path, text):
        return _written(path, text, force=force)
    old = path.read_text("utf-8")
    missing = [name for name in blocks if name not in _named(old)]
    if not missing:
        return ScaffoldFile(path, "kept", "it has every entry")
    # The list is the file's last part, except for dbt's unit tests.
    head, mark, tail = old.partition("\nunit_tests:")
    added = "\n".join(line for name in missing for line in blocks[name])
    new = f"{head.rstrip()}\n{added}\n" + (f"{mark}{tail}" if mark else "")
    if not _is_grown(old, new, missing):
        return ScaffoldFile(path, "kept", f"add to it by hand: {', '.join(missing)}")
    path.write_text(new, "utf-8")
    return ScaffoldFile(path, "added to", ", ".join(missing))


def _named(text: str) -> list[str]:
    """Names of the tables of the file's source, or of its models."""
    content = yaml.safe_load(text) or {}
    entries = content.get("models") or (content.get("sources") or [{}])[-1].get("tables") or []
    return [entry["name"] for entry in entries]


def _is_grown(old: str, new: str, added: list[str]) -> bool:
    try:
        return _named(new) == _named(old) + added
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        return False
