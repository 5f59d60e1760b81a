"""The watermark, spelt as a service wants it."""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.reader import SourceError


def spelt(watermark: str, spelling: str | None, zone: ZoneInfo, where: str) -> str:
    """A watermark in the spelling of ``rest.since_format``; never later than it was.

    Numbers are passed on: they are ids, or epochs already.
    """
    if spelling is None or watermark.lstrip("-").isdigit():
        return watermark
    try:
        moment = datetime.fromisoformat(watermark)
    except ValueError:
        raise SourceError(
            f"{where}: the last cursor value is not a time, so it can't be sent as "
            f"{spelling!r}; correct rest.since_format or the cursor"
        ) from None
    return spell(moment if moment.tzinfo else moment.replace(tzinfo=zone), spelling, zone)


def present(spelling: str | None, zone: ZoneInfo) -> str:
    """Now, or a little later where the spelling is coarser."""
    now = datetime.now(zone).replace(microsecond=0) + timedelta(seconds=1)
    return spell(now, spelling or "%Y-%m-%d %H:%M:%S", zone)


def spell(moment: datetime, spelling: str, zone: ZoneInfo) -> str:
    """A moment in the app's time zone; what is finer than the spelling is left out."""
    local = moment.astimezone(zone)
    match spelling:
        case "iso":
            return local.isoformat(timespec="seconds")
        case "date":
            return local.date().isoformat()
        case "epoch":
            return str(math.floor(local.timestamp()))
        case "epoch_ms":
            return str(math.floor(local.timestamp() * 1000))
    return local.strftime(spelling)
