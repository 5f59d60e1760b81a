"""The DAG files: readable by Airflow, light to read, and each with what its operators need."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.sdk import DAG, Asset, AssetAny, Connection, task
from airflow.sdk.exceptions import AirflowException

from connectors.registry import load_registry
from connectors.result import AppResult, TableResult
from dags import connections, extract, morning_report, verify, warehouse
from dags.outcomes import counts
from kota.settings import PROJECT_ROOT, Settings, get_settings
from tests.dags.validity import shortcomings
from warehouse.manifest import Held, Manifest

DAGS: dict[str, DAG] = {
    value.dag_id: value
    for module in (extract, morning_report, verify, warehouse)
    for value in vars(module).values()
    if isinstance(value, DAG)
}

REASON = "laksa: no route to host"
READ_THE_FOLDER = """
import json, sys
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag

bag = DagBag(sys.argv[1], bundle_name="dags-folder")
heavy = {"duckdb", "deltalake", "pyarrow", "pandas", "great_expectations"} & set(sys.modules)
seconds = {Path(stat.file).name: stat.duration.total_seconds() for stat in bag.dagbag_stats}
print(json.dumps([bag.import_errors, sorted(bag.dags), sorted(heavy), seconds]))
"""


def test_airflow_reads_the_folder_without_errors_and_without_heavy_imports(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ_THE_FOLDER, str(PROJECT_ROOT / "dags")],
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        capture_output=True,
        text=True,
        check=True,
    )
    errors, dag_ids, heavy, seconds = json.loads(done.stdout.splitlines()[-1])
    assert errors == {}
    assert dag_ids == sorted(DAGS)
    assert heavy == [], "the scheduler reads these files every half minute: import inside tasks"
    files = {"extract.py", "morning_report.py", "verify.py", "warehouse.py"}
    assert set(seconds) == files, "helpers belong into .airflowignore"
    assert max(seconds.values()) < 5, seconds


def test_every_registered_app_has_an_extract_dag_and_feeds_the_warehouse() -> None:
    apps = load_registry(get_settings())
    others = {"morning_report", "verify", "warehouse"}
    assert set(DAGS) == {*others, *(f"extract_{app_id}" for app_id in apps)}
    condition = DAGS["warehouse"].timetable.asset_condition
    assert isinstance(condition, AssetAny)
    feeds = {asset.uri for asset in condition.objects if isinstance(asset, Asset)}
    for app_id in apps:
        outlets = DAGS[f"extract_{app_id}"].get_task("announce").outlets
        assert [outlet.uri for outlet in outlets if isinstance(outlet, Asset)] == [
            f"x-kota://lake/{app_id}"
        ]
    assert feeds == {f"x-kota://lake/{app_id}" for app_id in apps}


@pytest.mark.parametrize("dag_id", sorted(DAGS))
def test_a_dag_has_what_its_operators_need(dag_id: str) -> None:
    assert shortcomings(DAGS[dag_id]) == []


def test_a_dag_without_it_is_found_out() -> None:
    with DAG(dag_id="bad", schedule=None, doc_md="A DAG.", tags=["tier:9"]) as bad:

        @task
        def work() -> None:
            """Nothing."""

        work()

    assert shortcomings(bad) == [
        "it has no description",
        "its doc_md does not say what to do when it fails",
        "it has no tag tier:1, tier:2 or tier:3",
        "task work has no owner",
        "task work is not retried",
    ]


def test_the_duckdb_file_has_one_writer_at_a_time() -> None:
    writers = [task for task in DAGS["warehouse"].tasks if task.task_id != "warm"]
    assert {task.pool for task in writers} == {"duckdb_writer"}
    assert all(dag.max_active_runs == 1 for dag in DAGS.values())


def test_telling_somebody_makes_no_failed_run_green() -> None:
    for dag_id in DAGS.keys() - {"morning_report"}:
        assert not DAGS[dag_id].get_task("watch").downstream_task_ids  # the last word is its own
    alert = DAGS["warehouse"].get_task("alert")
    assert (alert.trigger_rule, alert.upstream_task_ids) == ("all_done", {"publish"})
    assert DAGS["extract_laksa"].get_task("announce").trigger_rule == "all_done"


def test_a_failed_table_fails_the_task_and_is_named() -> None:
    with pytest.raises(AirflowException) as failure:
        counts(
            _result(("pengaduan", "failed", "laksa.pengaduan: it broke off"), ("opd", "landed", ""))
        )
    assert str(failure.value) == "laksa.pengaduan: it broke off"


def test_one_reason_for_all_tables_is_told_once() -> None:
    with pytest.raises(AirflowException, match=r"^laksa: no route to host \(opd, kategori\)$"):
        counts(_result(("opd", "failed", REASON), ("kategori", "failed", REASON)))


def test_what_airflow_keeps_of_a_run_is_counts_only() -> None:
    kept = counts(_result(("opd", "unchanged", "a message is for people")))
    assert kept == {
        "opd": {"outcome": "unchanged", "read": 5, "landed": 0, "deleted": 0, "quarantined": 0}
    }


def test_a_held_app_fails_the_run_after_all_is_published(settings: Settings) -> None:
    now = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
    held = Held(reason="no column x", since=now, tables=["laksa.opd"], refused={})
    for name, entries in (("bad", {"laksa": held}), ("good", {})):
        (settings.published_dir / name).mkdir(parents=True)
        Manifest(
            id=name,
            built_at=now,
            as_of=now,
            lake={},
            held=entries,
            code_version="",
            config_hash="",
            duckdb_version="",
        ).save(settings.published_dir / name)
    watch = DAGS["warehouse"].get_task("watch").python_callable

    watch("good")
    with pytest.raises(AirflowException, match="laksa is held back since 2026-11-22 05:30 UTC: no"):
        watch("bad")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "mysql://from-airflow/laksa"),
        ({"AIRFLOW_CONN_LAKSA": '{"conn_type": "mysql"}'}, "mysql://from-airflow/laksa"),
        ({"AIRFLOW_CONN_LAKSA": "mysql://environment/laksa"}, None),
        ({"KOTA_CONN_LAKSA": "mysql://kota/laksa"}, "mysql://kota/laksa"),
    ],
)
def test_a_connection_known_only_to_airflow_reaches_the_connectors(
    environment: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KOTA_CONN_LAKSA", "AIRFLOW_CONN_LAKSA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = SimpleNamespace(get_uri=lambda: "mysql://from-airflow/laksa")
    monkeypatch.setattr(Connection, "get", lambda _id: found)

    connections.hand_over("laksa")

    assert os.environ.get("KOTA_CONN_LAKSA") == expected


def _result(*tables: tuple[str, str, str]) -> AppResult:
    return AppResult.model_validate(
        {
            "app": "laksa",
            "started_at": "2026-11-22T00:00:00Z",
            "finished_at": "2026-11-22T00:00:01Z",
            "tables": [
                TableResult.model_validate(
                    {"app": "laksa", "table": name, "outcome": outcome, "message": message}
                    | {"rows_read": 5}
                )
                for name, outcome, message in tables
            ],
        }
    )
