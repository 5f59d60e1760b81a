"""Files that lie on a server are drafted as those of a folder."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import Settings
from tests.connectors.files.servers import ftp_server

pytestmark = pytest.mark.integration


def test_a_drop_on_an_ftp_server_is_drafted(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    for month in ("oktober", "november"):
        rows = "".join(f"{n};{n},5\n" for n in range(150))
        (folder / f"Pajak {month} 2026.CSV").write_text(f"id;nilai\n{rows}", "utf-8")
    with ftp_server(folder) as uri:
        given = ["sources", "discover", uri, "--app", "pajak"]
        done = CliRunner().invoke(command, given)
    assert done.exit_code == 0, done.output
    assert "KOTA_CONN_PAJAK='ftp://" in done.output
    assert ":***@" in done.output

    (table,) = load_app(settings.apps_dir / "pajak.yml").tables.values()
    assert table.files is not None
    assert (table.files.pattern, table.files.content) == ("Pajak *.CSV", "complete")
    assert (table.key, table.columns["nilai"].decimal) == (["id"], ",")
