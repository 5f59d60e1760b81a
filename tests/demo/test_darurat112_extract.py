"""The emergency line's files through the registry into the lake, day after day."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.extract import extract_app
from connectors.registry import App, load_app
from connectors.result import TableResult
from demo.call_files import darurat112_files
from demo.calls import Calls
from demo.city import City
from demo.darurat112 import darurat112_tables
from demo.table import Table
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

pytestmark = pytest.mark.integration

APPS = Path(__file__).resolve().parents[2] / "connectors" / "apps"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    (tmp_path / "drop").mkdir()
    monkeypatch.setenv("KOTA_CONN_DARURAT112", f"file://{tmp_path / 'drop'}")
    yield load_app(APPS / "darurat112.yml")


def drop(calls: Calls, folder: Path) -> None:
    """What lies there that morning."""
    offset = 7 * 3600  # WIB
    for file in darurat112_files(calls):
        path = folder / file.path
        moment = file.modified - offset
        if not path.exists() or path.stat().st_mtime != moment:
            path.write_bytes(file.content())
            os.utime(path, (moment, moment))


def run(app: App, settings: Settings) -> TableResult:
    (result,) = extract_app(app, settings).tables
    assert result.outcome != "failed", result.message
    return result


def landed(settings: Settings) -> dict[str, dict[str, Any]]:
    table = LakeTable(settings.lake_dir, "darurat112", "panggilan")
    with connect(settings, timezone="Asia/Jakarta") as con:
        current = table.current(["id_panggilan"])
        rows = con.execute(
            f"""select * replace (
                strftime(waktu, '%d/%m/%Y %H.%M.%S') as waktu,
                strftime(selesai, '%d/%m/%Y %H.%M.%S') as selesai
            ) from ({current})"""
        )
        found: list[dict[str, Any]] = rows.to_arrow_table().to_pylist()
    return {row["id_panggilan"]: row for row in found}


def expected(table: Table) -> dict[str, dict[str, Any]]:
    return {row["id_panggilan"]: row for chunk in table.chunks() for row in chunk.to_pylist()}


def test_every_call_lands_and_a_corrected_file_replaces_its_calls(
    app: App, city: City, settings: Settings, tmp_path: Path
) -> None:
    shown = ("waktu", "telp", "nama_pelapor", "kategori", "lokasi", "kelurahan", "lat", "selesai")
    corrected = 0
    for days in range(0, 12, 3):
        calls = Calls(city.population, city.day + timedelta(days=days))
        (table,) = darurat112_tables(calls)
        drop(calls, tmp_path / "drop")
        result = run(app, settings)
        lake, truth = landed(settings), expected(table)
        assert lake.keys() == truth.keys()
        for key, row in truth.items():
            assert {name: lake[key][name] for name in shown} == {name: row[name] for name in shown}
        assert "catatan" not in next(iter(lake.values()))
        assert not Quarantine(settings.lake_dir, "darurat112").open_entries("panggilan")
        corrected += result.rows_landed if days else 0
        assert run(app, settings).outcome == "unchanged"
    assert corrected > 9 * 4
