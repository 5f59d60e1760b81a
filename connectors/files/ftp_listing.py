"""Read what FTP servers list: MLSD, which is exact, and LIST, which was meant for people.

LIST gives the time to the minute for some months and then to the day, in a zone that it does not
name; such times are marked as not exact.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_UNIX = re.compile(
    r"(?P<kind>[-dlbcps])\S{9,10}\s+\d+\s+\S+\s+(?:\S+\s+)??(?P<size>\d+)\s+"
    r"(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?P<when>\d{1,2}:\d\d|\d{4}) (?P<name>.+)"
)
_DOS = re.compile(
    r"(?P<date>\d\d-\d\d-\d\d(?:\d\d)?)\s+(?P<time>\d\d:\d\d(?:[AP]M)?)\s+"
    r"(?P<size><DIR>|\d+)\s(?:\s*)(?P<name>.+)"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True)
class Entry:
    """A line of a listing."""

    name: str
    is_folder: bool
    size: int | None
    modified: datetime | None
    is_exact: bool


def from_mlsd(lines: list[str]) -> list[Entry]:
    """Folders and files; links are left out, since MLSD does not say where they lead."""
    entries = []
    for line in lines:
        stated, _, name = line.partition(" ")
        facts = dict(fact.lower().partition("=")[::2] for fact in stated.split(";") if fact)
        size = facts.get("size", "")
        if facts.get("type") in ("file", "dir"):
            entries.append(
                Entry(
                    name,
                    facts["type"] == "dir",
                    int(size) if size.isdigit() else None,
                    time_of(facts.get("modify", "")),
                    is_exact=True,
                )
            )
    return entries


def from_list(lines: list[str], now: datetime | None = None) -> list[Entry]:
    """Folders and files of a listing in the manner of Unix or of DOS; other lines are left out."""
    now = now or datetime.now(UTC)
    entries = []
    for line in lines:
        if (unix := _UNIX.fullmatch(line)) and unix["kind"] in "-d":
            entries.append(
                Entry(
                    unix["name"],
                    unix["kind"] == "d",
                    int(unix["size"]),
                    _unix_time(unix["month"], int(unix["day"]), unix["when"], now),
                    is_exact=False,
                )
            )
        elif dos := _DOS.fullmatch(line):
            is_folder = dos["size"] == "<DIR>"
            entries.append(
                Entry(
                    dos["name"],
                    is_folder,
                    None if is_folder else int(dos["size"]),
                    _dos_time(dos["date"], dos["time"]),
                    is_exact=False,
                )
            )
    return [entry for entry in entries if entry.name not in (".", "..")]


def time_of(text: str) -> datetime | None:
    """The time of MLSD and MDTM: ``20240131235959`` in UTC, perhaps with a fraction."""
    try:
        return datetime.strptime(text.strip()[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _unix_time(month: str, day: int, when: str, now: datetime) -> datetime | None:
    """A time without a year is the latest such time, give or take a time zone."""
    try:
        number = _MONTHS.index(month.lower()) + 1
        if ":" not in when:
            return datetime(int(when), number, day, tzinfo=UTC)
        hour, minute = map(int, when.split(":"))
        for year in (now.year + 1, now.year, now.year - 1):
            found = datetime(year, number, day, hour, minute, tzinfo=UTC)
            if found <= now + timedelta(days=1):
                return found
    except ValueError:
        pass
    return None


def _dos_time(date: str, time: str) -> datetime | None:
    year = "%Y" if len(date) == 10 else "%y"
    clock = "%I:%M%p" if time.endswith("M") else "%H:%M"
    try:
        return datetime.strptime(f"{date} {time}", f"%m-%d-{year} {clock}").replace(tzinfo=UTC)
    except ValueError:
        return None
