"""The schools' workbooks, read as the registry says: every pupil arrives, nothing is set aside."""

import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from connectors.result import TableResult
from demo.areas import load_areas
from demo.population import Population
from demo.schools import Schools
from demo.sekolah import sekolah_files, sekolah_tables
from demo.spec import CitySpec
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.table import LakeTable

pytestmark = pytest.mark.integration

OPENED = date(2026, 6, 10)
_AHEAD = 7 * 3_600  # Jakarta's clock


class Folder:
    """The folder that schools send their workbooks to, and kota reading it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.app = load_app(PROJECT_ROOT / "connectors" / "apps" / "sekolah.yml")

    def receive(self, schools: Schools) -> dict[str, TableResult]:
        """The files of a morning, extracted; by table."""
        for file in sekolah_files(schools):
            path = self.folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content())
            os.utime(path, (file.modified - _AHEAD,) * 2)
        return {result.table: result for result in extract_app(self.app, self.settings).tables}

    def rows(self, table: str) -> pa.Table:
        """What is in the lake."""
        current = LakeTable(self.settings.lake_dir, "sekolah", table)
        with connect(self.settings, timezone="UTC") as con:
            state = current.current(self.app.tables[table].key)
            return con.execute(state).to_arrow_table()


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    drop = tmp_path / "drop"
    drop.mkdir()
    monkeypatch.setenv("KOTA_CONN_SEKOLAH", f"file://{drop}")
    return Folder(drop, settings)


def test_every_pupil_arrives_with_the_school_and_leaves_with_its_list(folder: Folder) -> None:
    people = Population(CitySpec(citizens=4000, seed=7, opened=OPENED), load_areas())
    for day in (OPENED, date(2026, 9, 20)):
        schools = Schools(people, day)
        results = folder.receive(schools)
        for table in sekolah_tables(schools):
            assert results[table.name].outcome != "failed", results[table.name].message
            assert results[table.name].rows_quarantined == 0, table.name
            assert folder.rows(table.name).num_rows == len(table.ids), (day, table.name)
    for table in sekolah_tables(schools)[1:]:
        wanted = table.render(table.ids * 0 + range(len(table.ids)))
        numbers = dict(zip(schools.names, map(str, schools.npsn.tolist()), strict=True))
        expected = sorted(
            (row["sekolah"], numbers[row["sekolah"]], row["NISN"], row["NAMA SISWA"], row["KELAS"])
            for row in wanted.to_pylist()
        )
        found = sorted(
            (r["_sheet"], r["npsn"], r["NISN"].zfill(10), r["NAMA SISWA"], r["KELAS"])
            for r in folder.rows(table.name).to_pylist()
        )
        assert found == expected
        assert folder.rows(table.name)["tahun_pelajaran"].unique().to_pylist() == ["2026/2027"]
