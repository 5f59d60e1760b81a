"""An app whose files lie somewhere, and what one run after another finds there."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.connection import find_connection
from connectors.files.arrival import Arrivals
from connectors.files.places import Place, open_place
from connectors.registry import App
from kota.settings import Settings
from tests.connectors.files.servers import ftp_server

HOUR = 3600.0
TABLE = {
    "key": ["id"],
    "mode": "snapshot",
    "columns": {"id": {"type": "BIGINT"}, "price": {"type": "BIGINT"}},
}
APP = App.model_validate(
    {
        "app": "pasar",
        "name": "Pasar",
        "description": "Prices that a department drops as files",
        "department": "disperindag",
        "owner": "data@example.go.id",
        "tier": 2,
        "connection": "pasar",
        "timezone": "Asia/Jakarta",
        "schedule": "0 5 * * *",
        "freshness_hours": 24,
        "tables": {
            "prices": {**TABLE, "files": {"pattern": "*.csv", "content": "complete"}},
            "zipped_prices": {
                **TABLE,
                "files": {"pattern": "*.zip!**/*.csv", "content": "complete"},
            },
        },
    }
)


@dataclass(frozen=True)
class Found:
    """What one run found."""

    files: list[tuple[str, str, bytes]]
    """Name, kind and content of what there was to read."""
    notes: list[str]
    after: str

    @property
    def names(self) -> list[str]:
        """Names only."""
        return [name for name, _, _ in self.files]


class Drop:
    """A place by its URI; ``folder`` is where tests put files into it."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        uri: str | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.uri = uri or f"file://{folder}"

    def put(self, name: str, content: bytes | str, age: float = HOUR) -> Path:
        """A file that was last written ``age`` seconds ago."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.touch(name, age)
        return path

    def touch(self, name: str, age: float = HOUR) -> None:
        """Make a file this old."""
        then = time.time() - age
        os.utime(self.folder / name, (then, then))

    @contextlib.contextmanager
    def served_by_ftp(self, **options: str | int) -> Iterator[None]:
        """Lead the connection to an FTP server on the folder; options are the server's."""
        with ftp_server(self.folder, **options) as uri:
            self.uri = uri
            yield

    def opened(self) -> Place:
        """A session with the place, to be used in a with block."""
        self.monkeypatch.setenv("KOTA_CONN_PASAR", self.uri)
        return open_place(APP, find_connection(APP.connection), self.settings)

    def find(
        self, pattern: str = "**/*.csv", since: str | None = None, settle: int = 60, **more: Any
    ) -> Found:
        """One run. Raises ``SourceError``."""
        with self.opened() as place:
            arrivals = Arrivals(place, pattern, settle, since, **more)
            files: list[tuple[str, str, bytes]] = [
                (a.file.name, a.kind, a.path.read_bytes()) for a in arrivals.pending()
            ]
            return Found(files, arrivals.notes(), arrivals.place_after())
