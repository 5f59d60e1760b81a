"""The YAML under ``reports/assets``: read, checked by name, and completed with what can be derived.

The files hold what a person decides. Derived here: which published file the database is, ``managed
externally`` on every asset (the mark that pruning relies on), each chart's ``query_context``, and
the ids, parents and chart names of a dashboard's layout.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml

from reports.superset.layout import complete_layout
from reports.superset.look import CITY_PALETTE
from reports.superset.query_context import listed, query_context
from reports.superset.short_form import spell_out

METADATA = "metadata.yaml"

# What this module itself reads; Superset's own schemas check the rest at import.
REQUIRED = {
    "databases": ("uuid", "database_name", "sqlalchemy_uri"),
    "datasets": ("uuid", "database_uuid", "table_name", "rows", "columns", "metrics"),
    "charts": ("uuid", "dataset_uuid", "slice_name", "viz_type", "params"),
    "dashboards": ("uuid", "dashboard_title", "slug", "position", "metadata"),
}
KINDS = tuple(REQUIRED)
# What only this project understands: who may read a dataset (``audience.py``).
OUR_KEYS = frozenset({"rows"})


class InvalidAssetError(ValueError):
    """A file under ``reports/assets`` is wrong; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Assets:
    """Every asset by its file (``charts/x.yaml``), complete and consistent."""

    metadata: dict[str, Any]
    by_file: dict[str, dict[str, Any]]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """The assets of one folder: databases, datasets, charts or dashboards."""
        return [asset for file, asset in self.by_file.items() if file.startswith(f"{kind}/")]

    def uuids(self, kind: str) -> set[str]:
        """The uuids declared in one folder."""
        return {asset["uuid"] for asset in self.of_kind(kind)}

    def dataset_uuids_on(self, dashboard: dict[str, Any]) -> set[str]:
        """The datasets that the charts and filters of a dashboard read."""
        dataset_of_chart = {
            chart["uuid"]: chart["dataset_uuid"] for chart in self.of_kind("charts")
        }
        return {dataset_of_chart.get(uuid, uuid) for _, uuid in _references(dashboard)}

    def contents(self) -> dict[str, str]:
        """File name → YAML text, as Superset's import command takes it."""
        every = {METADATA: self.metadata, **self.by_file}
        return {
            file: yaml.safe_dump(
                {key: value for key, value in asset.items() if key not in OUR_KEYS},
                sort_keys=False,
            )
            for file, asset in every.items()
        }


def load_assets(folder: Path, variables: dict[str, str]) -> Assets:
    """Read ``folder``; ``variables`` replace ``${NAME}`` in its files.

    Raises ``InvalidAssetError`` on the first file that is no YAML, lacks a uuid, shares one with
    another file, or refers to a dataset, chart, database, column or metric that no file declares.
    """
    paths = [path for kind in KINDS for path in sorted((folder / kind).glob("*.yaml"))]
    by_file = {str(path.relative_to(folder)): _read(path, folder, variables) for path in paths}
    try:
        by_file = spell_out(by_file)
    except ValueError as error:
        raise InvalidAssetError(str(error)) from error
    assets = Assets(_read(folder / METADATA, folder, variables), by_file)
    _check_references(assets)
    return _complete(assets)


def _read(path: Path, folder: Path, variables: dict[str, str]) -> dict[str, Any]:
    file = path.relative_to(folder)
    try:
        asset = yaml.safe_load(Template(path.read_text("utf-8")).safe_substitute(variables))
    except OSError as error:
        raise InvalidAssetError(f"{file}: cannot be read ({error.strerror})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise InvalidAssetError(f"{file}: not valid YAML, line {line}: {error.problem}") from error
    if not isinstance(asset, dict):
        raise InvalidAssetError(f"{file}: must be a mapping of settings")
    return asset


def _check_references(assets: Assets) -> None:
    file_of: dict[str, str] = {}
    for file, asset in assets.by_file.items():
        kind = file.split("/")[0]
        if missing := [name for name in REQUIRED[kind] if name not in asset]:
            raise InvalidAssetError(f"{file}: has no {missing[0]}")
        uuid = asset["uuid"]
        if uuid in file_of:
            raise InvalidAssetError(f"{file}: has the same uuid as {file_of[uuid]}")
        file_of[uuid] = file
    for file, asset in assets.by_file.items():
        for what, uuid in _references(asset):
            if not file_of.get(uuid, "").startswith(f"{what}s/"):
                raise InvalidAssetError(f"{file}: refers to {what} {uuid}, which no file declares")
    datasets = {dataset["uuid"]: dataset for dataset in assets.of_kind("datasets")}
    for file, asset in assets.by_file.items():
        if file.startswith("charts/"):
            _check_fields(file, asset, datasets[asset["dataset_uuid"]])
        elif file.startswith("dashboards/"):
            _check_colours(file, asset, datasets.values())


def _references(asset: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for what in ("database", "dataset"):
        if uuid := asset.get(f"{what}_uuid"):
            yield what, uuid
    for item in asset.get("position", {}).values():
        if isinstance(item, dict) and item.get("type") == "CHART":
            yield "chart", item["meta"]["uuid"]
    for native_filter in asset.get("metadata", {}).get("native_filter_configuration", []):
        for target in native_filter["targets"]:
            if uuid := target.get("datasetUuid"):
                yield "dataset", uuid


def _check_fields(file: str, chart: dict[str, Any], dataset: dict[str, Any]) -> None:
    params = chart.get("params", {})
    columns = {column["column_name"] for column in dataset["columns"]}
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    used_columns = [*listed(params.get("groupby", [])), *params.get("all_columns", [])]
    used_columns += [params["line_column"]] if "line_column" in params else []
    used_columns += [
        rule["subject"] for rule in params.get("adhoc_filters", []) if "subject" in rule
    ]
    used_columns += [params["x_axis"]] if "x_axis" in params else []
    used_metrics = [*params.get("metrics", [])]
    used_metrics += [params["metric"]] if "metric" in params else []
    for kind, used, known in (
        ("column", used_columns, columns),
        ("metric", used_metrics, metrics),
    ):
        if missing := [name for name in used if name not in known]:
            raise InvalidAssetError(
                f"{file}: {kind} {missing[0]} is not in dataset {dataset['table_name']}"
            )


def _check_colours(
    file: str, dashboard: dict[str, Any], datasets: Iterable[dict[str, Any]]
) -> None:
    # Superset's charts look a series' colour up by the name of the field whose display name it is:
    # a status called as a metric is displayed would lose its colour.
    displayed = {
        field.get("verbose_name")
        for dataset in datasets
        for field in (*dataset["columns"], *dataset["metrics"])
    }
    for label in dashboard.get("metadata", {}).get("label_colors", {}):
        if label in displayed:
            raise InvalidAssetError(
                f"{file}: the coloured label {label} is also the display name of a field"
            )


def _complete(assets: Assets) -> Assets:
    charts = {chart["uuid"]: chart for chart in assets.of_kind("charts")}
    completed = {}
    for file, asset in assets.by_file.items():
        asset = {**asset, "is_managed_externally": True}
        if file.startswith("charts/"):
            params = {"viz_type": asset["viz_type"], **asset["params"]}
            asset |= {"params": params, "query_context": query_context(params)}
        elif file.startswith("dashboards/"):
            asset["position"] = complete_layout(asset["position"], charts)
            asset["metadata"] = _complete_colours(asset["metadata"])
        completed[file] = asset
    return Assets(assets.metadata, completed)


def _complete_colours(metadata: dict[str, Any]) -> dict[str, Any]:
    """Name the colours again where the browser keeps its own copy of them, so it need not write."""
    return metadata | {
        "color_scheme": CITY_PALETTE["id"],
        "color_scheme_domain": CITY_PALETTE["colors"],
        "map_label_colors": {},
        "shared_label_colors": list(metadata.get("label_colors", {})),
    }
