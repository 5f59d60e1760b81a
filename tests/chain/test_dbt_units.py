"""dbt's unit tests: tiny given and expected tables for every rule that is not trivial."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kota.settings import PROJECT_ROOT
from tests.chain.city import RunningCity
from warehouse.candidate import find_candidate

pytestmark = pytest.mark.integration

DBT = PROJECT_ROOT / "dbt_project"


@pytest.mark.usefixtures("opening")
def test_every_unit_test_of_dbt_passes(city: RunningCity, tmp_path: Path) -> None:
    """They need a warehouse only for the types of its columns: a copy of a candidate."""
    shutil.copy(find_candidate(city.settings).path, tmp_path)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            "--no-use-colors",
            "test",
            "--select",
            "test_type:unit",
            "--project-dir",
            DBT,
            "--profiles-dir",
            DBT,
            "--target-path",
            tmp_path / "target",
            "--log-path",
            tmp_path / "target",
            "--vars",
            json.dumps({"as_of": "2026-06-10 00:00:00+00"}),
        ],
        env={**os.environ, "KOTA_CANDIDATE": str(tmp_path / "kota.duckdb")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    results = json.loads((tmp_path / "target" / "run_results.json").read_text("utf-8"))["results"]
    declared = sum(
        path.read_text("utf-8").count("\n    model: ") for path in DBT.rglob("models/**/*.yml")
    )
    assert {result["status"] for result in results} == {"pass"}
    assert len(results) == declared > 10
