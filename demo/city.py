"""The whole city on one morning: its people, and the tables of its three apps."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from demo.areas import load_areas
from demo.complaints import Complaints
from demo.laksa import laksa_tables
from demo.perizinan import perizinan_tables
from demo.permits import Permits
from demo.population import Population
from demo.prices import Prices, segar_tables
from demo.spec import CitySpec
from demo.table import Table
from demo.users import Users

APPS = ("laksa", "perizinan", "segar")


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
    def tables(self) -> dict[str, list[Table]]:
        """Every app's tables, parents before children."""
        return {
            "laksa": laksa_tables(self.complaints),
            "perizinan": perizinan_tables(self.permits),
            "segar": segar_tables(Prices(self.spec, self.day)),
        }
