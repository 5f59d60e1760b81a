"""Servers that take messages, as real processes, and an app that can break."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from socket import create_connection
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from demo.ports import Ports
from kota.settings import PROJECT_ROOT, Settings
from tests.connectors.legacy import LegacyApp
from tests.warehouse.conftest import make_candidate as make_candidate


@dataclass(frozen=True)
class MailServer:
    """A mail server and what it has taken."""

    port: int
    folder: Path

    @property
    def mails(self) -> list[EmailMessage]:
        """All messages, the first one first."""
        paths = sorted(self.folder.glob("*.eml"))
        return [message_from_bytes(path.read_bytes(), policy=default) for path in paths]  # type: ignore[arg-type]


@dataclass(frozen=True)
class HookServer:
    """A receiver of webhooks and what it has taken."""

    port: int
    folder: Path

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Headers and body of each."""
        return [json.loads(path.read_text("utf-8")) for path in sorted(self.folder.glob("*.json"))]


StartMail = Callable[..., AbstractContextManager[MailServer]]


@pytest.fixture
def mail_server(tmp_path: Path) -> StartMail:
    """Start one; again on the same port and folder, if wanted."""

    @contextmanager
    def start(*options: str, port: int | None = None) -> Iterator[MailServer]:
        folder = tmp_path / "mails"
        folder.mkdir(exist_ok=True)
        port = port or Ports.free().segar
        with _process("tests.alerts.mail_server", port, str(folder), *options):
            yield MailServer(port, folder)

    return start


@pytest.fixture
def hook_server(tmp_path: Path) -> Callable[[int], AbstractContextManager[HookServer]]:
    """Start one that is busy the first so many times."""

    @contextmanager
    def start(failures: int) -> Iterator[HookServer]:
        folder = tmp_path / "posts"
        folder.mkdir()
        port = Ports.free().segar
        with _process("tests.alerts.hook_server", port, str(folder), str(failures)):
            yield HookServer(port, folder)

    return start


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key with its certificate for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.kota.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return path


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """A small app, read once."""
    legacy = LegacyApp(settings, tmp_path, monkeypatch)
    legacy.extract()
    return legacy


@contextmanager
def _process(module: str, port: int, *arguments: str) -> Iterator[None]:
    command = [sys.executable, "-m", module, str(port), *arguments]
    with subprocess.Popen(command, cwd=PROJECT_ROOT) as process:
        try:
            _wait(port, process)
            yield
        finally:
            process.kill()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")
