"""Put a city into the apps' databases, and let its days pass."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import numpy as np

from demo.city import APPS, City
from demo.laksa_schema import MARIADB_TABLES, SQLITE_TABLES
from demo.people import write_people
from demo.segar_schema import segar_store
from demo.spec import CitySpec, today
from demo.store import Store
from demo.store_mariadb import MariaDBStore
from demo.store_postgres import PostgresStore
from demo.store_sqlite import SQLiteStore
from demo.table import Change, Table, compare
from demo.truth import FILE_NAME, Truth

PEOPLE_FOLDER = "people"


class NotLoadedError(Exception):
    """There is no completely loaded city in the folder."""


@dataclass(frozen=True)
class AppUris:
    """Where to write: URIs of accounts that own their databases.

    ``laksa`` is ``mysql://…`` or ``sqlite:////absolute/path``, ``perizinan`` ``postgresql://…``,
    ``segar`` ``sqlite:////absolute/path`` (the service's own file). ``reader`` is the PostgreSQL
    role that gets the right to read.
    """

    laksa: str
    perizinan: str
    segar: str
    reader: str | None = "kota_reader"


@dataclass(frozen=True)
class Stores:
    """The three apps' databases, open."""

    laksa: Store
    perizinan: Store
    segar: Store

    @classmethod
    def open(cls, uris: AppUris) -> Self:
        """Connect to all three."""
        laksa: Store
        if uris.laksa.startswith("sqlite:"):
            laksa = SQLiteStore(_file(uris.laksa), SQLITE_TABLES)
        else:
            laksa = MariaDBStore(uris.laksa, MARIADB_TABLES)
        return cls(
            laksa,
            PostgresStore(uris.perizinan, reader=uris.reader),
            segar_store(_file(uris.segar)),
        )

    def of(self, app: str) -> Store:
        """One app's database."""
        store: Store = getattr(self, app)
        return store

    def close(self) -> None:
        """Give all connections back."""
        for app in APPS:
            self.of(app).close()


def _file(uri: str) -> Path:
    return Path(urlsplit(uri).path.removeprefix("/"))


def city_spec(
    state_dir: Path, citizens: int, *, seed: int | None = None, opened: date | None = None
) -> CitySpec:
    """The city of that size loaded in ``state_dir``, or a new one that opens today.

    A city keeps its opening day, so that a second start on another day finds it again.
    """
    given = {"seed": seed, "opened": opened}
    wanted = {name: value for name, value in given.items() if value is not None}
    truth = Truth.read(state_dir)
    if truth is not None and truth.spec.citizens == citizens:
        kept = truth.spec
        if all(getattr(kept, name) == value for name, value in wanted.items()):
            return kept
    return CitySpec.model_validate({"citizens": citizens, "opened": today(), **wanted})


def load_city(
    spec: CitySpec,
    uris: AppUris,
    state_dir: Path,
    say: Callable[[str], None] = lambda _: None,
) -> Truth:
    """Load the city into the apps and write its truth; ``say`` is told each table that was loaded.

    If exactly this city is there already, nothing is done, whatever day it has come to. Anything
    else in the apps, such as a load that was killed, is thrown away and loaded anew.
    """
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    state_dir.chmod(0o700)
    with closing(Stores.open(uris)) as stores:
        truth = Truth.read(state_dir)
        if truth is not None and truth.spec == spec and _is_there(truth, stores):
            return truth
        (state_dir / FILE_NAME).unlink(missing_ok=True)
        city = City.build(spec)
        for app in APPS:
            store = stores.of(app)
            store.reset()
            for table in city.tables[app]:
                for rows in table.chunks():
                    with store.transaction():
                        store.fill(table.name, rows)
                say(f"{app}.{table.name}: {len(table.ids)} rows")
        write_people(state_dir / PEOPLE_FOLDER, city)
        truth = Truth.of(city, stores.laksa.engine)
        truth.write(state_dir)
    return truth


def advance_city(uris: AppUris, state_dir: Path, *, days: int = 1, to: date | None = None) -> Truth:
    """Let ``days`` pass, or all until the morning of ``to``, and write the new truth.

    Killed at any point, it can be done again: until the truth is written the step is not done, and
    doing it twice changes nothing. Raises ``NotLoadedError`` without a loaded city, ``ValueError``
    for a day that is past.
    """
    old = Truth.read(state_dir)
    if old is None:
        raise NotLoadedError(f"no city is loaded in {state_dir}")
    day = to or old.day + timedelta(days=days)
    if day < old.day:
        raise ValueError(f"the city is at {old.day} already and cannot go back to {day}")
    if day == old.day:
        return old
    before = City.build(old.spec, old.day)
    after = before.on(day)
    changes: dict[str, dict[str, Change]] = {}
    with closing(Stores.open(uris)) as stores:
        for app in APPS:
            pairs = list(zip(before.tables[app], after.tables[app], strict=True))
            changes[app] = {new.name: compare(former, new) for former, new in pairs}
            with stores.of(app).transaction():
                for former, new in pairs:
                    _apply(stores.of(app), former, new, changes[app][new.name])
        people = {
            "laksa": changes["laksa"]["pengguna"],
            "perizinan": changes["perizinan"]["pemohon"],
        }
        write_people(
            state_dir / PEOPLE_FOLDER,
            after,
            {app: np.concatenate([c.inserted, c.changed]) for app, c in people.items()},
        )
        truth = Truth.of(after, stores.laksa.engine, changes, before)
    truth.write(state_dir)
    return truth


def _apply(store: Store, before: Table, after: Table, change: Change) -> None:
    for rows in after.chunks(np.concatenate([change.inserted, change.changed])):
        store.upsert(after.name, after.key, rows)
    if len(change.deleted):
        store.delete(after.name, after.key, before.keys(change.deleted))


def _is_there(truth: Truth, stores: Stores) -> bool:
    if truth.laksa_engine != stores.laksa.engine:
        return False
    return all(
        stores.of(app).count(table) == expected.rows
        for app, tables in truth.apps.items()
        for table, expected in tables.items()
    )
