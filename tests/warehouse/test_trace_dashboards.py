"""Which dashboards read a mart, by the files that Superset is set up from."""

from pathlib import Path

import yaml

from kota.settings import PROJECT_ROOT
from warehouse.trace.dashboards import dashboards

ASSETS = PROJECT_ROOT / "reports" / "assets"


def write(folder: Path, files: dict[str, object]) -> None:
    for name, content in files.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content), "utf-8")


def test_charts_are_found_by_uuid_and_by_file_in_both_forms_of_a_dashboard(tmp_path: Path) -> None:
    full = {"R": {"type": "ROW"}, "C": {"type": "CHART", "meta": {"uuid": "c-1"}}}
    rows = [
        {"heading": "Satu"},
        {"charts": {"by_file": 3}},
        {"columns": [{"charts": {"by_query": 20}}]},
    ]
    write(
        tmp_path,
        {
            "datasets/fct_a": {"table_name": "fct_a", "uuid": "d-1"},
            "datasets/newest": {"table_name": "newest", "sql": "select * from marts.fct_a"},
            "datasets/fct_b": {"table_name": "fct_b"},
            "charts/by_uuid": {"slice_name": "U", "dataset_uuid": "d-1", "uuid": "c-1"},
            "charts/by_file": {"slice_name": "F", "dataset": "fct_a"},
            "charts/by_query": {"slice_name": "Q", "dataset": "newest"},
            "charts/other": {"slice_name": "O", "dataset": "fct_b"},
            "dashboards/full": {"dashboard_title": "Penuh", "position": full},
            "dashboards/short": {"dashboard_title": "Ringkas", "rows": rows},
            "dashboards/none": {"dashboard_title": "Lain", "rows": [{"charts": {"other": 3}}]},
        },
    )

    found = list(dashboards(tmp_path, {"fct_a"}))

    assert [(one.title, [chart.name for chart in one.charts]) for one in found] == [
        ("Penuh", ["U"]),
        ("Ringkas", ["F", "Q"]),
    ]


def test_every_dashboard_of_the_project_is_found_through_some_mart() -> None:
    marts = {path.stem for path in (PROJECT_ROOT / "dbt_project/models/marts").glob("*.sql")}

    found = {dashboard.file for dashboard in dashboards(ASSETS, marts)}

    assert found == {f"dashboards/{path.name}" for path in (ASSETS / "dashboards").glob("*.yaml")}
