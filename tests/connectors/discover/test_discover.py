"""What is proposed for an ugly app in a SQLite file, and that it is taken in as proposed."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import Settings, get_settings
from lake.table import LakeTable
from tests.connectors.discover import ugly


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ugly app."""
    file = tmp_path_factory.mktemp("sqlite") / "db_simpeg.sqlite"
    with sqlite3.connect(file) as con:
        con.executescript(ugly.TABLES.format(q='"', time="datetime"))
        for table, lines in ugly.rows():
            marks = ", ".join("?" * len(lines[0]))
            texts = [[str(v) if hasattr(v, "year") else v for v in line] for line in lines]
            con.executemany(f'insert into "{table}" values ({marks})', texts)
    con.close()
    return file


@pytest.fixture(scope="module")
def drafted(database: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The draft of it."""
    folder = tmp_path_factory.mktemp("drafted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOTA_HOME", str(folder))
        get_settings.cache_clear()
        out = folder / "simpeg.yml"
        uri = f"sqlite:///{database}"
        done = CliRunner().invoke(command, ["sources", "discover", uri, "--out", str(out)])
    get_settings.cache_clear()
    assert done.exit_code == 0, done.output
    assert f"export KOTA_CONN_SIMPEG='{uri}'" in done.output
    return out.read_text("utf-8")


@pytest.fixture
def draft(
    drafted: str, settings: Settings, database: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The draft, registered, its connection set."""
    monkeypatch.setenv("KOTA_CONN_SIMPEG", f"sqlite:///{database}")
    file = settings.apps_dir / "simpeg.yml"
    file.write_text(drafted, "utf-8")
    return file


def test_keys_modes_and_cursors_are_what_the_data_prove(draft: Path) -> None:
    tables = load_app(draft).tables

    assert {
        name: (entry.key, entry.mode, entry.cursor) for name, entry in tables.items()
    } == ugly.TAKEN
    text = draft.read_text("utf-8")
    assert "Cursor diubah_pada: later than dibuat_pada in 340 of 1,020 rows" in text
    assert "updated_at is no cursor: it is never later than created_at in 1,020 rows" in text
    assert "updated_at is no cursor: it holds times in the future" in text
    assert "last_modified is no cursor: 1 empty of 1,020 values" in text
    assert "updated_at could be a cursor (later than created_at in 100 of 200 rows" in text
    assert "layanan_id points at layanan.id (by name; 9 of 9 different values are there)" in text


def test_what_is_left_is_listed_with_its_reason_and_can_be_taken(draft: Path) -> None:
    lines = [line for line in draft.read_text("utf-8").splitlines() if line.startswith("  # ")]
    for table, reason in ugly.LEFT.items():
        (line,) = [line for line in lines if line.startswith(f"  # {table}: ")]
        assert f"# {reason}" in line

    draft.write_text(draft.read_text("utf-8").replace("  # pegawai_old", "  pegawai_old"), "utf-8")
    entry = load_app(draft).tables["pegawai_old"]
    assert (entry.key, entry.columns["kata_sandi"].policy) == (["id"], "drop")


def test_personal_data_are_told_from_names_and_values_and_never_shown(draft: Path) -> None:
    app = load_app(draft)
    columns = {
        name: (column.personal, column.policy)
        for name, column in app.tables["pegawai"].columns.items()
    }
    assert columns == {
        "nik": ("umum", "keep"),
        "nama_lengkap": ("umum", "keep"),
        "no_hp": ("umum", "keep"),
        "email": ("umum", "token"),
        "kata_sandi": (None, "drop"),
        "alamat": ("umum", "keep"),
        "agama": ("umum", "keep"),
        "gaji": ("spesifik", "keep"),
        "catatan": ("umum", "keep"),
    }
    assert app.tables["siswa"].columns["nama"].personal == "spesifik"
    assert not app.tables["layanan"].columns
    text = draft.read_text("utf-8")
    assert "1,020 of 1,020 values look like a NIK" in text
    assert "25 of 1,020 texts hold a NIK, a phone number or an e-mail address" in text
    assert not {value for value in ugly.values() if value in text}


def test_the_draft_is_taken_in_as_it_is_and_a_second_run_lands_nothing(
    draft: Path, settings: Settings
) -> None:
    app = load_app(draft)
    first, second = extract_app(app, settings), extract_app(app, settings)

    landed = {table.table: (table.outcome, table.source_rows) for table in first.tables}
    expected = dict.fromkeys(ugly.TAKEN, ("landed", ugly.ROWS))
    assert landed == {**expected, "loket": ("landed", ugly.FEW)}
    assert {table.outcome for table in second.tables} == {"unchanged"}
    schema = LakeTable(settings.lake_dir, "simpeg", "surat_masuk_2026").source_schema()
    assert schema is not None
    assert schema.names == ["Nomor Surat", "Order", "group", "isi"]


def test_a_file_that_is_there_is_not_overwritten(draft: Path, database: Path) -> None:
    draft.write_text("edited", "utf-8")
    again = ["sources", "discover", f"sqlite:///{database}"]
    refused = CliRunner().invoke(command, again)

    assert (refused.exit_code, draft.read_text("utf-8")) == (1, "edited")
    assert "is there: give another --out" in refused.stderr
    assert CliRunner().invoke(command, [*again, "--force"]).exit_code == 0
    assert load_app(draft).app == "simpeg"


def test_what_cannot_be_looked_into_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "new.sqlite").executescript("create table cache (a)").close()
    cases = {
        f"sqlite:///{tmp_path}/gone.sqlite": "there is no file",
        f"sqlite:///{tmp_path}/new.sqlite": "nothing to take in: of 1 tables, cache: a cache",
        "mysql://reader:Hunter2@127.0.0.1:1/simpeg": "can't connect",
        "gopher://x/y": "can't look into 'gopher'",
        "unset": "put its URI in KOTA_CONN_UNSET",
    }
    for source, sentence in cases.items():
        done = CliRunner().invoke(command, ["sources", "discover", source])
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.output
        assert sentence in done.stderr
        assert "Hunter2" not in done.output
    assert not list(settings.apps_dir.iterdir())


def test_a_sound_app_passes_its_check_and_a_wrong_cursor_is_warned_of(draft: Path) -> None:
    sound = CliRunner().invoke(command, ["sources", "check", "simpeg"])
    assert sound.exit_code == 0, sound.output
    assert "8 tables can be read" in sound.stdout

    text = draft.read_text("utf-8").replace("cursor: diubah_pada", "cursor: dibuat_pada")
    draft.write_text(text.replace('source: "Surat', 'source: "Gone Surat'), "utf-8")
    wrong = CliRunner().invoke(command, ["sources", "check", "simpeg"])
    assert wrong.exit_code == 1
    assert "cursor dibuat_pada: no index leads to it" in wrong.stdout
    assert "simpeg.surat_masuk_2026" in wrong.stderr
