"""Files that an app drops somewhere, instead of keeping a database that can be read."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DropFile:
    """One file as it lies there on a morning; the same city and day give the same bytes."""

    path: str
    """Below the app's folder, with slashes."""
    modified: int
    """Local seconds since 1970, as in ``demo.days``."""
    content: Callable[[], bytes]
