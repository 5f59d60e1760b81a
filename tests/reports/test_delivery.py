"""Reports brought to people: by a real mail server and a real browser, and dashboards kept warm."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from pathlib import Path
from socket import create_connection, socket
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from delivery.morning import send_morning_reports
from delivery.warm import warm
from kota.cli import app as command
from kota.settings import PROJECT_ROOT
from reports.client import ReportsError
from tests.reports.conftest import ACCOUNTS, StandaloneCity
from tests.reports.dashboards import signed_in
from tests.reports.warehouse import republish

pytestmark = pytest.mark.integration

LONGEST = 20
OPEN_OF_DLH_AND_OF_OTHERS = """
    select list(request_number) filter (where department_code = 'dlh'),
        list(request_number) filter (where department_code <> 'dlh')
    from marts.fct_service_requests where is_open
"""


@pytest.fixture
def mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A mail server on loopback; the folder that it keeps messages in."""
    folder = tmp_path / "mails"
    folder.mkdir()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.alerts.mail_server", str(port), str(folder)],
        cwd=PROJECT_ROOT,
    )
    monkeypatch.setenv("KOTA_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("KOTA_SMTP_PORT", str(port))
    monkeypatch.setenv("KOTA_SMTP_SECURITY", "plain")
    for _ in range(100):
        try:
            create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield folder
    server.terminate()
    server.wait(timeout=10)


def test_the_morning_report_goes_to_those_who_decide_and_once(
    city: StandaloneCity, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = {
        "leader": "leader@kota.example",
        "official": "dlh@kota.example",
        "auditor": "auditor@kota.example",
    }
    accounts = [
        {**account, "email": addresses[account["username"]]}
        if account["username"] in addresses
        else account
        for account in ACCOUNTS
    ]
    monkeypatch.setenv("KOTA_SUPERSET_USERS", json.dumps(accounts))

    delivered = send_morning_reports(city.settings, city.superset_url)

    assert delivered.problems == []
    assert delivered.sent == ["leader", "official"]
    received = [_read(path) for path in sorted(mails.glob("*.eml"))]
    assert [mail["X-Went-To"] for mail in received] == ["leader@kota.example", "dlh@kota.example"]
    for mail, name in zip(received, ("ruang-kendali.pdf", "laporan-pagi.pdf"), strict=True):
        assert str(mail["Subject"]).startswith("[kota] Laporan pagi Kota Tangerang, ")
        [report] = mail.iter_attachments()
        assert report.get_filename() == name
        content: Any = report.get_content()
        assert len(content) > 20_000
    printed = _printed(content)
    with duckdb.connect(str(city.published_db), read_only=True) as connection:
        [(own, of_others)] = connection.execute(OPEN_OF_DLH_AND_OF_OTHERS).fetchall()
    longest = {number for number in own + of_others if number in printed}
    assert len(longest) == LONGEST
    assert longest <= set(own)
    assert f"\n{len(own)}\n" in printed
    assert send_morning_reports(city.settings, city.superset_url).sent == []


def test_a_report_is_looked_at_before_it_is_sent(
    city: StandaloneCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_SUPERSET_URL", city.superset_url)
    to = ["--to", str(tmp_path)]
    refused = CliRunner().invoke(command, ["reports", "preview", "auditor", *to])
    assert (refused.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "names no morning_report for Auditor" in refused.stderr
    written = CliRunner().invoke(command, ["reports", "preview", "official", "--json", *to])
    assert written.exit_code == 0, written.stderr
    path = tmp_path / "official-laporan-pagi.pdf"
    assert json.loads(written.stdout) == {"file": str(path), "bytes": path.stat().st_size}
    assert "Dua puluh yang menunggu terlama" in _printed(path.read_bytes())


def test_one_who_cannot_sign_in_keeps_nobody_waiting(
    city: StandaloneCity, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = {"username": "x", "password": "very-secret", "role": "Official", "email": "x@y.z"}
    monkeypatch.setenv("KOTA_SUPERSET_USERS", json.dumps([stranger]))
    delivered = send_morning_reports(city.settings, city.superset_url)
    assert delivered.problems == [f"x: x can't sign in to Superset at {city.superset_url}"]
    assert not list(mails.glob("*.eml"))
    monkeypatch.setenv("KOTA_SMTP_HOST", "")
    with pytest.raises(ReportsError, match="KOTA_SMTP_HOST"):
        send_morning_reports(city.settings, city.superset_url)


def test_after_a_publish_dashboards_are_warm_and_show_the_new_snapshot(
    city: StandaloneCity,
) -> None:
    republish(city.settings.published_dir, "release-2")
    warmed = warm(city.superset_url, ["layanan-terpadu"])
    assert warmed.problems == []
    assert warmed.dashboards == ["layanan-terpadu"]

    with signed_in(city.superset_url, city.leader_user, city.leader_password) as page:
        answers: list[Any] = []
        page.on(
            "response",
            lambda response: answers.append(response) if "chart/data" in response.url else None,
        )
        page.set_viewport_size({"width": 1400, "height": 4000})
        page.goto(f"{city.superset_url}/superset/dashboard/layanan-terpadu/?standalone=1")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3_000)
        cached = [answer.json()["result"][0]["is_cached"] for answer in answers]
        assert len(cached) >= 10
        assert all(cached), cached


def _printed(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def _read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)  # type: ignore[arg-type]
    assert isinstance(message, EmailMessage)
    return message
