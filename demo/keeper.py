"""What holds an app's data, opened for writing: a database, or a folder of files."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from demo.store import Store
from demo.table import Change, Table

if TYPE_CHECKING:
    from demo.city import City
    from demo.truth import AppTruth

Say = Callable[[str], None]


class Keeper(Protocol):
    """One app's data, held somewhere. Whatever was done halfway can be done again."""

    engine: str
    """``mariadb``, ``postgresql``, ``sqlite`` or ``files``."""

    def load(self, city: "City", say: Say) -> None:
        """Throw away what is there and put in the app as it is on the city's day.

        ``say`` is told what was loaded.
        """

    def advance(self, before: "City", after: "City", changes: Mapping[str, Change]) -> None:
        """Make of the app on one day the app on a later one; ``changes`` by table."""

    def has(self, truth: "AppTruth") -> bool:
        """Whether it holds what the truth says, as far as counting tells."""

    def close(self) -> None:
        """Let go of it."""


class Home(Protocol):
    """A kind of place where an app's data can be."""

    def open(self, app_id: str, uri: str, reader: str | None) -> Keeper:
        """The place at ``uri``, an account that owns it; ``reader`` is who gets the right to read
        where rights are given one by one."""


class Tables:
    """An app's data in a database."""

    def __init__(self, app_id: str, store: Store) -> None:
        self._app_id = app_id
        self._store = store
        self.engine = store.engine

    def load(self, city: "City", say: Say) -> None:
        """Throw away what is there and fill the tables."""
        self._store.reset()
        for table in city.tables[self._app_id]:
            for rows in table.chunks():
                with self._store.transaction():
                    self._store.fill(table.name, rows)
            say(f"{self._app_id}.{table.name}: {len(table.ids)} rows")

    def advance(self, before: "City", after: "City", changes: Mapping[str, Change]) -> None:
        """Bring in what is new or different, delete what is gone: all or nothing."""
        with self._store.transaction():
            for old, new in zip(
                before.tables[self._app_id], after.tables[self._app_id], strict=True
            ):
                self._apply(old, new, changes[new.name])

    def _apply(self, before: Table, after: Table, change: Change) -> None:
        for rows in after.chunks(np.concatenate([change.inserted, change.changed])):
            self._store.upsert(after.name, after.key, rows)
        if len(change.deleted):
            self._store.delete(after.name, after.key, before.keys(change.deleted))

    def has(self, truth: "AppTruth") -> bool:
        """Whether every table has as many rows as the truth says."""
        return truth.engine == self.engine and all(
            self._store.count(table) == expected.rows for table, expected in truth.tables.items()
        )

    def close(self) -> None:
        """Give the connection back."""
        self._store.close()
