"""What is proposed for a folder of dirty files, and that it is taken in as proposed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import App, load_app
from kota.cli import app as command
from kota.settings import Settings, get_settings
from lake.engine import connect
from lake.table import LakeTable
from tests.connectors.discover import dropped

FILES = {
    # pattern, content, key
    "kk": ("SIAK-*.zip!kk_*.csv", "complete", ["no_kk"]),
    "mutasi": ("SIAK-*.zip!mutasi.csv", "part", ["id"]),
    "harga_pasar": ("harga pasar.csv", "complete", []),
    "izin": ("izin.json", "complete", ["id"]),
    "lama_izin": ("lama/izin.xml", "complete", ["id"]),
    "kegiatan": ("kegiatan-*.csv", "part", ["_file", "_row"]),
    "laporan": ("laporan_*.xlsx", "part", ["_file", "_sheet", "_row"]),
    "sensor": ("sensor_*.txt", "part", ["_file", "_row"]),
    "penduduk": ("siak/penduduk_[0-9]*.csv", "complete", ["NIK"]),
    "penduduk_pindah": ("siak/penduduk_pindah_*.csv", "part", ["id"]),
    "transaksi": ("transaksi-*.csv", "part", ["id_transaksi"]),
    "wp": ("wp.dbf", "complete", ["NOP"]),
}
TYPES = {
    "harga_pasar": {"Harga": "BIGINT"},
    "izin": {"id": "BIGINT", "nilai": "DECIMAL(18,1)"},
    "laporan": {"No": "BIGINT", "Kunjungan L": "BIGINT", "Kunjungan P": "DECIMAL(18,1)",
                "Tanggal": "DATE"},
    "sensor": {"kolom_2": "TIMESTAMP", "kolom_3": "DECIMAL(18,1)"},
    "penduduk": {"TGL LAHIR": "DATE", "PENGELUARAN": "DECIMAL(18,2)", "JUMLAH ANAK": "BIGINT"},
    "transaksi": {"no": "BIGINT", "tanggal": "DATE", "jumlah": "DECIMAL(18,1)"},
    "kk": {},
    "wp": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drop."""
    place = tmp_path_factory.mktemp("files") / "kiriman"
    place.mkdir()
    dropped.write_drop(place)
    return place


@pytest.fixture(scope="module")
def drafted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The draft of it."""
    home = tmp_path_factory.mktemp("drafted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOTA_HOME", str(home))
        get_settings.cache_clear()
        out = home / "kiriman.yml"
        given = ["sources", "discover", f"file://{folder}", "--out", str(out)]
        done = CliRunner().invoke(command, given)
    get_settings.cache_clear()
    assert done.exit_code == 0, done.output
    return out.read_text("utf-8")


@pytest.fixture
def app(drafted: str, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """The draft, registered, its connection set."""
    monkeypatch.setenv("KOTA_CONN_KIRIMAN", f"file://{folder}")
    file = settings.apps_dir / "kiriman.yml"
    file.write_text(drafted, "utf-8")
    return load_app(file)


def test_files_are_grouped_by_name_and_compared_to_tell_wholes_from_parts(app: App) -> None:
    found = {}
    for name, table in app.tables.items():
        assert table.files is not None
        found[name] = (table.files.pattern, table.files.content, table.key)
    assert found == FILES


def test_each_dialect_is_found_out(app: App, drafted: str) -> None:
    files = {name: table.files for name, table in app.tables.items()}
    residents, prices, report = files["penduduk"], files["harga_pasar"], files["laporan"]
    assert residents and prices and report and files["sensor"] and files["kk"]

    assert (residents.encoding, residents.csv.delimiter, residents.nulls) == ("cp1252", ";", ["-"])
    assert (prices.header, prices.csv.skip_footer) == (4, 2)
    assert (report.header_rows, report.sheets) == (2, ["Data"])
    assert files["sensor"].header == 0
    assert files["kk"].marker == ".done"
    assert "Left: manual.pdf" in drafted
    assert "sedang" not in drafted


def test_types_are_what_the_values_are_and_numbers_that_name_stay_text(
    app: App, drafted: str
) -> None:
    found = {
        name: {column: said.type for column, said in app.tables[name].columns.items() if said.type}
        for name in TYPES
    }
    assert found == TYPES
    columns = app.tables["penduduk"].columns
    assert columns["TGL LAHIR"].format == "%d/%m/%Y"
    assert columns["PENGELUARAN"].decimal == ","
    assert "year 1, 1900 or 9999" in drafted


def test_personal_data_are_classed_and_no_value_is_shown(app: App, drafted: str) -> None:
    columns = app.tables["penduduk"].columns
    assert [columns[name].personal for name in ("NIK", "NAMA", "TGL LAHIR", "NO HP")] == [
        "umum"
    ] * 4
    assert columns["E-Mail"].policy == "token"
    permits = app.tables["izin"].columns
    assert (permits["pemohon_email"].path, permits["pemohon_email"].policy) == (
        "pemohon.email",
        "token",
    )
    # What is a token in its own column must not be in clear in the one it was nested in.
    assert permits["pemohon"].policy == "drop"
    values = {dropped.nik(5), dropped.person(5), "0812", "contoh.example", "Jl. Mawar", "TX00"}
    assert not {value for value in values if value in drafted}


def test_the_draft_is_taken_in_as_it_is_and_a_second_run_lands_nothing(
    app: App, settings: Settings
) -> None:
    first, second = extract_app(app, settings), extract_app(app, settings)

    assert {
        table.table: (table.outcome, table.rows_quarantined) for table in first.tables
    } == dict.fromkeys(FILES, ("landed", 0))
    assert {table.outcome for table in second.tables} == {"unchanged"}
    residents = LakeTable(settings.lake_dir, "kiriman", "penduduk")
    with connect(settings, timezone="UTC") as con:
        row = con.execute(
            'select count(*), count(distinct "TGL LAHIR"), sum("PENGELUARAN") > 307000 '
            f"from ({residents.current(['NIK'])})"
        ).fetchone()
    assert row is not None
    assert (row[0], row[1] > 100, row[2]) == (307, True, True)


def test_what_cannot_be_drafted_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    (tmp_path / "rusak").mkdir()
    (tmp_path / "rusak" / "a.xlsx").write_bytes(b"no workbook")
    (tmp_path / "rusak" / "b.zip").write_bytes(b"no archive")
    cases = {
        f"file://{tmp_path}/kosong": "there is no file in it",
        f"file://{tmp_path}/gone": "there is no folder",
        f"file://{tmp_path}/rusak": "nothing to take in: a.xlsx (1 file(s)): it can't be read",
    }
    for source, sentence in cases.items():
        done = CliRunner().invoke(command, ["sources", "discover", source])
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.output
        assert sentence in done.stderr
    assert not list(settings.apps_dir.iterdir())
