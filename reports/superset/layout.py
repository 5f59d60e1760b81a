"""A dashboard's layout as Superset stores it, from the part of it that a person writes."""

from typing import Any

ROOT = "ROOT_ID"


def complete_layout(position: dict[str, Any], charts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Fill in each component's id, children and parents, and each chart's number and name.

    ``charts`` maps a chart's uuid to its YAML. The numbers only have to differ: the import replaces
    them by the ids of the charts in this installation.
    """
    completed: dict[str, Any] = {
        key: {"children": [], **item, "id": key} if isinstance(item, dict) else item
        for key, item in position.items()
    }
    for parent, child in _edges(completed, ROOT, []):
        completed[child]["parents"] = parent
    chart_items = [item for item in completed.values() if _is_chart(item)]
    for number, item in enumerate(chart_items, start=1):
        chart_name = charts[item["meta"]["uuid"]]["slice_name"]
        item["meta"] = {**item["meta"], "chartId": number, "sliceName": chart_name}
    return completed


def _is_chart(item: Any) -> bool:
    return isinstance(item, dict) and item["type"] == "CHART"


def _edges(position: dict[str, Any], key: str, ancestors: list[str]) -> list[tuple[list[str], str]]:
    line = [*ancestors, key]
    edges = []
    for child in position[key]["children"]:
        edges += [(line, child), *_edges(position, child, line)]
    return edges
