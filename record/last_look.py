"""The last `kota verify --keep`: what alerts tell of, and the head that the next one asks for."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from kota.settings import Settings
from record.findings import Findings
from record.verify import Verification


class Look(BaseModel):
    """Its outcome."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    alarms: list[str]
    """A sentence for each thing that was changed or removed."""
    broken_since: datetime | None
    """The first look in a row that found something."""
    head: str | None
    """The newest hash of the chain; of a chain that was cut off, the last that was whole."""


def last_look(settings: Settings) -> Look | None:
    """None before the first one."""
    path = _path(settings)
    return Look.model_validate_json(path.read_bytes()) if path.exists() else None


def keep_look(settings: Settings, done: Verification) -> Look:
    """Remember the outcome."""
    before, now = last_look(settings), datetime.now(UTC)
    alarms = [finding.sentence for finding in done.findings.alarms]
    since = (before.broken_since if before else None) or now
    head = done.head.hash if done.head else None
    if alarms and before and before.head:
        head = before.head
    look = Look(at=now, alarms=alarms, broken_since=since if alarms else None, head=head)
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    beside.write_text(look.model_dump_json(indent=2) + "\n", "utf-8")
    beside.replace(path)
    return look


def known_heads(settings: Settings) -> list[str]:
    """The head of the last look: it has to be in the chain still."""
    look = last_look(settings)
    return [look.head] if look and look.head else []


def sentence(look: Look, findings: Findings) -> str:
    """For a run's log, which is kept elsewhere and so remembers the head."""
    looked = f"{findings.files:,} files of the lake, {findings.snapshots:,} snapshots"
    said = f"{len(look.alarms)} alarms" if look.alarms else "nothing was changed or removed"
    return f"record: {said} ({looked}); the head is {look.head}"


def _path(settings: Settings) -> Path:
    return settings.audit_dir / "last_look.json"
