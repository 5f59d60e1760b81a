"""What an operator sees of the lake: its past with personal data masked, its damage, its care."""

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from kota.cli import app
from kota.settings import Settings
from lake.erasures import erasures
from tests.connectors.legacy import REGISTRY, LegacyApp

NIK = "3671010101900001"
TABLES = """  people:
    key: [id]
    mode: snapshot
    retention: {history_days: 365}
    columns:
      nik: {personal: umum}
  visits:
    key: [nik]
    mode: snapshot
    columns:
      nik: {personal: spesifik, policy: token}
"""


@pytest.fixture
def city(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """One registered app, extracted twice."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.register(REGISTRY[: REGISTRY.index("  requests:")] + TABLES)
    legacy.run(
        "create table people (id integer, nik varchar(16), name text);"
        "create table visits (nik varchar(16), ward text);"
        f"insert into people values (1, '{NIK}', 'Siti'), (2, null, 'Budi');"
        f"insert into visits values ('{NIK}', 'A')"
    )
    legacy.extract()
    legacy.run("update people set name = 'Siti A' where id = 1; delete from people where id = 2")
    legacy.extract()
    return legacy


def kota(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


@pytest.mark.usefixtures("city")
def test_the_past_is_shown_with_personal_columns_masked() -> None:
    past = rows(kota("lake", "as-of", "legacy.people", "--batch", "1", "--json"))
    assert [(row["id"], row["nik"], row["name"]) for row in past] == [
        (1, "•••", "Siti"),
        (2, None, "Budi"),
    ]
    now = rows(kota("lake", "as-of", "legacy.people", "--show-personal", "--json"))
    assert [(row["nik"], row["name"]) for row in now] == [(NIK, "Siti A")]
    only = rows(
        kota("lake", "as-of", "legacy.people", "--batch", "1", "--where", "id > 1", "--json")
    )
    assert [row["id"] for row in only] == [2]


@pytest.mark.usefixtures("city")
def test_the_past_can_be_told_by_time_and_by_version() -> None:
    batches = rows(kota("lake", "history", "legacy.people", "--json"))
    first = next(entry for entry in batches if entry["batch"] == 1)

    by_time = kota("lake", "as-of", "legacy.people", "--at", str(first["at"]), "--json")
    by_version = kota(
        "lake", "as-of", "legacy.people", "--version", str(first["version"]), "--json"
    )

    assert len(rows(by_time)) == len(rows(by_version)) == 2
    early = kota("lake", "as-of", "legacy.people", "--at", "2020-01-01")
    assert early.exit_code == 1
    assert "legacy.people was loaded for the first time after 2020-01-01" in early.stderr
    assert (
        "has no batch 9; it has batches 1 to 2"
        in kota("lake", "as-of", "legacy.people", "--batch", "9").stderr
    )


@pytest.mark.usefixtures("city")
def test_the_past_goes_into_a_file_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"

    written = kota("lake", "as-of", "legacy.people", "--batch", "1", "--out", path)

    assert "2 rows of legacy.people as after batch 1" in written.stdout.replace("\n", " ")
    assert path.stat().st_mode & 0o777 == 0o600
    assert duckdb.sql(f"select nik from '{path}' order by id").fetchall() == [("•••",), (None,)]
    assert kota("lake", "as-of", "legacy.people", "--out", tmp_path / "x.xls").exit_code == 1


@pytest.mark.usefixtures("city")
def test_a_condition_that_fails_shows_no_value() -> None:
    wrong = kota("lake", "as-of", "legacy.people", "--where", "cast(nik as date) is null")

    assert wrong.exit_code == 1
    assert NIK not in wrong.stderr + wrong.stdout
    assert "legacy.people: the rows can't be read" in wrong.stderr


@pytest.mark.usefixtures("city")
def test_every_version_of_a_row_by_its_key() -> None:
    versions = rows(kota("lake", "history", "legacy.people", "--key", "2", "--json"))
    assert [(row["_kota_batch"], row["_kota_op"], row["name"]) for row in versions] == [
        (1, "upsert", "Budi"),
        (2, "delete", None),
    ]
    by_token = rows(kota("lake", "history", "legacy.visits", "--key", NIK, "--json"))
    assert [row["ward"] for row in by_token] == ["A"]


def test_verify_ends_with_1_and_a_sentence_on_damage(city: LegacyApp) -> None:
    assert kota("lake", "verify", "--json").exit_code == 0
    path = next(city.table("people").path.glob("*.parquet"))
    path.unlink()

    damaged = kota("lake", "verify", "legacy.people", "--quick")

    assert damaged.exit_code == 1
    assert f"legacy.people: file {path.name}" in damaged.stderr
    assert kota("lake", "verify", "legacy.visits").exit_code == 0


def test_verify_misses_what_a_run_saw(city: LegacyApp) -> None:
    log = city.table("people").path / "_delta_log"
    max(log.glob("*.json")).unlink()

    lost = kota("lake", "verify", "legacy")

    assert lost.exit_code == 1
    assert "legacy.people: commit 1 is missing from the log" in lost.stderr


def test_maintain_says_what_it_did_and_leaves_the_past(city: LegacyApp) -> None:
    for number in range(4):
        city.run(f"insert into people values (1{number}, null, 'New')")
        city.extract()
    state = city.current("people")

    would = rows(kota("lake", "maintain", "legacy.people", "--dry-run", "--json"))
    done = rows(kota("lake", "maintain", "--grace-hours", "0", "--json"))

    assert [(one["files_before"], one["files_after"]) for one in would] == [(6, 1)]
    assert done[0]["files_removed"] == 6
    assert city.current("people") == state
    assert len(rows(kota("lake", "as-of", "legacy.people", "--batch", "1", "--json"))) == 2
    assert kota("lake", "verify").exit_code == 0
    assert (
        "no table nothing; it has people, visits"
        in kota("lake", "maintain", "legacy.nothing").stderr
    )


def test_a_person_is_counted_then_erased_and_the_value_is_never_shown(city: LegacyApp) -> None:
    asked = kota("erase", "--column", "nik=-", "--json", typed=f"{NIK}\n")
    assert '"current_rows": 1' in asked.stdout
    refused = kota("erase", "--column", f"nik={NIK}", "--yes")
    assert "say with --reference which request this answers" in refused.stderr
    assert city.current("people", "id") == [(1,)]

    done = kota("erase", "--column", f"nik={NIK}", "--yes", "--reference", "Surat 1/2026")

    assert done.exit_code == 0, done.stderr
    assert NIK not in asked.stdout + refused.stderr + done.stdout
    assert city.current("people") == city.current("visits") == []
    (record,) = erasures(city.settings.lake_dir)
    assert record.reference == "Surat 1/2026"
    assert kota("lake", "verify").exit_code == 0
    past = kota("lake", "as-of", "legacy.people", "--batch", "1")
    assert f"persons were erased since (erasure {record.id})" in past.stderr


def test_a_key_is_rotated_by_adding_one(city: LegacyApp, monkeypatch: pytest.MonkeyPatch) -> None:
    before = city.current("visits", "nik")
    monkeypatch.setenv("KOTA_TOKEN_KEY_2", "a second key for tests, as long as it has to be")

    done = kota("lake", "rotate-key")

    assert done.exit_code == 0, done.stderr
    assert "legacy.visits: 1 rows rewritten" in done.stdout
    assert city.current("visits", "nik") != before
    assert rows(kota("lake", "history", "legacy.visits", "--key", NIK, "--json"))
    assert all(table.outcome == "unchanged" for table in city.extract().tables)
