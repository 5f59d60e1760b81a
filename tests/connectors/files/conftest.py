"""A drop folder on this machine and on real servers, and what one run finds in it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.files import download
from kota.settings import Settings
from tests.connectors.files.bucket import Bucket, aws
from tests.connectors.files.drop import Drop
from tests.connectors.files.servers import SshServer, s3_server, ssh_server


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken line is tried again at once."""
    monkeypatch.setattr(download, "PAUSES_SECONDS", (0.0, 0.0, 0.0, 0.0))


@pytest.fixture
def drop(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """An empty drop folder of this machine."""
    folder = tmp_path / "drop"
    folder.mkdir()
    return Drop(settings, folder, monkeypatch)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """An SFTP server."""
    with ssh_server(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def sftp(sshd: SshServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Drop:
    """An empty folder on the SFTP server."""
    folder = sshd.folder / f"drop{time.monotonic_ns()}"
    folder.mkdir()
    uri = sshd.uri().replace(str(sshd.folder), str(folder))
    return Drop(settings, folder, monkeypatch, uri)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """An S3 server; its port."""
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        yield port


@pytest.fixture
def bucket(s3: int) -> Bucket:
    """An empty bucket on the S3 server."""
    client = aws("s3", s3)
    name = f"bucket{time.monotonic_ns()}"
    client.create_bucket(Bucket=name)
    return Bucket(s3, client, name)
