"""Files that lie on a server are drafted as those of a folder, and taken in as drafted."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import Settings
from tests.connectors.files.bucket import Bucket, aws
from tests.connectors.files.servers import ftp_server, s3_server, ssh_server

pytestmark = pytest.mark.integration

HOUR = 3600.0
Put = Callable[[str, str], None]
"""Lay a file of that name and text in the drop."""


@contextmanager
def on_ftp(folder: Path) -> Iterator[tuple[str, Put]]:
    """pyftpdlib."""
    drop = folder / "drop"
    drop.mkdir()
    with ftp_server(drop) as uri:
        yield uri, lambda name, text: _write(drop / name, text)


@contextmanager
def on_sftp(folder: Path) -> Iterator[tuple[str, Put]]:
    """OpenSSH."""
    with ssh_server(folder) as server:
        yield server.uri(), lambda name, text: _write(server.folder / name, text)


@contextmanager
def on_s3(folder: Path) -> Iterator[tuple[str, Put]]:
    """moto."""
    with s3_server(folder) as port:
        bucket = Bucket(port, aws("s3", port), "dinas")
        bucket.client.create_bucket(Bucket=bucket.name)
        yield bucket.uri(), lambda name, text: bucket.put(name, text.encode())


@pytest.mark.parametrize("server", [on_ftp, on_sftp, on_s3])
def test_a_drop_on_a_server_is_drafted_and_taken_in(
    server: Callable[[Path], AbstractContextManager[tuple[str, Put]]],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server(tmp_path) as (uri, put):
        for month in ("oktober", "november"):
            rows = "".join(f"{n};{n},5\n" for n in range(150))
            put(f"Pajak {month} 2026.CSV", f"id;nilai\n{rows}")
        done = CliRunner().invoke(command, ["sources", "discover", uri, "--app", "pajak"])
        assert done.exit_code == 0, done.output
        scheme = uri.partition("://")[0]
        assert f"KOTA_CONN_PAJAK='{scheme}://" in done.output
        assert ":***@" in done.output

        app = load_app(settings.apps_dir / "pajak.yml")
        (table,) = app.tables.values()
        assert table.files is not None
        assert (table.files.pattern, table.files.content) == ("Pajak *.CSV", "complete")
        assert (table.key, table.columns["nilai"].decimal) == (["id"], ",")

        monkeypatch.setenv("KOTA_CONN_PAJAK", uri)
        result = extract_app(app, settings)
        assert [(each.outcome, each.source_rows) for each in result.tables] == [("landed", 150)]


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    then = time.time() - HOUR
    os.utime(path, (then, then))
