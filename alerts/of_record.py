"""What the last look at the record found changed or removed."""

from collections.abc import Iterator

from alerts.trouble import Trouble, clean
from kota.settings import Settings
from record.last_look import last_look


def troubles_of_record(settings: Settings) -> Iterator[Trouble]:
    """One for the whole record, until a look finds nothing; none where nobody looked."""
    look = last_look(settings)
    if look is not None and look.broken_since is not None:
        yield Trouble(
            "record_broken", None, look.broken_since, [clean(alarm) for alarm in look.alarms]
        )
