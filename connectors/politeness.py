"""Reading only when we may, and pausing while the source has enough to do."""

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.reader import Reader, SourceError
from connectors.registry import App

LOOK_EVERY_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 15 * 60.0


class NotNowError(SourceError):
    """The app may not be read at this hour."""


def refuse_outside_hours(app: App, now: datetime) -> None:
    """Raises ``NotNowError`` outside the app's allowed hours."""
    hours = app.politeness.allowed_hours
    if hours is None:
        return
    opens, closes = hours.split("-")
    clock = now.astimezone(ZoneInfo(app.timezone)).strftime("%H:%M")
    is_open = opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    if not is_open:
        raise NotNowError(
            f"{app.app}: may be read from {opens} to {closes} ({app.timezone}) and it is {clock}; "
            "schedule it within these hours, or change allowed_hours"
        )


class Pace:
    """Watches the source while its rows stream by, and holds them back while it is busy."""

    def __init__(
        self, app: App, reader: Reader, look_every_seconds: float = LOOK_EVERY_SECONDS
    ) -> None:
        self.app = app
        self.reader = reader
        self.look_every_seconds = look_every_seconds
        self.paused_seconds = 0.0
        self._looked_at = time.monotonic()

    def follow(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass the batches through, at the source's pace. Raises ``SourceError`` after long waits.

        While we don't ask for more, the server waits for us and does not work for us.
        """
        limit = self.app.politeness.pause_above
        for batch in batches:
            yield batch
            if limit is None or time.monotonic() - self._looked_at < self.look_every_seconds:
                continue
            while (self.reader.busy() or 0) > limit:
                if self.paused_seconds > LONGEST_PAUSE_SECONDS:
                    raise SourceError(
                        f"{self.app.app}: more than {limit} statements have been running at the "
                        "source for too long (pause_above); it is tried again at the next run"
                    )
                time.sleep(self.look_every_seconds)
                self.paused_seconds += self.look_every_seconds
            self._looked_at = time.monotonic()
