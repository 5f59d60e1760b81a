"""What is proposed for an Access file, and that it is taken in as proposed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import Settings
from tests.connectors.access_file import (
    BOOL,
    DATETIME,
    LONG,
    MONEY,
    TEXT,
    AccessTable,
    write_access_file,
)
from tests.connectors.discover.dropped import nik, person

pytestmark = pytest.mark.integration

STAFF = {
    "ID": LONG, "NIK": TEXT, "Nama Lengkap": TEXT, "Masuk": DATETIME, "Gaji": MONEY, "Aktif": BOOL,
    "unit_id": LONG,
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An office's Access file."""
    began = datetime(2020, 1, 1, tzinfo=UTC)
    staff = [
        [n, nik(n), person(n), began, Decimal(4_500_000 + n), n % 2 == 0, n % 5 + 1]
        for n in range(1, 141)
    ]
    notes = [[n % 7, "hadir"] for n in range(120)]
    tables = [
        AccessTable("tblPegawai", STAFF, staff),
        AccessTable("tblUnit", {"id": LONG, "nama": TEXT}, [[n, f"Unit {n}"] for n in range(1, 6)]),
        AccessTable("Absen", {"unit": LONG, "ket": TEXT}, notes),
        AccessTable("Kosong", {"ID": LONG}, []),
        AccessTable("tblPegawai_old", STAFF, staff[:3]),
    ]
    path = tmp_path / "kepegawaian.mdb"
    write_access_file(path, tables)
    return path


def test_an_access_file_is_drafted_and_taken_in(
    file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"access://{file}"
    done = CliRunner().invoke(command, ["sources", "discover", uri])
    assert done.exit_code == 0, done.output
    text = (settings.apps_dir / "kepegawaian.yml").read_text("utf-8")
    app = load_app(settings.apps_dir / "kepegawaian.yml")
    monkeypatch.setenv("KOTA_CONN_KEPEGAWAIAN", uri)
    first, second = extract_app(app, settings), extract_app(app, settings)

    assert {name: (t.source, t.key, t.mode) for name, t in app.tables.items()} == {
        "tblpegawai": ("tblPegawai", ["ID"], "snapshot"),
        "tblunit": ("tblUnit", ["id"], "snapshot"),
        "absen": ("Absen", [], "snapshot"),
    }
    columns = app.tables["tblpegawai"].columns
    assert {name: said.personal for name, said in columns.items()} == {
        "NIK": "umum",
        "Nama Lengkap": "umum",
        "Gaji": "spesifik",
    }
    assert "unit_id points at tblunit.id" in text
    assert "# kosong: {source: Kosong, key: [], mode: snapshot}  # empty" in text
    assert "a copy of tblPegawai" in text
    assert not {value for value in (nik(3), person(3)) if value in text}
    assert [(t.outcome, t.rows_landed) for t in first.tables] == [
        ("landed", 120),
        ("landed", 140),
        ("landed", 5),
    ]
    assert {t.outcome for t in second.tables} == {"unchanged"}


def test_what_odbc_cannot_open_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    cases = {
        f"access://{tmp_path}/gone.mdb": "there is no file",
        "odbc://reader:Hunter2@127.0.0.1:1/x?driver=Nope": "driver 'Nope' is not installed",
        "odbc://reader:Hunter2@127.0.0.1:1/x?driver=PostgreSQL Unicode": "can't list its tables",
    }
    for source, sentence in cases.items():
        done = CliRunner().invoke(command, ["sources", "discover", source])
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.output
        assert sentence in done.stderr
        assert "Hunter2" not in done.output
    assert not list(settings.apps_dir.iterdir())
