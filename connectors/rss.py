"""Read news feeds: RSS and Atom, in whatever state the city's content systems write them."""

import calendar
import io
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import feedparser

from connectors.reader import Rejected, SourceError
from lake.column import Column

TIMES = ("published_at", "updated_at")
COLUMNS = (
    "id",
    "title",
    "link",
    *TIMES,
    "author",
    "categories",
    "summary",
    "summary_text",
    "content",
    "enclosures",
)
KNOWN_ZONE = re.compile(r"([+-]\d\d:?\d\d|Z|UTC?|GMT|[ECMP][SD]T)$", re.IGNORECASE)
INDONESIAN_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}


def feed_columns() -> list[Column]:
    """What every feed has, in kota's words. Times are UTC, or the app's where no zone is said."""
    return [
        Column(name, "VARCHAR", "TIMESTAMP WITH TIME ZONE" if name in TIMES else "VARCHAR")
        for name in COLUMNS
    ]


def read_feed(
    body: bytes, content_type: str, where: str
) -> tuple[list[dict[str, Any]], list[Rejected]]:
    """The entries of a feed, and what of it could not be read.

    Raises ``SourceError`` if it is no feed at all.
    """
    feed = feedparser.parse(
        io.BytesIO(body),  # bytes it would take for an address
        response_headers={"content-type": content_type},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not feed.version:
        raise SourceError(f"{where}: the answer is neither RSS nor Atom; correct rest.path")
    rejected = []
    if feed.bozo and not isinstance(feed.bozo_exception, feedparser.NonXMLContentType):
        said = str(feed.bozo_exception)
        rejected.append(
            Rejected(
                "malformed_feed",
                f"the feed is damaged, its readable entries were taken in: {said}",
                said,
            )
        )
    rows = []
    for place, entry in enumerate(feed.entries, 1):
        row = _row(entry)
        if row["id"]:
            rows.append(row)
        else:
            why = f"entry {place}: neither an id nor a link"
            rejected.append(Rejected("malformed_record", why, str(dict(entry))))
    return rows, rejected


def _row(entry: Any) -> dict[str, Any]:
    published = _moment(entry, "published")
    summary = entry.get("summary")
    return {
        "id": entry.get("id") or entry.get("link"),
        "title": entry.get("title"),
        "link": entry.get("link"),
        "published_at": published,
        "updated_at": _moment(entry, "updated") or published,
        "author": ", ".join(a["name"] for a in entry.get("authors", []) if a.get("name")) or None,
        "categories": [tag["term"] for tag in entry.get("tags", []) if tag.get("term")] or None,
        "summary": summary,
        "summary_text": _plain(summary) if summary else None,
        "content": "\n".join(part["value"] for part in entry.get("content", [])) or None,
        "enclosures": [dict(link) for link in entry.get("enclosures", [])] or None,
    }


def _moment(entry: Any, name: str) -> str | None:
    """A time as ISO text: in UTC, without a zone if none is said, as it is if it is no time."""
    said = dict.get(entry, name)  # `get` would give the one time for the other
    parsed = dict.get(entry, f"{name}_parsed")
    if not said or not parsed:
        return str(said) if said else None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (OverflowError, ValueError):  # 0000-00-00, which the parser takes for a year before 1
        return str(said)
    last_word = said.split()[-1].upper()
    if last_word in INDONESIAN_ZONES:  # unknown to the parser, which takes them for UTC
        return (moment - timedelta(hours=INDONESIAN_ZONES[last_word])).isoformat(sep=" ")
    if KNOWN_ZONE.search(said.strip()):
        return moment.isoformat(sep=" ")
    return moment.replace(tzinfo=None).isoformat(sep=" ")


class _Text(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style"}
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= self._hidden > 0 and tag in {"script", "style"}
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _plain(markup: str) -> str:
    parser = _Text()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.parts).split())
