"""What all charts of one kind share, so that a chart's file says only what is its own."""

from typing import Any

Params = dict[str, Any]

_AXES: Params = {
    "row_limit": 10_000,
    "y_axis_format": ",d",
    "x_axis_time_format": "%d %b %Y",
    "x_axis_title_margin": 0,
    "y_axis_title_margin": 0,
    "show_legend": True,
    "legendType": "scroll",
    "legendOrientation": "top",
    "rich_tooltip": True,
    "color_scheme": "kota",
}
_BARS: Params = {**_AXES, "orientation": "vertical"}

CHART_DEFAULTS: dict[str, Params] = {
    "big_number_total": {
        "y_axis_format": ",d",
        "header_font_size": 0.6,
        "subtitle_font_size": 0.2,
    },
    "echarts_timeseries_bar": _BARS,
    "echarts_timeseries_line": {**_AXES, "seriesType": "line"},
    "echarts_area": {**_AXES, "seriesType": "line", "opacity": 0.5},
    "table": {
        "row_limit": 200,
        "show_cell_bars": False,
        "color_pn": False,
        "table_timestamp_format": "%d %b %Y",
        "allow_rearrange_columns": False,
        "include_search": False,
    },
    "deck_polygon": {
        "line_column": "shape",
        "line_type": "json",
        "row_limit": 1000,
        "filter_nulls": True,
        "mapbox_style": "",  # no tiles: nothing is asked of another host
        "autozoom": True,
        "point_radius_fixed": {"type": "fix", "value": 1000},
        "fill_color_picker": {"r": 68, "g": 119, "b": 170, "a": 0.8},
        "stroke_color_picker": {"r": 255, "g": 255, "b": 255, "a": 1},
        "filled": True,
        "stroked": True,
        "extruded": False,
        "multiplier": 1,
        "line_width": 2,
        "line_width_unit": "pixels",
        "linear_color_scheme": "schemeYlOrBr",
        "opacity": 90,
        "num_buckets": "5",
        "legend_position": "tr",
    },
    "heatmap_v2": {
        "row_limit": 10_000,
        "legend_type": "continuous",
        "linear_color_scheme": "blue_white_yellow",
        "normalize_across": "heatmap",
        "xscale_interval": -1,
        "yscale_interval": -1,
        "left_margin": "auto",
        "bottom_margin": "auto",
        "value_bounds": [None, None],
        "y_axis_format": ",d",
        "show_legend": True,
        "show_values": True,
        "show_percentage": False,
    },
}


def bar_order(own: Params) -> Params:
    """Horizontal bars: the longest on top, with its total at its end."""
    if own.get("orientation") != "horizontal":
        return {}
    by = "sum" if own.get("groupby") or len(own["metrics"]) > 1 else own["metrics"][0]
    return {"x_axis_sort": by, "x_axis_sort_asc": True, "show_value": True} | (
        {"stack": "Stack", "only_total": True} if own.get("groupby") else {"show_legend": False}
    )


def number_formats(own: Params, dataset: Params) -> Params:
    """A table of rows writes each number as its column's type asks for."""
    formats = {"BIGINT": ",d", "INTEGER": ",d", "DECIMAL": ",d", "DOUBLE": ",.1f"}
    types = {column["column_name"]: column["type"] for column in dataset["columns"]}
    config = {
        name: {"d3NumberFormat": formats[types[name]], "horizontalAlign": "right"}
        for name in own.get("all_columns", [])
        if types.get(name) in formats
    }
    return {"column_config": config} if config else {}
