"""kota reads SIAK's weekly export from the demo's SFTP server, whole and without a complaint."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import paramiko
import pytest

from connectors.extract import extract_app
from connectors.registry import load_app
from demo.city import City
from demo.host_key import load_or_create_host_key, write_known_hosts
from demo.ports import HOST
from demo.sftp_server import SftpService, SftpSettings
from demo.siak import siak_tables
from demo.siak_files import siak_files
from demo.spec import TIMEZONE
from kota.settings import PROJECT_ROOT, Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Server:
    """The running server and what it serves."""

    folder: Path
    port: int
    known_hosts: Path

    @property
    def uri(self) -> str:
        return f"sftp://kota:secret@{HOST}:{self.port}/siak?known_hosts={self.known_hosts}"

    def drop(self, city: City, day: date) -> None:
        """Let the folder hold what lies there on the morning of a day."""
        (self.folder / "siak").mkdir(exist_ok=True)
        for old in (self.folder / "siak").iterdir():
            old.unlink()
        for file in siak_files(city.population, day):
            path = self.folder / "siak" / file.path
            path.write_bytes(file.content())
            local = datetime(1970, 1, 1, tzinfo=TIMEZONE) + timedelta(seconds=file.modified)
            os.utime(path, (local.timestamp(),) * 2)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An SFTP server of the demo."""
    folder = tmp_path_factory.mktemp("sftp")
    key = load_or_create_host_key(folder / "host_key")
    (folder / "root").mkdir()
    settings = SftpSettings(username="kota", password="secret")
    service = SftpService(folder / "root", key, settings, port=0)
    write_known_hosts(folder / "known_hosts", HOST, service.port, key)
    thread = threading.Thread(target=service.serve)
    thread.start()
    yield Server(folder / "root", service.port, folder / "known_hosts")
    service.close()
    thread.join(10)
    assert load_or_create_host_key(folder / "host_key").get_base64() == key.get_base64()


def test_the_register_lands_whole_and_a_week_later_only_what_changed(
    server: Server, city: City, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTA_CONN_SIAK", server.uri)
    app = load_app(PROJECT_ROOT / "connectors" / "apps" / "siak.yml")
    for day in (city.spec.opened, city.spec.opened + timedelta(days=7)):
        server.drop(city, day)
        result = extract_app(app, settings)
        assert not result.failed, result.sentence()
        for table in siak_tables(city.population, day):
            lake = LakeTable(settings.lake_dir, "siak", table.name)
            assert Quarantine(settings.lake_dir, "siak").open_entries(table.name) == []
            key = ", '/', ".join(app.tables[table.name].key)
            with connect(settings) as con:
                state = lake.current(app.tables[table.name].key)
                rows = con.execute(f"select replace(concat({key}), '''', '') from ({state})")
                landed = [row[0] for row in rows.fetchall()]
            assert sorted(landed) == sorted(k.replace("'", "") for k in table.keys(table.ids))
    assert extract_app(app, settings).sentence()


def test_the_server_lets_nobody_write_or_leave_its_folder(server: Server, tmp_path: Path) -> None:
    (server.folder / "a.txt").write_text("a")
    (tmp_path / "secret.txt").write_text("secret")
    (server.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with paramiko.SSHClient() as client:
        client.load_host_keys(str(server.known_hosts))
        with pytest.raises(paramiko.AuthenticationException):
            client.connect(HOST, server.port, "kota", "wrong", allow_agent=False)
        client.connect(HOST, server.port, "kota", "secret", allow_agent=False, look_for_keys=False)
        sftp = client.open_sftp()
        assert "a.txt" in sftp.listdir("/")
        assert "link.txt" not in sftp.listdir("/")
        assert sftp.open("/../a.txt").read() == b"a"
        for path in ("/link.txt", "/../../etc/hostname"):
            with pytest.raises(OSError):
                sftp.open(path)
        for change in (
            lambda: sftp.open("/a.txt", "w"),
            lambda: sftp.remove("/a.txt"),
            lambda: sftp.mkdir("/new"),
            lambda: sftp.rename("/a.txt", "/b.txt"),
            lambda: sftp.chmod("/a.txt", 0o777),
        ):
            with pytest.raises(OSError):
                change()
    assert sorted(path.name for path in server.folder.iterdir() if path.is_file()) == [
        "a.txt",
        "link.txt",
    ]
    assert (server.folder / "a.txt").read_text() == "a"
