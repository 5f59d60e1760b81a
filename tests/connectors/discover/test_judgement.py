"""What an engineer who knows such apps would say of tables and columns, by their names alone."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.registry import App, load_app
from kota.cli import app as command
from kota.settings import Settings

TABLES = """
create table ref_warga_agama (id integer primary key, nama text);
create table m_place (id integer primary key, nama text);
create table warga (id integer primary key, nama text, agama_id integer, tempat_lahir_id integer,
  no_kk text, tgl_cetak_kk date, cacat text, ayah text, akta_perkawinan text, medsos text);
create table surat (id integer primary key, isi text, publish_place_id integer);
create table log_surat (id integer primary key, surat_id integer);
create table audit_log (id integer primary key, what text);
create table setoran (id integer primary key, jumlah integer);
create table setoran2 (id integer primary key, jumlah integer);
create table setoran3 (id integer primary key, jumlah integer);
create table setoran4 (id integer primary key, jumlah integer);
create table setting_modul (id integer primary key, isi text);
create table captcha_codes (id integer primary key, code text);
create table user_grup (id integer primary key, nama text);
insert into ref_warga_agama values (1, 'Islam'), (2, 'Hindu');
insert into m_place values (10, 'Malang'), (20, 'Tegal');
insert into warga select value, 'Warga', value % 2 + 1, 10 * (value % 2 + 1),
  '3671010101' || (100000 + value), '2020-01-01', 'tidak', 'Slamet', 'A-1', '@w'
  from generate_series(1, 60);
insert into surat select value, 'isi', 10 * (value % 2 + 1) from generate_series(1, 60);
insert into log_surat values (1, 1); insert into audit_log values (1, 'x');
insert into setoran values (1, 1); insert into setoran2 values (1, 2);
insert into setoran3 values (1, 3); insert into setoran4 values (1, 4);
insert into setting_modul values (1, 'x'); insert into captcha_codes values (1, 'x');
insert into user_grup values (1, 'x');
"""
LEFT = ("log_surat", "audit_log", "setting_modul", "captcha_codes", "user_grup")


def series(sql: str) -> str:
    """SQLite's shell has generate_series, its library has not."""
    numbers = "(with recursive n(value) as (select 1 union all select value + 1 from n "
    return sql.replace("generate_series(1, 60)", numbers + "where value < 60) select * from n)")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The draft of an invented village app."""
    folder = tmp_path_factory.mktemp("judged")
    file, out = folder / "desa.sqlite", folder / "desa.yml"
    with sqlite3.connect(file) as con:
        con.executescript(series(TABLES))
    con.close()
    source = ["sources", "discover", f"sqlite:///{file}", "--out", str(out)]
    done = CliRunner().invoke(command, source)
    assert done.exit_code == 0, done.output
    return out.read_text("utf-8")


@pytest.fixture
def app(drafted: str, settings: Settings) -> App:
    """The draft as registered."""
    file: Path = settings.apps_dir / "desa.yml"
    file.write_text(drafted, "utf-8")
    return load_app(file)


def test_a_series_of_tables_is_taken_and_what_serves_the_program_is_left(
    app: App, drafted: str
) -> None:
    assert set(app.tables) == {
        "ref_warga_agama", "m_place", "warga", "surat", "setoran", "setoran2", "setoran3",
        "setoran4",
    }  # fmt: skip
    said = {table: line for line in drafted.splitlines() for table in LEFT if f"# {table}:" in line}
    assert set(said) == set(LEFT)
    assert "a log, by its name; LOOK: it may be what happened to surat" in said["log_surat"]
    assert "LOOK" not in said["audit_log"]


def test_references_are_found_by_the_end_of_a_name(drafted: str) -> None:
    for sentence in (
        "agama_id points at ref_warga_agama.id (by name; 2 of 2 different values are there)",
        "publish_place_id points at m_place.id (by name; 2 of 2 different values are there)",
    ):
        assert sentence in drafted


def test_personal_data_are_told_as_a_clerk_would(app: App, drafted: str) -> None:
    columns = app.tables["warga"].columns
    classes = {name: column.personal for name, column in columns.items()}
    assert classes == {
        "nama": "umum", "agama_id": "umum", "tempat_lahir_id": "umum", "no_kk": "umum",
        "cacat": "spesifik", "ayah": "umum", "akta_perkawinan": "umum", "medsos": "umum",
    }  # fmt: skip
    assert not app.tables["surat"].columns
    assert "tgl_cetak_kk: date" in drafted
