"""One message when something breaks and one when it is over, to a real server, whatever happens."""

import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.store import past, unfinished
from alerts.tell import tell, tell_quietly
from alerts.trouble import clean
from connectors.extract import extract_app
from kota.cli import app as command
from lake.lock import exclusive
from tests.alerts.conftest import HookServer, StartMail
from tests.alerts.mail_server import PASSWORD, USER
from tests.connectors.legacy import REGISTRY, LegacyApp

pytestmark = pytest.mark.integration

OWNER, ENGINEER = "legacy@kota.example", "data@diskominfo.kota.example"


@pytest.fixture
def mail_to(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Point kota to a mail server."""

    def point(port: int, **others: str) -> None:
        given = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "plain", **others}
        for name, value in given.items():
            monkeypatch.setenv(f"KOTA_SMTP_{name}", value)

    return point


def break_it(legacy: LegacyApp) -> None:
    """Nights on which the app's database is not where it was."""
    away = legacy.database.rename(legacy.database.with_suffix(".away"))
    for _ in range(3):
        assert extract_app(legacy.app, legacy.settings).failed
        tell(legacy.settings)
    away.rename(legacy.database)


def test_an_incident_is_told_once_and_once_more_when_it_is_over(
    legacy: LegacyApp, mail_server: StartMail, mail_to: Callable[..., None]
) -> None:
    with mail_server() as server:
        mail_to(server.port)
        assert tell(legacy.settings).incidents == []
        break_it(legacy)
        (mail,) = server.mails
        legacy.extract()
        for _ in range(2):
            tell(legacy.settings)
        _, over = server.mails

    assert mail["Subject"] == "[kota] A legacy app: data tidak dapat dibaca"
    assert mail["X-Went-To"] == f"{OWNER}, {ENGINEER}"
    text = mail.get_content()
    assert f"Sejak: {datetime.now(UTC).astimezone().year}" not in text  # as people write a day
    assert " pukul " in text and " WIB" in text
    assert "- dasbor: tidak ada" in text
    assert "Yang perlu dilakukan: Periksa apakah aplikasi menyala" in text
    assert "kota extract legacy" in text
    assert "legacy: " in text.split("Rincian teknis:")[1]
    assert over["Subject"] == "[kota] SELESAI: A legacy app: data tidak dapat dibaca"
    assert "(berlangsung 0 menit)" in over.get_content()
    assert mail["Message-ID"] != over["Message-ID"]
    assert unfinished(legacy.settings) == []
    assert [one.kind for one in past(legacy.settings)] == ["extract_failed"]


def test_a_mail_server_that_is_down_loses_no_message_and_fails_no_run(
    legacy: LegacyApp, mail_server: StartMail, mail_to: Callable[..., None]
) -> None:
    with mail_server() as server:
        port = server.port
    mail_to(port)
    break_it(legacy)
    said = tell_quietly(legacy.settings)
    assert said is not None
    assert said.startswith(f"alerts: mail server 127.0.0.1:{port} did not take it (")
    assert said.endswith("messages that wait: 1")

    with mail_server(port=port) as server:
        assert tell_quietly(legacy.settings) == "alerts: messages sent: 1"
        assert tell_quietly(legacy.settings) is None
        assert len(server.mails) == 1
    legacy.extract()
    tell_quietly(legacy.settings)  # over while the server is down again
    with mail_server(port=port) as server:
        tell_quietly(legacy.settings)
        assert [mail["Subject"].startswith("[kota] SELESAI") for mail in server.mails] == [
            False,
            True,
        ]


def test_an_incident_that_was_over_before_it_could_be_told_is_one_message(
    legacy: LegacyApp, mail_server: StartMail, mail_to: Callable[..., None]
) -> None:
    with mail_server() as server:
        port = server.port
    mail_to(port)
    break_it(legacy)
    legacy.extract()
    tell(legacy.settings)

    with mail_server(port=port) as server:
        tell(legacy.settings)
        (mail,) = server.mails
    assert mail["Subject"].startswith("[kota] SELESAI: A legacy app")
    assert "Data aplikasi ini tidak dapat dibaca" in mail.get_content()


@pytest.mark.parametrize(("option", "security"), [("--tls", "starttls"), ("--wrapped", "tls")])
def test_mail_goes_encrypted_and_to_nobody_unknown(
    option: str,
    security: str,
    certificate: Path,
    mail_server: StartMail,
    mail_to: Callable[..., None],
    settings: object,  # noqa: ARG001
) -> None:
    account = {"USER": USER, "PASSWORD": PASSWORD} if option == "--tls" else {}
    with mail_server(option, str(certificate)) as server:
        mail_to(server.port, SECURITY=security, CA_FILE=str(certificate), **account)
        done = CliRunner().invoke(command, ["alerts", "test"])
        assert done.exit_code == 0, done.output
        (mail,) = server.mails
        assert mail["X-Went-To"] == ENGINEER

        mail_to(server.port, SECURITY=security, CA_FILE="", **account)
        unknown = CliRunner().invoke(command, ["alerts", "test"])
        assert unknown.exit_code == 1
        if account:
            mail_to(server.port, SECURITY=security, CA_FILE=str(certificate), PASSWORD="wrong")
            refused = CliRunner().invoke(command, ["alerts", "test"])
            assert "refused account kota" in refused.output
            assert "wrong" not in refused.output
        assert len(server.mails) == 1


def test_a_wrong_address_keeps_no_other_message_back(
    legacy: LegacyApp, mail_server: StartMail, mail_to: Callable[..., None]
) -> None:
    legacy.register(REGISTRY.replace("owner: legacy@", "owner: nobody@"))
    with mail_server() as server:
        mail_to(server.port)
        break_it(legacy)
        (mail,) = server.mails
    assert mail["X-Went-To"] == ENGINEER


def test_a_webhook_is_signed_and_asked_again(
    legacy: LegacyApp,
    hook_server: Callable[[int], AbstractContextManager[HookServer]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with hook_server(2) as server:
        monkeypatch.setenv("KOTA_WEBHOOK_URL", f"http://127.0.0.1:{server.port}/hook?token=s3cret")
        monkeypatch.setenv("KOTA_WEBHOOK_SECRET", "shared")
        break_it(legacy)
        (post,) = server.posts

    told = json.loads(post["body"])
    assert (told["event"], told["kind"], told["app"]) == ("opened", "extract_failed", "legacy")
    assert told["owner"] == OWNER
    moment, made = (part.split("=")[1] for part in post["headers"]["X-Kota-Signature"].split(","))
    expected = hmac.new(b"shared", f"{moment}.{post['body']}".encode(), hashlib.sha256)
    assert hmac.compare_digest(made, expected.hexdigest())
    assert post["headers"]["X-Kota-Delivery"] == f"{told['incident']}-opened"
    assert "s3cret" not in json.dumps(
        [one.model_dump_json() for one in unfinished(legacy.settings)]
    )


def test_what_is_wrong_with_an_app_is_told_by_its_kind(legacy: LegacyApp) -> None:
    soon = datetime.now(UTC) + timedelta(hours=30)
    legacy.register(
        REGISTRY.replace(
            "freshness_hours: 24", "freshness_hours: 24\nalert_quarantined_rows: 2"
        ).replace("nik: {personal", "nik: {pattern: '[0-9]{16}', personal")
    )
    legacy.run(
        "alter table kinds drop column name;"
        "insert into requests values (3, '12', '', 1, '2026-01-01', '2026-02-01 08:00:00'),"
        "(4, '081234567890', '', 1, '2026-01-01', '2026-02-01 08:00:00');"
    )
    legacy.extract()

    found = {one.kind: one.what for one in tell(legacy.settings, soon).incidents}
    assert set(found) == {"stale", "quarantine", "drift"}
    assert found["drift"] == ["legacy.kinds: column name is gone and reads as empty"]
    assert found["quarantine"] == ["legacy.requests: 2 by rule pattern"]
    assert "0812" not in str(found)


def test_a_candidate_that_failed_is_the_citys_incident(
    legacy: LegacyApp,
    make_candidate: Callable[..., object],
    mail_server: StartMail,
    mail_to: Callable[..., None],
) -> None:
    make_candidate(1, verdict="fail")
    with mail_server() as server:
        mail_to(server.port)
        tell(legacy.settings, is_night_over=False)  # the night may still hold an app back
        assert server.mails == []
        tell(legacy.settings)
        make_candidate(2, verdict=None)
        with exclusive(legacy.settings.candidates_dir / ".lock", "building"):
            tell(legacy.settings)
        tell(legacy.settings)
        assert len(server.mails) == 1  # what is not audited yet ends nothing
        make_candidate(3, verdict="pass")
        tell(legacy.settings)
        blocked, over = server.mails

    assert blocked["Subject"] == "[kota] Data kota: penerbitan terhenti"
    assert blocked["X-Went-To"] == ENGINEER
    (dashboards,) = [line for line in blocked.get_content().splitlines() if "- dasbor:" in line]
    assert "Ruang Kendali" in dashboards  # nothing new reaches any of them
    assert over["Subject"] == "[kota] SELESAI: Data kota: penerbitan terhenti"


def test_a_build_that_failed_is_told_by_the_names_of_its_models(legacy: LegacyApp) -> None:
    target = legacy.settings.candidates_dir / "20261122T080000Z" / "dbt"
    target.mkdir(parents=True)
    failed = {
        "unique_id": "model.kota.fct_complaints",
        "status": "error",
        "message": "could not convert 'Siti Aminah'",
    }
    (target / "run_results.json").write_text(json.dumps({"results": [failed]}), "utf-8")

    (incident,) = tell(legacy.settings).incidents
    assert (incident.kind, incident.what) == ("build_failed", ["dbt: fct_complaints"])
    assert incident.since == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "clear"),
    [
        ("can't connect mysql://reader:Hunter2@db/laksa", "can't connect mysql://db/laksa"),
        ("value 3671010101900001 of siti@mail.id", "value … of …"),
        ("call 0812-3456-7890 at 08:15, 1234 rows", "call … at 08:15, 1234 rows"),
        ("held since 2026-11-22 05:30 UTC", "held since 2026-11-22 05:30 UTC"),
    ],
)
def test_no_secret_and_nobodys_number_gets_into_a_message(said: str, clear: str) -> None:
    assert clean(said) == clear
