"""What readers saw when: one line for each publication, each way back, each file forgotten."""

import os
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kota.settings import Settings

FILE_NAME = "publications.jsonl"
Event = Literal["published", "rolled_back", "forgotten"]


class Noted(BaseModel):
    """One line: what happened to a snapshot."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    event: Event
    id: str
    before: str | None = None
    """The snapshot that readers saw until then, where they see another one since."""


def note(settings: Settings, event: Event, snapshot_id: str, before: str | None = None) -> None:
    """Append a line; the caller holds the lock of publishing."""
    line = Noted(at=datetime.now(UTC), event=event, id=snapshot_id, before=before)
    path = settings.published_dir / FILE_NAME
    is_torn = path.exists() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" * is_torn + line.model_dump_json(exclude_none=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def publications(settings: Settings) -> list[Noted]:
    """All lines, oldest first; one that a kill tore is passed over."""
    path = settings.published_dir / FILE_NAME
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [Noted.model_validate_json(line) for line in lines if line.endswith("}")]
