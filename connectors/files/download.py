"""Bring one file over a line that may break: go on where it broke, a few times."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from connectors.files.places import BrokeOffError, Place, RemoteFile
from connectors.reader import SourceError

PAUSES_SECONDS = (0.2, 1.0, 3.0, 6.0)
"""Waits before further attempts. What is down for longer is a matter for the scheduler."""
PROGRESS_BYTES = 256 * 1024
"""An attempt that brought this much does not count as failed: a bad line gets there in the end."""


def download(
    place: Place,
    file: RemoteFile,
    target: Path,
    chunks: Callable[[int], Iterator[bytes]],
) -> Path:
    """Write ``chunks(offset)`` to ``target`` until all of it is there.

    Raises ``FileUnfinishedError`` if its size is not what the listing said, ``SourceError`` if the
    line keeps breaking or the disk is full.
    """
    target.unlink(missing_ok=True)
    waits = iter(PAUSES_SECONDS)
    arrived = 0
    while not _append(place, file, target, chunks):
        if target.stat().st_size >= arrived + PROGRESS_BYTES:
            waits = iter(PAUSES_SECONDS)
        arrived = target.stat().st_size
        if (wait := next(waits, None)) is None:
            raise place.error(
                f"the connection was lost at byte {arrived} of {file.name} again and again; "
                "try later"
            )
        time.sleep(wait)
        # Where there is no line at all, the attempt that follows finds it too.
        with suppress(SourceError):
            place.reconnect()
    arrived = target.stat().st_size
    if file.size is not None and arrived != file.size:
        raise place.unfinished(
            file.name, f"was listed with {file.size} bytes but has {arrived}; it is being uploaded"
        )
    return target


def _append(
    place: Place, file: RemoteFile, target: Path, chunks: Callable[[int], Iterator[bytes]]
) -> bool:
    """Whether the file is complete now."""
    try:
        with target.open("ab") as written:
            if file.size is not None and written.tell() == file.size > 0:
                return True
            for chunk in chunks(written.tell()):
                written.write(chunk)
    except BrokeOffError:
        return False
    except OSError as error:
        raise place.error(
            f"{file.name} can't be copied to {target.parent.parent}: {error.strerror}"
        ) from None
    return True
