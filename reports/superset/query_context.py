"""The query behind a chart, from its ``params``: what the chart asks when no browser is there.

The browser builds its own query from ``params``; Superset needs this stored copy to answer for a
chart by its id (its data as a file, cache warm-up, mailed reports).
"""

import json
from typing import Any

Params = dict[str, Any]


def query_context(params: Params) -> str:
    """JSON of one query; the import fills in which dataset it asks."""
    rules = params.get("adhoc_filters", [])
    query = {
        "columns": _columns(params),
        "metrics": _metrics(params),
        "filters": [_filter(rule) for rule in rules if rule["expressionType"] == "SIMPLE"],
        "orderby": _order(params),
        "row_limit": params.get("row_limit", 1),
        "extras": {"having": " AND ".join(_having(rules)), "where": ""},
        "annotation_layers": [],
    }
    if "limit" in params:
        # The series that a chart is limited to are told apart by its groups, not by its axis.
        query["series_columns"] = listed(params["groupby"])
        query["series_limit"] = params["limit"]
        query["series_limit_metric"] = params["timeseries_limit_metric"]
    if "time_grain_sqla" in params:
        query["extras"]["time_grain_sqla"] = params["time_grain_sqla"]
    context = {
        "datasource": {"id": 0, "type": "table"},
        "force": False,
        "form_data": params,
        "queries": [query],
        "result_format": "json",
        "result_type": "full",
    }
    return json.dumps(context, sort_keys=True)


def listed(fields: Any) -> list[Any]:
    """A chart's fields: most kinds have a list of them, a heat map has one."""
    return [fields] if isinstance(fields, str) else list(fields)


def _metrics(params: Params) -> list[str] | None:
    if params.get("query_mode") == "raw":
        return None
    return params.get("metrics") or [params["metric"]]


def _columns(params: Params) -> list[Any]:
    if params.get("query_mode") == "raw":
        return list(params["all_columns"])
    pivoted = [*params.get("groupbyRows", []), *params.get("groupbyColumns", [])]
    columns: list[Any] = [*listed(params.get("groupby", [])), *pivoted]
    if "line_column" in params:  # a map: the outline, and what stands beside it on the map
        columns += [params["line_column"], *params.get("js_columns", [])]
    if "x_axis" in params:
        axis = {
            "columnType": "BASE_AXIS",
            "expressionType": "SQL",
            "label": params["x_axis"],
            "sqlExpression": params["x_axis"],
        }
        if "time_grain_sqla" in params:
            axis["timeGrain"] = params["time_grain_sqla"]
        columns.insert(0, axis)
    return columns


def _filter(rule: dict[str, Any]) -> dict[str, Any]:
    query_filter = {"col": rule["subject"], "op": rule["operator"]}
    return query_filter | ({"val": rule["comparator"]} if "comparator" in rule else {})


def _having(rules: list[dict[str, Any]]) -> list[str]:
    return [f"({rule['sqlExpression']})" for rule in rules if rule["expressionType"] == "SQL"]


def _order(params: Params) -> list[Any]:
    if params.get("query_mode") == "raw":
        return [json.loads(order) for order in params.get("order_by_cols", [])]
    by = params.get("timeseries_limit_metric") or (_metrics(params) or [None])[0]
    return [[by, not params.get("order_desc", True)]]
