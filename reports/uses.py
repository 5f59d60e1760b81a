"""Which dashboards show which marts, by the assets that are deployed."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from kota.settings import Settings

_READS = re.compile(r"\bmarts\.(\w+)", re.IGNORECASE)


def dashboards_of(settings: Settings, marts: Collection[str] | None) -> list[str]:
    """The titles of the dashboards with a chart of one of these marts, or of any."""
    assets = settings.root / "reports" / "assets"
    reads = {str(dataset["uuid"]): _tables(dataset) for dataset in _documents(assets / "datasets")}
    shown = {
        str(chart["uuid"]): reads.get(str(chart.get("dataset_uuid")), set())
        for chart in _documents(assets / "charts")
    }
    return [
        str(dashboard["dashboard_title"])
        for dashboard in _documents(assets / "dashboards")
        if marts is None
        or any(shown.get(chart, set()) & set(marts) for chart in _charts(dashboard))
    ]


def _tables(dataset: dict[str, Any]) -> set[str]:
    sql = dataset.get("sql")
    return set(_READS.findall(sql)) if sql else {str(dataset["table_name"])}


def _charts(dashboard: dict[str, Any]) -> list[str]:
    parts = (dashboard.get("position") or {}).values()
    return [
        str(part["meta"]["uuid"])
        for part in parts
        if isinstance(part, dict) and part.get("type") == "CHART"
    ]


def _documents(folder: Path) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(folder.glob("*.yaml"))]
