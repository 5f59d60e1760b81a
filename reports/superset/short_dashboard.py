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

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Asset = dict[str, Any]

DATA_AS_OF = "data_as_of"
HEADER_CHARTS = frozenset({DATA_AS_OF, "sources"})
SOURCES_DATASET = "data_state"
SOURCES_TITLE = "Sumber data dan keadaannya"
HEADER_HEIGHT = 17  # and more for every app that it tells of
APP_HEIGHT = 4
MOST_APPS = 6
HEADING_HEIGHT = 6
A_THIRD = 4  # of twelve
TRANSPARENT = {"background": "BACKGROUND_TRANSPARENT"}
CSS = """
.dashboard-markdown h1, .dashboard-markdown h2 { margin: 0 0 4px; font-weight: 700; }
.dashboard-markdown p { margin: 0; font-size: 14px; color: #3d5058; }
[data-test-viz-type="big_number_total"] .header-line { font-weight: 700; }
/* Superset writes "N/A" for nothing, in a grey that few can read. */
td.dt-is-null { font-size: 0; }
td.dt-is-null::before { content: "–"; font-size: 12px; color: #5b6b72; }
/* What says that there are no rows is too pale to be read by everybody. */
[data-test-chart-id]:has(.ant-empty) p { color: #3d5058; }

/* On a phone the grid stays twice as wide as the screen (or thrice, see on_a_phone) and its rows
   wrap: tiles stand in twos, and what is wider than the screen is pushed sideways in its box. */
@media (max-width: 767px) {
  .grid-container { width: 200vw !important; margin: 8px !important; }
  .grid-row { flex-wrap: wrap; width: calc(100vw - 16px) !important; gap: 8px; }
  .grid-row > * { margin-right: 0 !important; }
  .grid-row .resizable-container { max-width: calc(100vw - 16px) !important; overflow-x: auto; }
  .dashboard-markdown :is(.resizable-container, .dashboard-component-chart-holder) {
    width: calc(100vw - 16px) !important; height: auto !important;
  }
  .resizable-container:has([data-test-viz-type="big_number_total"]) {
    width: calc(50vw - 12px) !important;
  }
  [data-test-viz-type="big_number_total"] * { max-width: 100% !important; }
  .grid-row .header-title, .grid-row .header-title * { font-size: 13px !important; }
  .grid-row .header-line { font-size: 26px !important; line-height: 1.1; white-space: normal; }
  .grid-row .subtitle-line { font-size: 12px !important; }
}
"""


@dataclass(frozen=True)
class ChartOfFile:
    """What a layout needs to know of a chart."""

    uuid: str
    title: str
    dataset: Asset

    def tables(self) -> set[str]:
        """The published tables that it reads, as checks name them."""
        schema = self.dataset.get("schema")
        if sql := self.dataset.get("sql"):
            return {f"{schema}.{name}" for name in re.findall(rf"\b{schema}\.(\w+)", sql)}
        return {f"{schema}.{self.dataset['table_name']}"}

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
    dataset = by_file[f"datasets/{SOURCES_DATASET}.yaml"]
    header = ChartOfFile(uuid_of(sources_file), SOURCES_TITLE, dataset)
    layout = _Layout(file, charts | {"sources": header})
    layout.header(short["about"], short.get("header_height") or _header_height(short["apps"]))
    for row in short["rows"]:
        layout.row(row)
    sources = _sources(short["apps"], layout.tables(), header)
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
        "css": CSS + layout.on_a_phone() + short.get("css", ""),
    }
    return {file: dashboard, sources_file: sources}


def _header_height(apps: list[str]) -> int:
    return HEADER_HEIGHT + APP_HEIGHT * min(len(apps), MOST_APPS)


def _sources(apps: list[str], tables: list[str], header: ChartOfFile) -> Asset:
    rule = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": "source", "operator": "IN"}
    return {
        "slice_name": header.title,
        "viz_type": "table",
        "dataset_uuid": header.dataset["uuid"],
        "params": {
            "query_mode": "aggregate",
            "groupby": ["source_name"],
            "metrics": ["as_of_text", "state"],
            "timeseries_limit_metric": "worst_first",
            "order_desc": False,
            "adhoc_filters": [{**rule, "comparator": [*apps, *tables]}],
            "row_limit": 100,
            "show_cell_bars": False,
        },
        "uuid": header.uuid,
        "version": "1.0.0",
    }


class _Layout:
    """The grid as it grows: rows, columns and charts under the names that Superset expects."""

    def __init__(self, file: str, charts: dict[str, ChartOfFile]) -> None:
        self.file = file
        self.charts = charts
        self.placed: dict[str, ChartOfFile] = {}
        self.widths: dict[str, int] = {}
        self.rows: list[str] = []
        self.items: dict[str, Asset] = {}

    def header(self, about: str, height: int) -> None:
        """The first row: what this is, when the data are of, and how its sources do."""
        self._put("MARKDOWN-about", "MARKDOWN", width=5, height=height, code=about)
        children = ["MARKDOWN-about"]
        children.append(self._chart(DATA_AS_OF, width=3, height=height))
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

    def tables(self) -> list[str]:
        """Every table that the charts below the header read."""
        below = [chart for name, chart in self.placed.items() if name not in HEADER_CHARTS]
        return sorted({table for chart in below for table in chart.tables()})

    def numbers_without(self, column: str | None) -> list[int]:
        """The charts, by the numbers that ``complete_layout`` gives, that a filter can't act on."""
        return [
            number
            for number, (name, chart) in enumerate(self.placed.items(), start=1)
            if name in HEADER_CHARTS or not chart.has(column)
        ]

    def on_a_phone(self) -> str:
        """A wider grid where there are charts of a third of a row, so that they fill a phone."""
        if not any(w == A_THIRD for name, w in self.widths.items() if name not in HEADER_CHARTS):
            return ""
        return "@media (max-width: 767px) { .grid-container { width: 300vw !important; } }\n"

    def _chart(self, name: str, *, width: int, height: int) -> str:
        if name not in self.charts:
            raise ValueError(f"{self.file}: there is no chart {name}")
        self.placed[name] = self.charts[name]
        self.widths[name] = width
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
    first = {"requiredFirst": True} if wanted.get("starts_with") == "first" else {}
    return first | {
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
