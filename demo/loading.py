"""Put a city into the apps, and let its days pass."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from demo.apps import APPS
from demo.city import City
from demo.keeper import Keeper, Say
from demo.links import write_links
from demo.mariadb import READER
from demo.people import write_people
from demo.spec import CitySpec, today
from demo.table import Change, compare
from demo.truth import FILE_NAME, Truth

URI_PREFIX = "KOTA_DEMO_"


class NotLoadedError(Exception):
    """There is no completely loaded city in the folder."""


@dataclass(frozen=True)
class AppUris:
    """Where to write: by app, the URI of an account that owns its data.

    ``mysql://…``, ``postgresql://…``, ``sqlite:////absolute/path``, ``file:///absolute/folder``,
    whatever the app's ``home`` takes. Apps that are not in it are left out of the city. ``reader``
    is the database role that gets the right to read.
    """

    uris: Mapping[str, str]
    reader: str | None = READER

    @classmethod
    def from_environment(cls) -> Self:
        """The URIs in ``KOTA_DEMO_<APP>``. Raises ``ValueError`` if there is none."""
        names = {app_id: URI_PREFIX + app_id.upper() for app_id in APPS}
        uris = {app_id: os.environ[name] for app_id, name in names.items() if os.environ.get(name)}
        if not uris:
            raise ValueError(f"no app to write to: set one of {', '.join(names.values())}")
        return cls(uris)

    @contextmanager
    def open(self) -> Iterator[dict[str, Keeper]]:
        """All apps, open for writing, in the order of ``APPS``."""
        with ExitStack() as stack:
            yield {
                app_id: stack.enter_context(
                    closing(app.home.open(app_id, self.uris[app_id], self.reader))
                )
                for app_id, app in APPS.items()
                if app_id in self.uris
            }


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


def load_city(spec: CitySpec, uris: AppUris, state_dir: Path, say: Say = lambda _: None) -> Truth:
    """Load the city into the apps and write its truth; ``say`` is told each table that was loaded.

    If exactly this city is there already, nothing is done, whatever day it has come to. Anything
    else in the apps, such as a load that was killed, is thrown away and loaded anew.
    """
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    state_dir.chmod(0o700)
    with uris.open() as keepers:
        truth = Truth.read(state_dir)
        if truth is not None and truth.spec == spec and _is_there(truth, keepers):
            return truth
        (state_dir / FILE_NAME).unlink(missing_ok=True)
        city = City.build(spec)
        for app_id, keeper in keepers.items():
            keeper.load(city, say)
            write_links(state_dir, app_id, city.tables[app_id])
        write_people(state_dir, city, dict.fromkeys(keepers))
        truth = Truth.of(city, {app_id: keeper.engine for app_id, keeper in keepers.items()})
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
    with uris.open() as keepers:
        if keepers.keys() != old.held.keys():
            raise NotLoadedError(f"the city in {state_dir} is in {', '.join(old.held)}")
        for app_id, keeper in keepers.items():
            pairs = zip(before.tables[app_id], after.tables[app_id], strict=True)
            changes[app_id] = {new.name: compare(former, new) for former, new in pairs}
            keeper.advance(before, after, changes[app_id])
            write_links(state_dir, app_id, after.tables[app_id])
        write_people(state_dir, after, changes)
        engines = {app_id: keeper.engine for app_id, keeper in keepers.items()}
    truth = Truth.of(after, engines, changes, before)
    truth.write(state_dir)
    return truth


def _is_there(truth: Truth, keepers: Mapping[str, Keeper]) -> bool:
    return truth.held.keys() == keepers.keys() and all(
        keeper.has(truth.held[app_id]) for app_id, keeper in keepers.items()
    )
