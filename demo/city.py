"""The whole city on one morning: its people, and the tables of its apps."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from demo.apps import APPS
from demo.areas import load_areas
from demo.complaints import Complaints
from demo.permits import Permits
from demo.population import Population
from demo.spec import CitySpec
from demo.table import Table
from demo.users import Users

Part = TypeVar("Part")


@dataclass(frozen=True)
class City:
    """A city as it stands on the morning of ``day``: a function of spec and day, nothing else."""

    spec: CitySpec
    day: date
    population: Population

    @classmethod
    def build(cls, spec: CitySpec, day: date | None = None) -> "City":
        """The city on a day, by default the day it opened."""
        return cls(spec, day or spec.opened, Population(spec, load_areas()))

    def on(self, day: date) -> "City":
        """The same city on another day."""
        return City(self.spec, day, self.population)

    def part(self, kind: Callable[[Population, date], Part]) -> Part:
        """What ``kind`` makes of the people and the day: some office's events; made once."""
        if kind not in self._parts:
            self._parts[kind] = kind(self.population, self.day)
        part: Part = self._parts[kind]
        return part

    @cached_property
    def _parts(self) -> dict[Callable[[Population, date], Any], Any]:
        return {}

    @cached_property
    def users(self) -> Users:
        """LAKSA's accounts."""
        return Users(self.population, self.day)

    @cached_property
    def complaints(self) -> Complaints:
        """LAKSA's complaints."""
        return Complaints(self.population, self.users, self.day)

    @cached_property
    def permits(self) -> Permits:
        """The permit office's applications."""
        return Permits(self.population, self.day)

    @cached_property
    def tables(self) -> Mapping[str, list[Table]]:
        """Every app's tables, parents before children; made when an app is first asked for."""
        return _Tables(self)


class _Tables(Mapping[str, list[Table]]):
    def __init__(self, city: City) -> None:
        self._city = city
        self._made: dict[str, list[Table]] = {}

    def __getitem__(self, app_id: str) -> list[Table]:
        if app_id not in self._made:
            self._made[app_id] = APPS[app_id].tables(self._city)
        return self._made[app_id]

    def __iter__(self) -> Iterator[str]:
        return iter(APPS)

    def __len__(self) -> int:
        return len(APPS)
