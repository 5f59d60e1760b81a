"""What the registry says about a REST service."""

from typing import Annotated

from pydantic import Field

from connectors.entry import Entry


class Rest(Entry):
    """How one resource of a REST service is read."""

    path: str
    rows: str = "data"
    """Where the rows are in the answer: keys joined by dots."""
    page_parameter: str = "page"
    size_parameter: str = "per_page"
    page_size: Annotated[int, Field(ge=1)] = 500
    since_parameter: str | None = None
    """The query parameter that takes the watermark; without it every read is complete."""
    total_header: str | None = None
    """The response header with the number of rows; without it the source can't be counted."""


class RestLogin(Entry):
    """Sign-in that trades a user name and a password for a bearer token."""

    path: str
    token: str = "data.token"  # noqa: S105  (where it is, not what it is)
    username_field: str = "username"
    password_field: str = "password"  # noqa: S105
