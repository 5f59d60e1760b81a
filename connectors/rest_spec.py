"""What the registry says about a REST service."""

from typing import Annotated, Literal

from pydantic import Field

from connectors.entry import Entry

Number = Annotated[int, Field(ge=1)]


class _Paging(Entry):
    """What all kinds of paging share."""

    size: Number = 500
    """Rows to ask for in one page; a service that gives fewer is read all the same."""
    max_pages: Number = 20_000
    """A read that needs more pages fails: it is more likely going round in circles."""
    has_more: str | None = None
    """Where the answer says whether there is another page: keys joined by dots."""


class _Counted(_Paging):
    """Pages that are asked for by a number."""

    last_page: Literal["empty", "short"] = "empty"
    """How the end is known where no total and no ``has_more`` tells it.

    ``empty`` asks until a page has no rows, at the cost of one request. ``short`` stops at a page
    with fewer rows than asked for; only for a service that is known not to limit the page size.
    """


class PagePaging(_Counted):
    """Pages that are numbered: ``?page=2&per_page=500``."""

    kind: Literal["page"] = "page"
    parameter: str = "page"
    size_parameter: str | None = "per_page"
    first: Annotated[int, Field(ge=0)] = 1


class OffsetPaging(_Counted):
    """Pages that start after a number of rows: ``?offset=500&limit=500``."""

    kind: Literal["offset"] = "offset"
    parameter: str = "offset"
    size_parameter: str | None = "limit"
    first: Annotated[int, Field(ge=0)] = 0


class CursorPaging(_Paging):
    """Each page says where the next one starts: ``?cursor=eyJpZCI6NTAwfQ``."""

    kind: Literal["cursor"] = "cursor"
    parameter: str = "cursor"
    size_parameter: str | None = None
    next: str = "next_cursor"
    """Where the answer has the next cursor; an empty one ends the reading."""
    last_row: str | None = None
    """Take the cursor from this place in the page's last row instead, until a page is empty."""


class LinkPaging(_Paging):
    """Each page has the address of the next one, in the header ``Link`` or in the answer."""

    kind: Literal["link"] = "link"
    size_parameter: str | None = None
    next: str | None = None
    """Where the answer has the address; without it, the header ``Link`` with ``rel="next"``."""


class NoPaging(_Paging):
    """One answer has everything."""

    kind: Literal["none"] = "none"
    size_parameter: str | None = None


Paging = Annotated[
    PagePaging | OffsetPaging | CursorPaging | LinkPaging | NoPaging, Field(discriminator="kind")
]


class Rest(Entry):
    """How one resource of a REST service, or one news feed, is read."""

    path: Annotated[str, Field(pattern=r"^[^?#]*$")]
    """Below the connection's address, without a query: that is ``parameters``."""
    format: Literal["json", "ndjson", "rss"] = "json"
    """One JSON text, one a line, or a news feed: RSS or Atom, with kota's own columns."""
    rows: str = "data"
    """Where the rows are in the answer: keys joined by dots, empty if the answer is the list.

    An object there is taken as rows by their id; the id is then the column ``_id``.
    """
    parameters: dict[str, str] = Field(default_factory=dict)
    """Query parameters of every request, such as an order that does not change."""
    paging: Paging | None = None
    """By default ``{kind: page}``; a feed has one page."""
    since_parameter: str | None = None
    """The query parameter that takes the watermark; without it every read is complete."""
    until_parameter: str | None = None
    """The query parameter that takes the present time, for a service that asks for an end."""
    since_format: str | None = None
    """How it spells them: ``iso``, ``date``, ``epoch``, ``epoch_ms`` or a strftime pattern.

    All are in the app's time zone. Without it, as the column itself is spelt.
    """
    total_header: str | None = None
    """The response header with the number of rows."""
    total: str | None = None
    """Where the answer has the number of rows. Without either, the source can't be counted."""
    requests_per_second: Annotated[float, Field(gt=0)] | None = None
    """No more than this, whatever the service would bear."""
    time_limit_minutes: Number = 120
    """A table that takes longer fails."""

    @property
    def pages(self) -> PagePaging | OffsetPaging | CursorPaging | LinkPaging | NoPaging:
        """How it is paged, said or not."""
        if self.paging is not None:
            return self.paging
        return NoPaging() if self.format == "rss" else PagePaging()


class RestLogin(Entry):
    """Sign-in that trades a user name and a password for a bearer token."""

    path: str
    token: str = "data.token"  # noqa: S105  (where it is, not what it is)
    username_field: str = "username"
    password_field: str = "password"  # noqa: S105
    body: Literal["json", "form"] = "json"
    fields: dict[str, str] = Field(default_factory=dict)
    """What else it wants to be sent, such as ``{grant_type: password}``."""
    scheme: str = "Bearer"
    """The word before the token in the header ``Authorization``."""


class BearerAuth(Entry):
    """A token that does not change, from the connection's password."""

    kind: Literal["bearer"]
    scheme: str = "Bearer"
    """The word before the token in the header ``Authorization``."""


class KeyAuth(Entry):
    """An API key from the connection's password, in a header or a query parameter."""

    kind: Literal["api_key"]
    header: str = "X-API-Key"
    query: str | None = None
    """The query parameter that takes the key, instead of the header."""


class BasicAuth(Entry):
    """The connection's user and password with every request; the default where it has a user."""

    kind: Literal["basic"]


class NoAuth(Entry):
    """Nothing, whatever the connection has."""

    kind: Literal["none"]


RestAuth = Annotated[BearerAuth | KeyAuth | BasicAuth | NoAuth, Field(discriminator="kind")]
