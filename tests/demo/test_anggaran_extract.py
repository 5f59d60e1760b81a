"""The budget office's registry entry lands the coded rows of its workbooks, and no sum twice."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from demo.anggaran import anggaran_files, anggaran_tables
from demo.budget import Budgets
from demo.budget_plan import OFFICES
from demo.spec import CitySpec
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from tests.demo.conftest import OPENED
from tests.demo.dropped import put
from warehouse.lake_views import attach_lake
from warehouse.pins import pin

pytestmark = pytest.mark.integration

DBT = PROJECT_ROOT / "dbt_project"


def test_staging_adds_up_to_the_budget(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_ANGGARAN", f"file://{tmp_path / 'drop'}")
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "anggaran.yml")
    spec = CitySpec(citizens=5000, seed=11, opened=OPENED)
    for day in (OPENED, date(2026, 7, 6)):
        budgets = Budgets(spec, day)
        put(tmp_path / "drop", anggaran_files(budgets))
        [result] = extract_app(app, settings).tables
        [table] = anggaran_tables(budgets)
        assert result.outcome == "landed", result.message
        assert result.rows_read == len(table.ids)
    assert result.rows_landed == len(table.ids) / 2, "only this year's workbook was sent again"
    assert not Quarantine(settings.lake_dir, "anggaran").open_entries("belanja")

    lines = _staged(settings, tmp_path)
    for year in budgets.years:
        for place, office in enumerate(OFFICES):
            figures = budgets.figures(year, place)
            found = lines[year, office.sheet]
            assert found == (office.name, int(figures.budget[0]), int(figures.spent[0].sum()))


def _staged(settings: Settings, tmp_path: Path) -> dict[tuple[int, str], tuple[str, int, int]]:
    """What staging says of each year and sheet: department, budget and spending of the leaves."""
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "anggaran.yml")
    database = tmp_path / "kota.duckdb"
    with connect(settings, database=str(database)) as con:
        pins = pin(settings, {"anggaran": app}, {}, datetime.now(UTC))
        attach_lake(con, settings, {"anggaran": app}, pins)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            "run",
            "--select",
            "staging.anggaran",
            "--project-dir",
            DBT,
            "--profiles-dir",
            DBT,
            "--target-path",
            tmp_path / "target",
            "--log-path",
            tmp_path / "target",
            "--vars",
            json.dumps({"as_of": "2026-07-06 00:00:00+00"}),
        ],
        env={**os.environ, "KOTA_CANDIDATE": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(database) as con:
        rows = con.execute(
            "select l.budget_year, l.sheet_name, any_value(l.department_name_raw), "
            "sum(l.budget_rupiah), "
            "(select sum(m.spent_rupiah) from staging.stg_anggaran__monthly_spending as m "
            "where m.budget_year = l.budget_year and m.sheet_name = l.sheet_name) "
            "from staging.stg_anggaran__budget_lines as l where l.is_leaf group by all"
        ).fetchall()
    return {(year, sheet): (name, int(b), int(s)) for year, sheet, name, b, s in rows}
