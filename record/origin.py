"""What was there when the record began: nothing in a new home, years of work in an old one."""

import hashlib
import json
from pathlib import Path
from typing import Any

from kota.settings import Settings
from record.pins import pin, pin_erasures, tables_there


def what_is_there(settings: Settings) -> dict[str, Any]:
    """The payload of the first entry: every table, candidate and snapshot, as it is found.

    A snapshot's manifest names the hashes of its file and tables.
    """
    link = settings.published_dir / "current"
    return {
        "tables": {name: pin(settings, name) for name in tables_there(settings)},
        "erasures": pin_erasures(settings),
        "candidates": {
            path.parent.name: _candidate(path.parent)
            for path in sorted(settings.candidates_dir.glob("*/manifest.json"))
        },
        "snapshots": {
            path.parent.name: file_hash(path)
            for path in sorted(settings.published_dir.glob("*/manifest.json"))
            if path.parent.name != link.name
        },
        "current": link.readlink().name if link.is_symlink() else None,
    }


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _candidate(folder: Path) -> dict[str, Any]:
    files = {
        name: file_hash(folder / name)
        for name in ("manifest.json", "verdict.json", "checks.jsonl")
        if (folder / name).exists()
    }
    told: dict[str, Any] = {"files": files}
    if "verdict.json" in files:
        verdict = json.loads((folder / "verdict.json").read_text("utf-8"))
        told |= {"status": verdict.get("status"), "sha256": verdict.get("sha256")}
    return told
