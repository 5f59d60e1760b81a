"""The short form in which assets are written, spelled out as Superset stores it.

A file may leave out what follows from its name and from its neighbours: ids, the dataset's number,
the settings that all charts of a kind share (``chart_defaults.py``), and of a dashboard everything
but its rows, the apps it draws on and its filters (``short_dashboard.py``).
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from reports.superset.chart_defaults import CHART_DEFAULTS, bar_order, number_formats
from reports.superset.short_dashboard import ChartOfFile, spell_out_dashboard

Asset = dict[str, Any]

NO_TIME_FILTER = "No filter"


def spell_out(by_file: dict[str, Asset]) -> dict[str, Asset]:
    """Every asset in Superset's own form. A file that is already in it stays as it is.

    Raises ``ValueError`` naming the file that refers to another one which is not there.
    """
    spelled = {file: {"uuid": _uuid(file), "version": "1.0.0", **by_file[file]} for file in by_file}
    databases = [asset for file, asset in spelled.items() if file.startswith("databases/")]
    for file, asset in spelled.items():
        if file.startswith("datasets/") and databases:
            asset.setdefault("database_uuid", databases[0]["uuid"])
    for file, asset in spelled.items():
        if file.startswith("charts/") and "dataset" in asset:
            _spell_out_chart(file, asset, spelled)
    for file in [file for file in spelled if file.startswith("dashboards/")]:
        if "rows" in spelled[file]:
            spelled |= spell_out_dashboard(file, spelled[file], _charts(spelled), spelled, _uuid)
    return spelled


def _uuid(file: str) -> str:
    """The id of an asset that names none: the same in every installation, as long as its file."""
    return str(uuid5(NAMESPACE_URL, f"kota/{file}"))


def _spell_out_chart(file: str, chart: Asset, by_file: dict[str, Asset]) -> None:
    name = chart.pop("dataset")
    dataset = by_file.get(f"datasets/{name}.yaml")
    if dataset is None:
        raise ValueError(f"{file}: there is no dataset {name}")
    own = chart.get("params", {})
    shared = CHART_DEFAULTS.get(chart.get("viz_type", ""), {})
    params = shared | bar_order(own) | number_formats(own, dataset) | own
    rules = [_rule(rule) for rule in own.get("adhoc_filters", [])]
    if day := dataset.get("main_dttm_col"):
        # Without it, a dashboard's date filter would not reach the chart.
        rules.append(_rule([day, "TEMPORAL_RANGE", NO_TIME_FILTER]))
    chart |= {"dataset_uuid": dataset["uuid"], "params": {**params, "adhoc_filters": rules}}


def _rule(rule: Any) -> Any:
    """``[column, operator, value]``, or SQL, as Superset writes a condition."""
    if isinstance(rule, dict):
        return rule
    if isinstance(rule, str):  # a condition on a chart's sums
        return {"expressionType": "SQL", "clause": "HAVING", "sqlExpression": rule}
    subject, operator, *value = rule
    condition = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": subject}
    return condition | {"operator": operator} | ({"comparator": value[0]} if value else {})


def _charts(by_file: dict[str, Asset]) -> dict[str, ChartOfFile]:
    datasets = {
        asset["uuid"]: asset for file, asset in by_file.items() if file.startswith("datasets/")
    }
    return {
        file.removeprefix("charts/").removesuffix(".yaml"): ChartOfFile(
            chart["uuid"], chart["slice_name"], datasets[chart["dataset_uuid"]]
        )
        for file, chart in by_file.items()
        if file.startswith("charts/") and chart.get("dataset_uuid") in datasets
    }
