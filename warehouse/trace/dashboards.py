"""Which dashboards and charts read which marts, by the files from which Superset is set up.

An asset is named by its ``uuid`` where it has one, and by its file otherwise; a dashboard holds its
charts in Superset's own layout, or in rows that name their files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$\{\w+\}")
"""What is filled in at deployment (where a map opens); no name of an asset is."""
_IN_EVERY_HEADER = "data_as_of"
"""The chart above the rows of a dashboard that is written as rows."""


@dataclass(frozen=True)
class Chart:
    """A chart whose dataset reads a mart."""

    name: str
    file: str
    marts: list[str]


@dataclass(frozen=True)
class Dashboard:
    """A dashboard with such charts."""

    title: str
    file: str
    charts: list[Chart]


def dashboards(assets: Path, marts: set[str]) -> Iterator[Dashboard]:
    """Those that read some of these marts, with the charts that do."""
    datasets = {
        name: read
        for path, content in _documents(assets / "datasets")
        if (read := _reads(content) & marts)
        for name in _names(path, content)
    }
    charts = {
        name: Chart(content["slice_name"], f"charts/{path.name}", sorted(datasets[dataset]))
        for path, content in _documents(assets / "charts")
        if (dataset := content.get("dataset_uuid") or content.get("dataset")) in datasets
        for name in _names(path, content)
    }
    for path, content in _documents(assets / "dashboards"):
        used = [charts[name] for name in dict.fromkeys(_charts(content)) if name in charts]
        if used:
            yield Dashboard(content["dashboard_title"], f"dashboards/{path.name}", used)


def _names(path: Path, content: Mapping[str, Any]) -> list[str]:
    return [path.stem, *([content["uuid"]] if "uuid" in content else [])]


def _reads(dataset: Mapping[str, Any]) -> set[str]:
    """The tables that a dataset reads: its own, or those of its query."""
    if not dataset.get("sql"):
        return {dataset["table_name"]}
    from sqlglot import exp, parse_one  # takes long to import, and few datasets are queries

    query = parse_one(dataset["sql"], dialect="duckdb")
    return {table.name for table in query.find_all(exp.Table)}


def _charts(dashboard: Mapping[str, Any]) -> Iterator[str]:
    """The charts in it, each by uuid or by file."""
    for part in dashboard.get("position", {}).values():
        if isinstance(part, dict) and part.get("type") == "CHART":
            yield part["meta"]["uuid"]
    if "rows" in dashboard:
        yield _IN_EVERY_HEADER
        for row in dashboard["rows"]:
            for part in [row, *row.get("columns", ())]:
                yield from part.get("charts", ())


def _documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.rglob("*.yaml")):  # the loader in C, since there are many
        text = _VARIABLE.sub("0", path.read_text("utf-8"))
        yield path, yaml.load(text, Loader=yaml.CSafeLoader)
