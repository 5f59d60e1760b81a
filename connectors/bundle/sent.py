"""The village's record: what each bundle held, and which one the city has acknowledged.

Files in ``KOTA_HOME/bundles/sent/<app>``. Losing them costs bandwidth and nothing else: the next
bundle then holds everything.
"""

import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from connectors.bundle.place import Place
from kota.settings import Settings


class Sent(BaseModel):
    """One bundle that was made."""

    number: int
    id: str
    made_at: datetime
    after: int = 0
    """It holds what came after this bundle; 0: everything."""
    places: dict[str, Place]
    """How far it goes, by table."""
    quarantine: int | None = None
    """The Delta version of the quarantine it goes to."""
    rows: int
    size: int
    chunks_per_part: int
    files: list[str]


class Acknowledged(BaseModel):
    """The last word of the city."""

    number: int = 0
    id: str = ""
    issued_at: int = 0
    """Milliseconds, by the city's clock."""


class SentBundles:
    """The record for one app."""

    def __init__(self, settings: Settings, app: str) -> None:
        self.folder = settings.home / "bundles" / "sent" / app

    def all(self) -> list[Sent]:
        """Every bundle that was made, oldest first."""
        paths = sorted(self.folder.glob("[0-9]*.json"))
        return [Sent.model_validate_json(path.read_text("utf-8")) for path in paths]

    def find(self, number: int, identifier: str) -> Sent | None:
        """The bundle of this number and id."""
        path = self.folder / f"{number:06}.json"
        if not path.exists():
            return None
        sent = Sent.model_validate_json(path.read_text("utf-8"))
        return sent if sent.id == identifier else None

    def add(self, sent: Sent) -> None:
        """Record a bundle that was made."""
        write_whole(self.folder / f"{sent.number:06}.json", sent.model_dump_json())

    def acknowledged(self) -> Acknowledged:
        """What the newest receipt said."""
        path = self.folder / "acknowledged.json"
        if not path.exists():
            return Acknowledged()
        return Acknowledged.model_validate_json(path.read_text("utf-8"))

    def acknowledge(self, said: Acknowledged) -> None:
        """Remember a receipt."""
        write_whole(self.folder / "acknowledged.json", said.model_dump_json())


def write_whole(path: Path, text: str) -> None:
    """Write a small file in one step: it is there whole, or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.half")
    with half.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
