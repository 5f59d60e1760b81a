"""Wait for a lock that somebody else holds, and say so once."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from kota.console import console
from lake.lock import BusyError

SECONDS_BETWEEN = 0.5


@contextmanager
def patiently(lock: Callable[[], AbstractContextManager[None]], seconds: float) -> Iterator[None]:
    """Hold what ``lock`` gives, trying again for so long. Raises ``BusyError`` after that."""
    until = time.monotonic() + seconds
    is_said = False
    while True:
        held = lock()
        try:
            held.__enter__()
        except BusyError as error:
            if time.monotonic() >= until:
                raise
            if not is_said:
                console.print(f"{error} … waiting up to {seconds:.0f} s", highlight=False)
                is_said = True
            time.sleep(SECONDS_BETWEEN)
        else:
            break
    try:
        yield
    finally:
        held.__exit__(None, None, None)
