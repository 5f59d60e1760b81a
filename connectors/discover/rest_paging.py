"""How a REST resource is paged: told by its first answer, and by asking it a few times more."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.discover.json_rows import find_rows
from connectors.rest_json import Number, at
from connectors.rest_spec import (
    CursorPaging,
    LinkPaging,
    NoPaging,
    OffsetPaging,
    PagePaging,
)

Paging = PagePaging | OffsetPaging | CursorPaging | LinkPaging | NoPaging
Asked = Mapping[str, str | int]

TOTALS = {"total", "total_count", "totalcount", "total_data", "recordstotal", "total_records",
          "total_items", "totalitems", "totalelements", "jumlah", "count"}  # fmt: skip
TOTAL_HEADERS = ("X-Total-Count", "X-Total", "Total-Count", "X-WP-Total")
NEXT_LINKS = {"next", "next_page_url", "next_url", "nextlink", "next_link", "links.next",
              "_links.next.href", "@odata.nextlink"}  # fmt: skip
NEXT_CURSORS = {"next_cursor", "nextcursor", "cursor.next", "next_token", "nextpagetoken",
                "next_page_token"}  # fmt: skip
CURSOR_PARAMETERS = ("cursor", "page_token", "after", "next")
HAS_MORE = {"has_more", "hasmore", "has_next", "hasnext", "more"}
PAGE_PARAMETERS = ("page", "halaman")
OFFSET_PARAMETERS = ("offset", "skip", "start")
SIZE_PARAMETERS = ("per_page", "limit", "page_size", "size", "pagesize")
FEW = 2
PAGE_ROWS = 500


@dataclass(frozen=True)
class Answer:
    """One answer, taken apart."""

    body: Any
    headers: Mapping[str, str]
    rows: list[Any]

    @property
    def links(self) -> dict[Any, dict[str, Any]]:
        """What the header ``Link`` says."""
        return httpx.Response(200, headers=dict(self.headers)).links


@dataclass(frozen=True)
class PagingGuess:
    """How the resource is paged, and how many rows it says there are."""

    paging: Paging
    remark: str
    total: str | None = None
    total_header: str | None = None
    total_rows: int | None = None


def guess_paging(first: Answer, ask: Callable[[Asked], Answer | None]) -> PagingGuess:
    """By the first answer; ``ask`` asks for another, None where it is refused."""
    fields = dict(_fields(first.body, find_rows(first.body)))
    total, header, rows = _total(first, fields)
    paging, remark = _paging(first, fields, ask)
    return PagingGuess(paging, remark, total, header, rows)


def _paging(
    first: Answer, fields: Mapping[str, Any], ask: Callable[[Asked], Answer | None]
) -> tuple[Paging, str]:
    size = _size_parameter(first, ask)
    common: dict[str, Any] = {"size": PAGE_ROWS, "size_parameter": size} if size else {
        "size": max(1, len(first.rows)), "size_parameter": None,
    }  # fmt: skip
    if "next" in first.links:
        return LinkPaging(**common), "the header Link leads to the next page"
    for path, value in fields.items():
        is_address = value is None or (isinstance(value, str) and value[:1] in {"h", "/", "?"})
        if _is_named(path, NEXT_LINKS) and is_address:
            return LinkPaging(**common, next=path), (
                f"{path} is the address of the next page"
                if value
                else f"{path} is empty, as on a last page; it is taken for the next one's address"
            )
        if _is_named(path, NEXT_CURSORS) and not value:
            remark = f"{path} is empty, as on a last page; LOOK whether ?cursor= is what takes it"
            return CursorPaging(**common, next=path), remark
        if _is_named(path, NEXT_CURSORS | {"next"}) and value:
            for name in CURSOR_PARAMETERS:
                other = ask({name: str(value)})
                if other is not None and other.rows and other.rows != first.rows:
                    remark = f"{path}, given back as ?{name}=, leads to the next page"
                    return CursorPaging(**common, next=path, parameter=name), remark
    more = next((path for path in fields if _is_named(path, HAS_MORE)), None)
    for names, kind, second in (
        (PAGE_PARAMETERS, PagePaging, 2),
        (OFFSET_PARAMETERS, OffsetPaging, len(first.rows)),
    ):
        for name in names:
            other = ask({name: second}) if first.rows else None
            if other is not None and other.rows != first.rows:
                made = kind(parameter=name, has_more=more, **common)
                return made, f"?{name}={second} gave other rows than the first answer"
    remark = (
        "asking for another page changed nothing, so one answer seems to have everything; LOOK "
        "whether there are more rows than it gives"
    )
    return NoPaging(size_parameter=size, **({"size": PAGE_ROWS} if size else {})), remark


def _is_named(path: str, names: set[str]) -> bool:
    """Whether a place in the answer is called so, as a whole or by its last key."""
    return path.lower() in names or path.lower().rpartition(".")[2] in names


def _size_parameter(first: Answer, ask: Callable[[Asked], Answer | None]) -> str | None:
    """The parameter that made a page of ``FEW`` rows of a longer one."""
    if len(first.rows) <= FEW:
        return None
    for name in SIZE_PARAMETERS:
        other = ask({name: FEW})
        if other is not None and len(other.rows) == FEW:
            return name
    return None


def _total(first: Answer, fields: Mapping[str, Any]) -> tuple[str | None, str | None, int | None]:
    """Where the number of all rows is; what only counts this page's is none."""
    known = {name.lower(): value for name, value in first.headers.items()}
    for header in TOTAL_HEADERS:
        if known.get(header.lower(), "").isdigit():
            return None, header, int(known[header.lower()])
    for path, value in fields.items():
        if not _is_named(path, TOTALS) or not isinstance(value, Number) or not value.isdigit():
            continue
        # A count of the rows of this page is no total.
        least = len(first.rows) + (path.lower().rpartition(".")[2] == "count")
        if int(value) >= least:
            return path, None, int(value)
    return None, None, None


def _fields(body: Any, rows: str | None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Everything in the answer that is beside the rows, by dotted path."""
    if not isinstance(body, dict):
        return
    for key, value in body.items():
        at_ = (*path, key)
        if ".".join(at_) == rows:
            continue
        if isinstance(value, dict):
            yield from _fields(value, rows, at_)
        elif not isinstance(value, list) and ("." not in key or not path):
            yield ".".join(at_), value


def rows_of(body: Any) -> list[Any]:
    """The rows of an answer."""
    path = find_rows(body)
    found = at(body, path) if path is not None else None
    return found if isinstance(found, list) else []
