"""Staging models for an app with every kind of ugly name: linted, built, and never overwritten."""

import sqlite3
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import PROJECT_ROOT, Settings, get_settings

REGISTRY = """
app: arsip
name: Arsip
description: "Letters: in and out."
department: diskominfo
owner: arsip@kota.example
tier: 3
connection: arsip
timezone: Asia/Jakarta
schedule: "@daily"
freshness_hours: 24
tables:
  surat_masuk:
    source: "Surat Masuk.2026"
    key: [Nomor Surat]
    mode: snapshot
    columns:
      email: {personal: umum, policy: token}
      "No": {personal: umum}
      sandi: {policy: drop}
      petugas_id: {references: petugas.id}
  petugas:
    description: Officers.
    key: [id]
    mode: snapshot
    columns:
      nama: {personal: umum}
  hadir:
    key: [petugas_id, tanggal]
    mode: snapshot
  user:
    key: []
    mode: snapshot
"""
SCHEMA = """
create table "Surat Masuk.2026" ("Nomor Surat" text, "Order" integer, "group" text, email text,
  sandi text, petugas_id integer, "Größe {{x}}" real, "2fa" text, landed_at datetime,
  collation text, grant text, "user" text, current_date date, "Level" text, foto blob,
  "level!" text, sah boolean, "No" text);
insert into "Surat Masuk.2026" values ('S/1', 1, 'a', 'a@b.example', 'x', 1, 1.5, 'y',
  '2026-01-01 08:00:00', 'c', 'd', 'e', '2026-01-01', 'f', x'00', 'g', 1, '7');
create table petugas (id integer primary key, nama text);
insert into petugas values (1, 'Siti');
create table hadir (petugas_id integer, tanggal date, primary key (petugas_id, tanggal));
insert into hadir values (1, '2026-01-01');
create table user (a integer, b text);
insert into user values (1, 'x'), (1, 'x');
"""


@pytest.fixture
def project(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registered app in a project without models; the folder of its staging models."""
    root = tmp_path / "project"
    dbt = root / "dbt_project"
    (dbt / "models").mkdir(parents=True)
    needed = ("dbt_project.yml", "profiles.yml", "macros", "tests/generic", "models/_groups.yml")
    for name in needed:
        (dbt / name).parent.mkdir(exist_ok=True)
        (dbt / name).symlink_to(PROJECT_ROOT / "dbt_project" / name)
    for name in ("city.yml", ".sqlfluff"):
        (root / name).symlink_to(PROJECT_ROOT / name)
    database = tmp_path / "arsip.sqlite"
    sqlite3.connect(database).executescript(SCHEMA).close()
    (settings.apps_dir / "arsip.yml").write_text(REGISTRY, "utf-8")
    monkeypatch.setenv("KOTA_CONN_ARSIP", f"sqlite:///{database}")
    monkeypatch.setenv("KOTA_ROOT", str(root))
    get_settings.cache_clear()
    return dbt / "models" / "staging" / "arsip"


def scaffold(*options: str) -> str:
    """What the command says."""
    done = CliRunner().invoke(command, ["sources", "scaffold", "arsip", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_models_hold_every_column_that_lands_in_groups(project: Path) -> None:
    scaffold()

    assert (project / "stg_arsip__hadir.sql").read_text("utf-8") == (
        "with\n\nsource as (\n    select * from {{ source('lake_arsip', 'hadir') }}\n),\n\n"
        "renamed as (\n    select\n        -- ids\n        petugas_id,\n        tanggal,\n\n"
        "        -- times\n        _kota_at as landed_at\n    from source\n)\n\n"
        "select * from renamed\n"
    )
    letters = (project / "stg_arsip__surat_masuk.sql").read_text("utf-8")
    for line in (
        '"Nomor Surat" as nomor_surat,  -- noqa: RF05, RF06',
        '"Order" as surat_masuk_order,  -- noqa: RF06',
        "email as email_token,",
        "landed_at as landed_at_2,",
        "_kota_at as landed_at\n",
    ):
        assert f"        {line}" in letters
    assert "sandi" not in letters


def test_tests_and_personal_classes_come_from_the_registry(project: Path) -> None:
    scaffold()

    models = yaml.safe_load((project / "_stg_arsip.yml").read_text("utf-8"))["models"]
    by_name = {model["name"]: model for model in models}
    (key, officer) = [
        column for column in by_name["stg_arsip__surat_masuk"]["columns"] if "data_tests" in column
    ]
    # To YAML, a bare no is false.
    assert "no" in {column["name"] for column in by_name["stg_arsip__surat_masuk"]["columns"]}
    assert (key["name"], key["data_tests"]) == ("nomor_surat", ["unique", "not_null"])
    assert officer["data_tests"][0]["relationships"]["arguments"] == {
        "to": "ref('stg_arsip__officers')",
        "field": "id",
    }
    assert by_name["stg_arsip__hadir"]["data_tests"] == [
        {"unique_key": {"arguments": {"columns": ["petugas_id", "tanggal"]}}}
    ]
    assert "data_tests" not in by_name["stg_arsip__user"]
    (source,) = yaml.safe_load((project / "_src_arsip.yml").read_text("utf-8"))["sources"]
    columns = {column["name"]: column for column in source["tables"][1]["columns"]}
    assert columns["nama"]["config"] == {"meta": {"personal": "umum"}}


def test_edited_files_stay_and_new_tables_are_added(project: Path, settings: Settings) -> None:
    scaffold()
    edited = project / "stg_arsip__hadir.sql"
    edited.rename(project / "stg_arsip__attendance.sql")
    registered = project / "_src_arsip.yml"
    registered.write_text(
        registered.read_text("utf-8").replace("Officers.", "Officers of the archive."), "utf-8"
    )
    entry = "  surat_keluar: {source: petugas, key: [id], mode: snapshot}\n"
    file = settings.apps_dir / "arsip.yml"
    file.write_text(file.read_text("utf-8") + entry, "utf-8")
    said = scaffold()

    assert not edited.exists()
    assert "Officers of the archive." in registered.read_text("utf-8")
    names = [
        table["name"]
        for table in yaml.safe_load(registered.read_text("utf-8"))["sources"][0]["tables"]
    ]
    assert names == ["surat_masuk", "petugas", "hadir", "user", "surat_keluar"]
    assert (project / "stg_arsip__surat_keluar.sql").exists()
    assert "added to" in said
    (project / "stg_arsip__officers.sql").write_text("select 1 as edited", "utf-8")
    scaffold()
    assert (project / "stg_arsip__officers.sql").read_text("utf-8") == "select 1 as edited"
    scaffold("--force")
    assert "edited" not in (project / "stg_arsip__officers.sql").read_text("utf-8")


@pytest.mark.integration
@pytest.mark.usefixtures("project")
def test_what_is_written_is_lint_clean_and_builds(settings: Settings) -> None:
    app = load_app(settings.apps_dir / "arsip.yml")
    landed = extract_app(app, settings)
    assert not landed.failed, landed.sentence()
    scaffold()
    linted = subprocess.run(
        [PROJECT_ROOT / ".venv/sql/bin/sqlfluff", "lint", "--nocolor", "dbt_project/models"],
        cwd=get_settings().root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
    built = CliRunner().invoke(command, ["build"])
    assert built.exit_code == 0, built.output
    (log,) = settings.candidates_dir.glob("*/dbt.log")
    assert "ERROR=0" in log.read_text("utf-8")
    assert "WARN=0" in log.read_text("utf-8")
