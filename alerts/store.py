"""The incidents on disk: those that are open or not yet told to the end, and all former ones."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter

from alerts.incident import Incident
from kota.settings import Settings
from lake.lock import exclusive

OPEN = "open.json"
PAST = "past.jsonl"
PATIENCE_SECONDS = 60
_INCIDENTS = TypeAdapter(list[Incident])


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One process at a time follows incidents and sends. Raises ``BusyError``."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with exclusive(folder / ".lock", "telling of incidents", PATIENCE_SECONDS):
        yield


def unfinished(settings: Settings) -> list[Incident]:
    """The incidents that are open, or of which a message waits."""
    path = _folder(settings) / OPEN
    return _INCIDENTS.validate_json(path.read_bytes()) if path.exists() else []


def past(settings: Settings) -> list[Incident]:
    """The incidents that are over and told, oldest first."""
    path = _folder(settings) / PAST
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    known = {
        incident.number: incident
        for line in lines
        if line.endswith("}")  # not one that a full disk tore
        for incident in [Incident.model_validate_json(line)]
    }
    return list(known.values())


def save(settings: Settings, incidents: Sequence[Incident]) -> list[Incident]:
    """Write all in one step, and move those that are over and told to the past.

    A kill in between leaves one in both places, and it counts once. Returns what is unfinished.
    """
    done = [one for one in incidents if one.closed_at is not None and not one.waiting]
    left = [one for one in incidents if one not in done]
    if done:
        with (_folder(settings) / PAST).open("a", encoding="utf-8") as file:
            file.writelines(one.model_dump_json() + "\n" for one in done)
            file.flush()
            os.fsync(file.fileno())
    fresh = _folder(settings) / f".{OPEN}"
    with fresh.open("wb") as out:
        out.write(_INCIDENTS.dump_json(left, indent=2) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(_folder(settings) / OPEN)
    return left


def _folder(settings: Settings) -> Path:
    return settings.home / "alerts"
