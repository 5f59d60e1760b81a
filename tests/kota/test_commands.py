"""What an operator sees: one sentence an error, exit codes, JSON for programs."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from kota.cli import app
from kota.settings import Settings
from tests.connectors.legacy import REGISTRY, LegacyApp


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """One registered app in a SQLite file."""
    return LegacyApp(settings, tmp_path, monkeypatch)


def test_the_registry_as_json_has_what_the_files_say(legacy: LegacyApp) -> None:
    listed = CliRunner().invoke(app, ["sources", "list", "--json"])

    assert listed.exit_code == 0
    (entry,) = json.loads(listed.stdout)
    assert entry == legacy.app.model_dump(mode="json", by_alias=True)


def test_an_extraction_tells_each_table(legacy: LegacyApp) -> None:
    extracted = CliRunner().invoke(app, ["extract", legacy.app.app, "--json"])

    assert extracted.exit_code == 0
    (result,) = json.loads(extracted.stdout)
    assert {table["table"]: table["rows_landed"] for table in result["tables"]} == {
        "requests": 2,
        "kinds": 2,
    }
    again = CliRunner().invoke(app, ["extract"])
    assert "legacy: no change at the source, nothing landed" in again.stdout


def test_an_unknown_app_is_told_with_those_that_are_known(legacy: LegacyApp) -> None:
    done = CliRunner().invoke(app, ["extract", "laksa", "legacy"])

    assert done.exit_code == 1
    assert done.stderr == f"✗ no app laksa; registered are {legacy.app.app}\n"


def test_a_wrong_registry_file_ends_every_command_with_its_sentence(legacy: LegacyApp) -> None:
    legacy.register(REGISTRY.replace("tier: 3", "tier: 9"))

    for command in (["run"], ["extract"], ["status"], ["build"], ["sources", "check"]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 1
        assert "legacy.yml: tier: Input should be less than or equal to 3" in done.stderr


@pytest.mark.usefixtures("legacy")
def test_a_connection_that_is_not_set_is_told_with_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KOTA_CONN_LEGACY")
    for command in (["extract"], ["sources", "check"]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 1
        assert len(done.stderr.splitlines()) == 1
        assert "put its URI in KOTA_CONN_LEGACY" in done.stderr


def test_a_first_run_that_cannot_read_an_app_says_why(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_LEGACY", f"sqlite:///{legacy.database}.gone")
    done = CliRunner().invoke(app, ["run", "--json"])

    assert done.exit_code == 1
    reason, consequence = done.stderr.splitlines()
    assert "legacy: can't connect to its SQLite database: there is no file" in reason
    assert "never loaded: legacy.requests, legacy.kinds" in consequence


def test_steps_that_have_nothing_to_work_on_say_what_to_do_first(legacy: LegacyApp) -> None:
    expected = {
        "build": "run `kota extract legacy` first",
        "audit": "run `kota build` first",
        "publish": "run `kota build` first",
        "publish --rollback": "there is no snapshot before the current one",
    }
    assert not legacy.settings.home.exists()
    for command, sentence in expected.items():
        done = CliRunner().invoke(app, command.split())
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.stderr
        assert sentence in done.stderr


def test_status_before_anything_ran(legacy: LegacyApp) -> None:
    done = CliRunner().invoke(app, ["status", "--json"])

    assert done.exit_code == 0
    status = json.loads(done.stdout)
    assert status["published"] is None
    assert [(entry["app"], entry["is_fresh"], entry["rows"]) for entry in status["apps"]] == [
        (legacy.app.app, False, 0)
    ]


def test_a_failed_run_leaves_the_time_of_the_last_success(
    legacy: LegacyApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    legacy.extract()
    monkeypatch.setenv("KOTA_CONN_LEGACY", "gopher://nowhere")
    CliRunner().invoke(app, ["extract"])
    done = CliRunner().invoke(app, ["status", "--json"])

    (entry,) = json.loads(done.stdout)["apps"]
    assert entry["is_fresh"] is True
    assert entry["rows"] == 4
    assert "legacy: no reader for 'gopher'" in entry["last_run"]


@pytest.mark.usefixtures("legacy")
def test_misuse_exits_with_2() -> None:
    for command in (["nonsense"], ["run", "--nonsense"], ["sources", "nonsense"]):
        assert CliRunner().invoke(app, command).exit_code == 2


def test_one_kept_snapshot_is_too_few_to_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTA_KEEP_SNAPSHOTS", "1")
    with pytest.raises(ValidationError, match="keep_snapshots"):
        Settings()
