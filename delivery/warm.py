"""After a publish the first one to look must not wait: dashboards are opened before people do.

A browser asks for what a browser will ask for again; the stored queries of the charts differ from
those in details that make other cache entries of them. Whatever is the whole city's has one entry
for everybody; rows of one department are worked out when its first official looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from delivery.browser import browser, window_of
from delivery.people import people
from reports.client import ReportsError, superset_url

READER = "Leadership"


@dataclass
class Warmed:
    """The dashboards that were opened, and what went wrong."""

    dashboards: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def warm_quietly() -> str:
    """As ``warm``, in a sentence for a run that must not fail because of it."""
    try:
        warmed = warm(superset_url())
    except Exception as error:  # whatever a browser may do, the snapshot is published
        return f"warm: nothing was opened ({str(error).splitlines()[0]})"
    return "; ".join([f"warm: {len(warmed.dashboards)} dashboards", *warmed.problems])


def warm(url: str, slugs: Sequence[str] = ()) -> Warmed:
    """Open every dashboard, or those of ``slugs``, once as a leader.

    Raises ``ReportsError`` where none can be opened.
    """
    reader = next((person for person in people() if person.role == READER), None)
    if reader is None:
        raise ReportsError(f"no account has the role {READER}: nobody to look as")
    warmed = Warmed()
    with browser() as running, window_of(running, url, reader) as window:
        for slug in slugs or window.dashboards():
            try:
                window.open(slug)
            except ReportsError as error:
                warmed.problems.append(f"{slug}: {error}")
            else:
                warmed.dashboards.append(slug)
    return warmed
