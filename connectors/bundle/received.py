"""The city's record: the newest bundle of an app that has landed whole. Receipts are made of it.

What has landed of each table stands in the lake's own ledger; this file only speeds up the village.
"""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from connectors.bundle.manifest import Manifest
from connectors.bundle.sent import write_whole
from kota.settings import Settings


class LastReceived(BaseModel):
    """A bundle; number 0 asks the village to send everything."""

    number: int
    id: str = ""
    made_at: datetime
    received_at: datetime


def last_received(settings: Settings, app: str) -> LastReceived | None:
    """The newest bundle that has landed; None before the first."""
    path = _path(settings, app)
    return LastReceived.model_validate_json(path.read_text("utf-8")) if path.exists() else None


def record_received(settings: Settings, manifest: Manifest, now: datetime) -> None:
    """Remember a bundle, unless a newer one has landed before it."""
    last = last_received(settings, manifest.app)
    if last is None or last.number == 0 or last.made_at <= manifest.made_at:
        _write(settings, manifest, manifest.number, now)


def record_gap(settings: Settings, manifest: Manifest, now: datetime) -> None:
    """Ask for everything: the city has lost what the village takes for granted."""
    _write(settings, manifest, 0, now)


def _write(settings: Settings, manifest: Manifest, number: int, now: datetime) -> None:
    said = LastReceived(
        number=number,
        id=manifest.id if number else "",
        made_at=manifest.made_at,
        received_at=now,
    )
    write_whole(_path(settings, manifest.app), said.model_dump_json())


def _path(settings: Settings, app: str) -> Path:
    return settings.home / "bundles" / "received" / f"{app}.json"
