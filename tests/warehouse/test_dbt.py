"""A project that was parsed is not parsed again, and nothing that changes is missed by that."""

import shutil
from pathlib import Path

import duckdb
import pytest

from kota.settings import PROJECT_ROOT, Settings
from warehouse.dbt import DbtError, dbt_build

pytestmark = pytest.mark.integration

PROJECT = """
name: kota
profile: kota
vars: {city_name: nowhere}
"""
MODEL = "select '{{ var(\"as_of\") }}' as as_of, '{{ var(\"city_name\") }}' as city"
TEST = "select as_of from {{ ref('told') }} where city = 'Atlantis'"

MONDAY, TUESDAY = "2026-06-08 00:00:00+00", "2026-06-09 00:00:00+00"


@pytest.fixture
def project(settings: Settings, tmp_path: Path) -> Settings:
    """One model that says what it is told, and a test that one city does not pass."""
    folder = tmp_path / "root" / "dbt_project"
    for name, text in {
        "dbt_project.yml": PROJECT,
        "models/told.sql": MODEL,
        "tests/city_is_above_water.sql": TEST,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    shutil.copy(PROJECT_ROOT / "dbt_project" / "profiles.yml", folder)
    shutil.copy(PROJECT_ROOT / "city.yml", folder.parent)
    return settings.model_copy(update={"root": folder.parent})


def test_a_kept_parse_takes_what_each_build_is_told(project: Settings, tmp_path: Path) -> None:
    assert _built(project, tmp_path / "1", MONDAY) == (MONDAY, "nowhere")
    (parsed,) = (project.dbt_dir / "target").iterdir()
    was_made_at = parsed.stat().st_mtime_ns

    assert _built(project, tmp_path / "2", TUESDAY) == (TUESDAY, "nowhere")
    assert [path.stat().st_mtime_ns for path in parsed.parent.iterdir()] == [was_made_at]
    assert _built(project, tmp_path / "3", TUESDAY, city_name="Kota") == (TUESDAY, "Kota")
    with pytest.raises(DbtError, match="city_is_above_water"):
        _built(project, tmp_path / "4", TUESDAY, city_name="Atlantis")

    (project.dbt_dir / "models" / "told.sql").write_text(MODEL.replace("as_of,", "as_of, 1,"))
    assert _built(project, tmp_path / "5", TUESDAY) == (TUESDAY, 1, "nowhere")

    for path in parsed.parent.iterdir():
        path.write_bytes(b"half of it")
    assert _built(project, tmp_path / "6", MONDAY) == (MONDAY, 1, "nowhere")


def _built(project: Settings, folder: Path, as_of: str, **told: str) -> tuple[object, ...] | None:
    folder.mkdir()
    dbt_build(project, folder / "kota.duckdb", {"as_of": as_of, **told})
    with duckdb.connect(folder / "kota.duckdb", read_only=True) as con:
        row: tuple[object, ...] | None = con.execute("from told").fetchone()
    return row
