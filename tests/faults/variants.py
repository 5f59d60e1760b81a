"""Promises broken on purpose, each in a way that no run without faults shows.

A harness that can't fail proves nothing: it must notice every one of these.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import deltalake

import connectors.extract


def two_at_once() -> None:
    """Let two runs of one table read and commit at the same time."""

    @contextmanager
    def nothing(*_: object) -> Iterator[None]:
        yield

    connectors.extract.exclusive = nothing  # type: ignore[assignment]
    deltalake.DeltaTable.transaction_version = lambda *_: None  # type: ignore[method-assign]


VARIANTS: dict[str, Callable[[], None]] = {
    "two at once": two_at_once,
}
