"""Something that is wrong now, as the state of lake, warehouse and run journal shows it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "extract_failed",
    "held",
    "stale",
    "quarantine",
    "drift",
    "build_failed",
    "publish_blocked",
    "audit_warned",
    "above_limit",
    "record_broken",
]

# What may stand in an error of a database or in a file's name, and must not stand in a mail.
_SECRETS = (
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…"),
    (re.compile(r"\d{9,}"), "…"),
    (re.compile(r"\b\d{4}([ .-]\d{4}){3}\b"), "…"),
    (re.compile(r"(\+62|\b62|\b0)[ .-]?8\d{1,2}([ .-]?\d{2,5}){2,3}\b"), "…"),
)


@dataclass(frozen=True)
class Trouble:
    """One thing that somebody has to do something about."""

    kind: Kind
    app: str | None
    """None where it is the whole city's."""
    since: datetime
    what: list[str] = field(default_factory=list)
    """Sentences for the one who repairs it, without a value of any row."""
    marts: list[str] = field(default_factory=list)
    """The marts it is about, where it is not all that are made of the app."""

    area_code: str | None = None
    """The area that it is about, and no other."""
    area_name: str | None = None

    @property
    def key(self) -> str:
        """The same trouble has the same one in the next run, whatever its numbers."""
        return f"{self.kind}:{self.app or self.area_code or 'kota'}"


def clean(sentence: str) -> str:
    """A sentence without accounts, e-mail addresses and long numbers (NIK, telephone)."""
    for pattern, instead in _SECRETS:
        sentence = pattern.sub(instead, sentence)
    return " ".join(sentence.split())
