"""One answer of a REST service, taken apart into records."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from connectors.reader import Rejected, SourceError
from connectors.rest_json import at, has, parse, written
from connectors.rest_send import Answer, TryAgainError
from connectors.rest_spec import Rest
from connectors.rss import read_feed

FAILED = {"false", "error", "fail", "failed", "gagal"}
ID = "_id"
"""The column with the ids where rows come as an object of id and row."""
BROKEN = "malformed_record"


@dataclass
class Page:
    """What one request gave."""

    number: int
    rows: list[dict[str, Any]]
    rejected: list[Rejected]
    body: Any
    """All of the answer, where the paging finds its way."""
    headers: httpx.Headers
    url: httpx.URL
    total: int | None = None
    fingerprint: bytes = field(default=b"", repr=False)
    """Two pages with the same one have the same records."""

    @property
    def records(self) -> int:
        """Records in the page, whatever became of them."""
        return len(self.rows) + len(self.rejected)


def page_of(answer: Answer, rest: Rest, where: str, number: int) -> Page:
    """Raises ``SourceError`` for an answer without rows, ``TryAgainError`` for one cut short."""
    body: Any = None
    rejected: list[Rejected] = []
    if rest.format == "rss":
        rows, rejected = read_feed(answer.body, answer.headers.get("Content-Type", ""), where)
    else:
        content = _decoded(answer, rest, where)
        if rest.format == "ndjson":
            records = list(_lines(content, rejected, number))
        else:
            body = _whole(content)
            records = _records(body, rest, where)
        rows = list(_objects(records, rejected, number))
    return Page(
        number=number,
        rows=rows,
        rejected=rejected,
        body=body,
        headers=answer.headers,
        url=answer.url,
        total=_total(answer, body, rest, where),
        fingerprint=_fingerprint(rows, rejected),
    )


def _decoded(answer: Answer, rest: Rest, where: str) -> str:
    """The text of an answer. A web page in its place is what captive portals and PHP errors are."""
    if answer.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise SourceError(
            f"{where}: {rest.path} answered {answer.status} with a web page instead of data: a "
            "sign-in page, a proxy, or an error of the app; open the address in a browser"
        )
    said = httpx.Response(200, headers=answer.headers).charset_encoding or "utf-8"
    encoding = "utf-8-sig" if said.lower().replace("_", "-") in {"utf-8", "utf8"} else said
    try:
        return answer.body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise SourceError(
            f"{where}: {rest.path} answered with bytes that are not text in {said}"
        ) from None


def _whole(content: str) -> Any:
    try:
        return parse(content)
    except ValueError:  # cut short by a server that does not say how long its answer is
        raise TryAgainError("the answer is not JSON, or not all of it") from None


def _lines(content: str, rejected: list[Rejected], number: int) -> Iterator[Any]:
    lines = content.split("\n")
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield parse(line)
        except ValueError:
            if place == len(lines):
                raise TryAgainError("the last line is not whole") from None
            rejected.append(Rejected(BROKEN, f"page {number}, line {place}: not JSON", line))


def _records(body: Any, rest: Rest, where: str) -> list[Any]:
    rows = at(body, rest.rows)
    if not rows and (said := _failure(body)):
        raise SourceError(f"{where}: {rest.path} gave no rows and says that it failed ({said})")
    if isinstance(rows, list):
        return rows
    if isinstance(rows, dict) and all(isinstance(row, dict) for row in rows.values()):
        return [{ID: key, **row} for key, row in rows.items()]
    if rows is None and has(body, rest.rows):
        return []
    place = f"at {rest.rows!r}" if rest.rows.strip(".") else "of rows"
    raise SourceError(f"{where}: the answer of {rest.path} has no list {place}; correct rest.rows")


def _failure(body: Any) -> str:
    """The field by which many services say "error" under a status of 200."""
    if not isinstance(body, dict):
        return ""
    for name in ("status", "success", "ok"):
        if name in body and str(body[name]).lower() in FAILED:
            return name
    return "error" if body.get("error") else ""


def _objects(
    records: Iterable[Any], rejected: list[Rejected], number: int
) -> Iterator[dict[str, Any]]:
    for place, record in enumerate(records, 1):
        if isinstance(record, dict):
            yield record
        else:
            why = f"page {number}, row {place}: not an object"
            rejected.append(Rejected(BROKEN, why, written(record)))


def _total(answer: Answer, body: Any, rest: Rest, where: str) -> int | None:
    if rest.total_header is not None:
        said, place = answer.headers.get(rest.total_header), f"header {rest.total_header}"
    elif rest.total is not None:
        said, place = at(body, rest.total), rest.total
    else:
        return None
    if not str(said).isdigit():
        raise SourceError(
            f"{where}: {rest.path} does not say how many rows there are in {place}; correct "
            "rest.total or rest.total_header, or remove it"
        )
    return int(str(said))


def _fingerprint(rows: list[dict[str, Any]], rejected: list[Rejected]) -> bytes:
    content = repr((rows, rejected)).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(content, digest_size=16).digest()
