"""Honest work raises no alarm: compaction, vacuum, erasure, retention, going back, a kill."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.verdict import FILE_NAME
from kota.cli import app
from kota.settings import Settings
from record.chain import chain_path, newest_first, oldest_first
from record.write import append
from tests.connectors.legacy import LegacyApp
from tests.record.conftest import FIRST, NIK, SECOND, alarms, audited, extracted, notes
from tests.warehouse.conftest import save_verdict
from warehouse.publish import NotPublishableError, publish, rollback


def kota(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def kinds(settings: Settings) -> list[str]:
    return [entry.kind for entry in oldest_first(chain_path(settings))]


def test_work_on_the_lake_raises_no_alarm(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    extracted(legacy, days=6)

    kota("lake", "maintain", "--grace-hours", "0")
    assert len(list(legacy.table("requests").path.glob("*.parquet"))) == 1
    assert (alarms(settings), notes(settings)) == ([], [])
    removed = next(newest_first(chain_path(settings))).payload["files_removed"]
    assert len(removed["legacy.requests"]) == 6

    kota("quarantine", "discard", "legacy.requests", "--reason", "no such date")
    assert (alarms(settings), notes(settings)) == ([], [])

    kota("erase", "--column", f"nik={NIK}", "--reference", "13/2026", "--yes")
    assert (alarms(settings), notes(settings)) == ([], [])

    monkeypatch.setenv("KOTA_TOKEN_KEY_2", "another key for tests, long enough to be taken")
    kota("lake", "rotate-key")
    extracted(legacy, days=1)
    kota("lake", "maintain", "--grace-hours", "0")
    assert (alarms(settings), notes(settings)) == ([], [])
    assert kinds(settings) == [
        "begin",
        *["extract"] * 6,
        "maintenance",
        "quarantine",
        "erasure",
        "rotation",
        "extract",
        "maintenance",
    ]
    assert NIK not in chain_path(settings).read_text("utf-8")


def test_retention_and_going_back_raise_no_alarm(city: Settings) -> None:
    few = city.model_copy(update={"keep_snapshots": 2})
    third = publish(few, audited(few, 3).id).id
    assert not (city.published_dir / FIRST).exists()
    assert alarms(city) == []
    (kept,) = city.published_dir.glob(".manifests/*/manifest.json")
    papers = kept.read_text("utf-8")
    kept.write_text(papers.replace('"warnings": 0', '"warnings": 9'), "utf-8")
    assert alarms(city) == [f"snapshot {FIRST}: its manifest.json is not what was written"]
    kept.write_text(papers, "utf-8")

    assert rollback(few).id == SECOND
    assert alarms(city) == []
    publish(few, third)
    assert alarms(city) == []
    assert kinds(city)[-4:] == ["publication", "retention", "rollback", "publication"]


def test_a_rewritten_verdict_is_not_published(city: Settings) -> None:
    candidate = audited(city, 3, status="fail")
    save_verdict(candidate, "pass")

    with pytest.raises(NotPublishableError, match="its verdict is not the one on record"):
        publish(city, candidate.id)


def test_an_old_home_gets_a_record_that_begins_with_what_is_there(city: Settings) -> None:
    chain_path(city).unlink()
    publish(city, audited(city, 3).id)

    begin = next(oldest_first(chain_path(city)))
    assert (begin.kind, begin.payload["current"]) == ("begin", SECOND)
    assert set(begin.payload["snapshots"]) == {FIRST, SECOND}
    assert begin.payload["tables"]["legacy.requests"]["version"] == 2
    assert begin.payload["candidates"][SECOND]["status"] == "pass"
    assert alarms(city) == []

    path = city.candidates_dir / SECOND / FILE_NAME
    path.write_text(path.read_text("utf-8").replace('"pass"', '"warn"'), "utf-8")
    assert any("was rewritten after the audit" in said for said in alarms(city))


def test_half_an_entry_is_told_cut_off_and_put_on_record(city: Settings) -> None:
    whole = chain_path(city).read_bytes()
    chain_path(city).write_bytes(whole + whole.splitlines()[-1][:100])
    assert alarms(city) == []
    assert notes(city)[0].startswith("the record: its last line is half an entry (100 bytes)")

    append(city, "retention", {"snapshots": []})

    assert chain_path(city).read_bytes().startswith(whole)
    assert kinds(city)[-2:] == ["recovery", "retention"]
    assert (alarms(city), notes(city)) == ([], [])


def test_an_entry_that_only_lacks_its_end_of_line_is_kept(city: Settings) -> None:
    before = kinds(city)
    chain_path(city).write_bytes(chain_path(city).read_bytes().rstrip(b"\n"))

    append(city, "retention", {"snapshots": []})

    assert kinds(city) == [*before, "retention"]
    assert alarms(city) == []


def test_runs_that_were_killed_before_their_entry_are_pinned_by_the_next(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    extracted(legacy)
    chain = chain_path(settings)
    chain.write_bytes(b"".join(chain.read_bytes().splitlines(keepends=True)[:-2]))
    assert alarms(settings) == []
    assert "legacy.requests: 2 commits from 1 on are not on record yet" in notes(settings)[0]

    legacy.extract()

    commits = next(newest_first(chain)).payload["tables"]["legacy.requests"]["commits"]
    assert [(one["version"], one["batch"], one["rows_upserted"]) for one in commits] == [
        (1, 2, 1),
        (2, 3, 1),
    ]
    assert (alarms(settings), notes(settings)) == ([], [])


def test_a_table_that_was_moved_away_is_accepted_with_a_reason(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    extracted(legacy)
    legacy.table("kinds").path.rename(tmp_path / "kinds")
    legacy.extract()
    assert any("legacy.kinds: commit 0 (batch 1)" in said for said in alarms(settings))

    kota("record", "accept", "legacy.kinds", "--reason", "begun anew after a change of type")

    assert alarms(settings) == []
    assert any("begun anew after a change of type" in said for said in notes(settings))


def test_snapshots_that_were_lost_with_their_disk_are_accepted(city: Settings) -> None:
    result = CliRunner().invoke(app, ["record", "accept", FIRST, "--reason", "disk"])
    assert result.exit_code == 1
    assert f"snapshot {FIRST} is there" in result.output

    shutil.rmtree(city.published_dir)
    assert len(alarms(city)) == 3
    kota("record", "accept", FIRST, SECOND, "--reason", "the disk of the volume broke")

    assert alarms(city) == []
    publish(city, SECOND)
    assert alarms(city) == []


def test_what_cannot_be_put_on_record_is_no_success(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    chain = chain_path(settings)
    chain.write_bytes(chain.read_bytes().replace(b'"kind":"extract"', b'"kind":"exploit"'))

    table = legacy.extract_table("requests")

    assert table.outcome == "failed"
    assert "could not be put on record (the last entry of the record was changed" in table.message


def test_the_command_prints_the_head_and_ends_with_one_when_something_is_wrong(
    city: Settings,
) -> None:
    head = next(newest_first(chain_path(city))).hash
    assert head in kota("verify", "--fast", "--head", head[:16])

    (city.published_dir / "current").unlink()
    result = CliRunner().invoke(app, ["verify", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert not told["is_whole"]
    assert told["head"]["hash"] == head
    assert told["found"][0]["sentence"].startswith("current: readers see nothing")
