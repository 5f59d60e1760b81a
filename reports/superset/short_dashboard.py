"""A dashboard written as rows of charts, spelled out as Superset's layout, filters and header.

about: what the dashboard is about, in Markdown
apps: [laksa]                        # whose state the header tells
rows:
  - {height: 17, charts: {complaints_open: 3, complaints_red: 3}}      # widths, of twelve
  - {heading: Perizinan}
  - {height: 40, columns: [{width: 4, charts: {a: 20, b: 20}}]}        # heights, stacked
filters:
  - {name: Kecamatan, dataset: fct_complaints, column: kecamatan_name}
  - {name: Rentang tanggal}          # without a column: the time of each chart
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Asset = dict[str, Any]

DATA_AS_OF = "data_as_of"
HEADER_CHARTS = frozenset({DATA_AS_OF, "sources"})
SOURCES_DATASET = "rpt_app_freshness"
HEADER_HEIGHT = 13  # and more for every app that it tells of
APP_HEIGHT = 4
MOST_APPS = 6
HEADING_HEIGHT = 6
TRANSPARENT = {"background": "BACKGROUND_TRANSPARENT"}
CSS = """
.dashboard-markdown h1, .dashboard-markdown h2 { margin: 0 0 4px; font-weight: 700; }
.dashboard-markdown p { margin: 0; font-size: 14px; color: #3d5058; }
[data-test-viz-type="big_number_total"] .header-line { font-weight: 700; }
"""


@dataclass(frozen=True)
class ChartOfFile:
    """What a layout needs to know of a chart."""

    uuid: str
    dataset: Asset

    def has(self, column: str | None) -> bool:
        """Whether a filter on this column (none: on time) can act on the chart."""
        if column is None:
            return "main_dttm_col" in self.dataset
        return any(column == known["column_name"] for known in self.dataset["columns"])


def spell_out_dashboard(
    file: str,
    short: Asset,
    charts: dict[str, ChartOfFile],
    by_file: dict[str, Asset],
    uuid_of: Callable[[str], str],
) -> dict[str, Asset]:
    """The dashboard in full, and the chart of its header that tells the state of its sources.

    Raises ``ValueError`` naming the chart or dataset that is not there.
    """
    stem = file.removeprefix("dashboards/").removesuffix(".yaml")
    sources_file = f"charts/sources_of_{stem}.yaml"
    sources = _sources(short["apps"], by_file, uuid_of(sources_file))
    known = charts | {
        "sources": ChartOfFile(sources["uuid"], by_file[f"datasets/{SOURCES_DATASET}.yaml"])
    }
    layout = _Layout(file, known)
    layout.header(short["about"], len(short["apps"]))
    for row in short["rows"]:
        layout.row(row)
    filters = [
        _filter(number, wanted, layout, by_file)
        for number, wanted in enumerate(short.get("filters", []), start=1)
    ]
    metadata = {
        "color_scheme": "kota",
        "cross_filters_enabled": True,
        "refresh_frequency": short.get("refresh_seconds", 0),
        "timed_refresh_immune_slices": [],
        "filter_bar_orientation": "HORIZONTAL",
        "label_colors": short.get("label_colors", {}),
        "native_filter_configuration": filters,
    }
    kept = ("dashboard_title", "slug", "description", "uuid", "version")
    dashboard = {key: short[key] for key in kept} | {
        "published": True,
        "position": layout.position(short["dashboard_title"]),
        "metadata": metadata,
        "css": CSS + short.get("css", ""),
    }
    return {file: dashboard, sources_file: sources}


def _sources(apps: list[str], by_file: dict[str, Asset], uuid: str) -> Asset:
    rule = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": "app", "operator": "IN"}
    return {
        "slice_name": "Sumber data dan keadaannya",
        "viz_type": "table",
        "dataset_uuid": by_file[f"datasets/{SOURCES_DATASET}.yaml"]["uuid"],
        "params": {
            "query_mode": "raw",
            "all_columns": ["app_short", "last_loaded_local", "state_label"],
            "order_by_cols": ['["state_order", true]', '["app_name", true]'],
            "adhoc_filters": [{**rule, "comparator": apps}] if apps else [],
            "row_limit": 100,
            "show_cell_bars": False,
        },
        "uuid": uuid,
        "version": "1.0.0",
    }


class _Layout:
    """The grid as it grows: rows, columns and charts under the names that Superset expects."""

    def __init__(self, file: str, charts: dict[str, ChartOfFile]) -> None:
        self.file = file
        self.charts = charts
        self.placed: dict[str, ChartOfFile] = {}
        self.rows: list[str] = []
        self.items: dict[str, Asset] = {}

    def header(self, about: str, app_count: int) -> None:
        """The first row: what this is, when the data are of, and how its sources do."""
        height = HEADER_HEIGHT + APP_HEIGHT * min(app_count, MOST_APPS)
        self._put("MARKDOWN-about", "MARKDOWN", width=6, height=height, code=about)
        children = ["MARKDOWN-about"]
        children.append(self._chart(DATA_AS_OF, width=2, height=height))
        children.append(self._chart("sources", width=4, height=height))
        self._row("ROW-header", children)

    def row(self, row: Asset) -> None:
        """One row of the file."""
        number = len(self.rows)
        if "heading" in row:
            key = f"MARKDOWN-{number}"
            text = f"## {row['heading']}" + (f"\n\n{row['note']}" if "note" in row else "")
            height = HEADING_HEIGHT + (3 if "note" in row else 0)
            self._put(key, "MARKDOWN", width=12, height=height, code=text)
            self._row(f"ROW-{number}", [key])
        elif "columns" in row:
            keys = []
            for place, column in enumerate(row["columns"], start=1):
                width = column["width"]
                children = [
                    self._chart(name, width=width, height=height)
                    for name, height in column["charts"].items()
                ]
                keys.append(f"COLUMN-{number}-{place}")
                self.items[keys[-1]] = {
                    "type": "COLUMN",
                    "children": children,
                    "meta": {"width": width, **TRANSPARENT},
                }
            self._row(f"ROW-{number}", keys)
        else:
            charts = row["charts"].items()
            height = row["height"]
            children = [self._chart(name, width=width, height=height) for name, width in charts]
            self._row(f"ROW-{number}", children)

    def position(self, title: str) -> Asset:
        """All of it."""
        return {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "children": ["GRID_ID"]},
            "GRID_ID": {"type": "GRID", "children": self.rows},
            "HEADER_ID": {"type": "HEADER", "meta": {"text": title}},
            **self.items,
        }

    def numbers_without(self, column: str | None) -> list[int]:
        """The charts, by the numbers that ``complete_layout`` gives, that a filter can't act on."""
        return [
            number
            for number, (name, chart) in enumerate(self.placed.items(), start=1)
            if name in HEADER_CHARTS or not chart.has(column)
        ]

    def _chart(self, name: str, *, width: int, height: int) -> str:
        if name not in self.charts:
            raise ValueError(f"{self.file}: there is no chart {name}")
        self.placed[name] = self.charts[name]
        key = f"CHART-{name.replace('_', '-')}"
        self._put(key, "CHART", width=width, height=height, uuid=self.charts[name].uuid)
        return key

    def _put(self, key: str, kind: str, **meta: Any) -> None:
        self.items[key] = {"type": kind, "meta": meta}

    def _row(self, key: str, children: list[str]) -> None:
        self.items[key] = {"type": "ROW", "children": children, "meta": TRANSPARENT}
        self.rows.append(key)


def _filter(number: int, wanted: Asset, layout: _Layout, by_file: dict[str, Asset]) -> Asset:
    column = wanted.get("column")
    target: Asset = {}
    if column:
        dataset = by_file.get(f"datasets/{wanted['dataset']}.yaml")
        if dataset is None:
            raise ValueError(f"{layout.file}: there is no dataset {wanted['dataset']}")
        target = {"datasetUuid": dataset["uuid"], "column": {"name": column}}
    values = {
        "multiSelect": True,
        "enableEmptyFilter": False,
        "inverseSelection": False,
        "searchAllOptions": False,
        "defaultToFirstItem": wanted.get("starts_with") == "first",
        "sortAscending": wanted.get("starts_with") != "first",
    }
    return {
        "id": f"NATIVE_FILTER-{number}",
        "name": wanted["name"],
        "type": "NATIVE_FILTER",
        "filterType": "filter_select" if column else "filter_time",
        "targets": [target],
        "controlValues": values if column else {"enableEmptyFilter": False},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}},
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": layout.numbers_without(column)},
    }
