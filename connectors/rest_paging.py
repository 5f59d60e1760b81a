"""Walk from page to page, in the four ways of REST services."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import httpx

from connectors.reader import SourceError
from connectors.rest_json import at, has, is_true
from connectors.rest_page import Page
from connectors.rest_spec import (
    CursorPaging,
    LinkPaging,
    NoPaging,
    OffsetPaging,
    PagePaging,
    Rest,
)

Parameters = Mapping[str, str | int]


class UnsteadyError(Exception):
    """The pages of one pass do not fit together: the service, or its data, moved."""


class Ask(Protocol):
    """Asks for one page."""

    def __call__(
        self, parameters: Parameters | httpx.QueryParams, link: httpx.URL | None = None
    ) -> Page: ...


def size_parameters(rest: Rest, size: int | None = None) -> dict[str, str | int]:
    """The parameter that says how large a page may be, where there is one."""
    paging = rest.pages
    if paging.size_parameter is None:
        return {}
    return {paging.size_parameter: size or paging.size}


def first_page(rest: Rest) -> dict[str, str | int]:
    """The parameters of the first page."""
    paging = rest.pages
    if isinstance(paging, PagePaging | OffsetPaging):
        return {paging.parameter: paging.first, **size_parameters(rest)}
    return size_parameters(rest)


def walk(rest: Rest, parameters: Parameters, ask: Ask, where: str) -> Iterator[Page]:
    """All pages with records, each once.

    Raises ``UnsteadyError`` when a page comes a second time, ``SourceError`` when there is no end.
    """
    paging = rest.pages
    seen: set[bytes] = set()
    records = 0
    for count, page in enumerate(_steps(rest, parameters, ask, where), 1):
        if page.records and page.fingerprint in seen:
            if page.total is not None and records >= page.total:
                return  # past its end, it gives its last page again
            raise UnsteadyError(f"page {count} has the same records as an earlier page")
        if count > paging.max_pages:
            raise SourceError(
                f"{where}: {rest.path} has no end after {paging.max_pages} pages; "
                "correct rest.paging, or raise its max_pages"
            )
        seen.add(page.fingerprint)
        records += page.records
        if page.records:
            yield page


def _steps(rest: Rest, parameters: Parameters, ask: Ask, where: str) -> Iterator[Page]:
    match rest.pages:
        case PagePaging() | OffsetPaging() as counted:
            yield from _by_number(counted, rest, parameters, ask, where)
        case CursorPaging() as cursor:
            yield from _by_cursor(cursor, rest, parameters, ask, where)
        case LinkPaging() as link:
            yield from _by_link(link, rest, parameters, ask, where)
        case NoPaging():
            yield ask({**parameters, **size_parameters(rest)})


def _by_number(
    paging: PagePaging | OffsetPaging, rest: Rest, parameters: Parameters, ask: Ask, where: str
) -> Iterator[Page]:
    number, records = paging.first, 0
    while True:
        page = ask({**parameters, paging.parameter: number, **size_parameters(rest)})
        yield page
        records += page.records
        if _is_last(paging, page, records, where):
            return
        number += 1 if isinstance(paging, PagePaging) else page.records or paging.size


def _is_last(paging: PagePaging | OffsetPaging, page: Page, records: int, where: str) -> bool:
    """A short page alone proves nothing: many services give fewer rows than asked for."""
    if paging.has_more is not None:
        return not _more(paging.has_more, page, where)
    is_short = page.records < paging.size
    if page.total is not None and is_short and records >= page.total:
        return True
    return page.records == 0 or (paging.last_page == "short" and is_short)


def _by_cursor(
    paging: CursorPaging, rest: Rest, parameters: Parameters, ask: Ask, where: str
) -> Iterator[Page]:
    asked: dict[str, str | int] = {**parameters, **size_parameters(rest)}
    seen: set[str] = set()
    while True:
        page = ask(asked)
        yield page
        cursor = _cursor(paging, page, where)
        if cursor is None:
            return
        if cursor in seen:
            raise UnsteadyError(f"page {len(seen) + 1} leads back to an earlier page")
        seen.add(cursor)
        asked[paging.parameter] = cursor


def _cursor(paging: CursorPaging, page: Page, where: str) -> str | None:
    if paging.has_more is not None and not _more(paging.has_more, page, where):
        return None
    if paging.last_row is None:
        return _next(paging.next, paging, page, where)
    if not page.records:
        return None
    value = at(page.rows[-1], paging.last_row) if page.rows else None
    if value is None:
        raise SourceError(
            f"{where}: the last row of page {page.number} has nothing at {paging.last_row!r}, "
            "where the next cursor should be; correct rest.paging.last_row"
        )
    return str(value)


def _by_link(
    paging: LinkPaging, rest: Rest, parameters: Parameters, ask: Ask, where: str
) -> Iterator[Page]:
    asked: dict[str, str | int] = {**parameters, **size_parameters(rest)}
    page = ask(asked)
    seen: set[httpx.URL] = set()
    while True:
        yield page
        if paging.has_more is not None and not _more(paging.has_more, page, where):
            return
        if paging.next is None:
            said = httpx.Response(200, headers=page.headers).links.get("next", {}).get("url")
        else:
            said = _next(paging.next, paging, page, where)
        if not said:
            return
        link = page.url.join(said)
        if link in seen:
            raise UnsteadyError(f"page {page.number} leads back to an earlier page")
        seen.add(link)
        page = ask(_with_missing(link.params, asked), link)


def _with_missing(given: httpx.QueryParams, asked: Parameters) -> httpx.QueryParams:
    """The parameters of a link, and ours where it forgot them."""
    for name, value in asked.items():
        if name not in given:
            given = given.set(name, value)
    return given


def _more(path: str, page: Page, where: str) -> bool:
    if not has(page.body, path):
        raise SourceError(
            f"{where}: page {page.number} does not say at {path!r} whether there is more; "
            "correct rest.paging.has_more"
        )
    return is_true(at(page.body, path))


def _next(path: str, paging: CursorPaging | LinkPaging, page: Page, where: str) -> str | None:
    """What leads to the next page. Where a full first page has none, the path must be wrong."""
    value: Any = at(page.body, path)
    if page.number == 1 and page.records >= paging.size and not has(page.body, path):
        raise SourceError(
            f"{where}: the first page is full and has nothing at {path!r}, where the way to the "
            "next one should be; correct rest.paging.next"
        )
    return str(value) if value not in (None, "", False) else None
