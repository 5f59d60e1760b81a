"""People who work in the city and live outside it: in no register of the city's."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.areas import load_areas
from demo.dice import Ints
from demo.population import Population
from demo.spec import CitySpec

# Kota Tangerang Selatan, and kecamatan of Kabupaten Tangerang around the city.
_AREAS = (367401, 367402, 367403, 367404, 367405, 367406, 367407, 360320, 360322, 360330)
_TOWNS = ("Serpong", "Pondok Aren", "Ciputat", "Cikupa", "Kosambi", "Teluknaga", "Curug")


@dataclass(frozen=True)
class Neighbours(Population):
    """A population next door; its identity numbers are nobody's in the city."""

    @classmethod
    def of(cls, population: Population, people: int) -> "Neighbours":
        """The neighbours of a city."""
        spec: CitySpec = population.spec.model_copy(
            update={"citizens": people, "seed": population.spec.seed + 500_009}
        )
        return cls(spec, load_areas())

    @cached_property
    def nik(self) -> Ints:
        """Numbers of areas outside, with serials beyond those that the city's people have."""
        area = np.array(_AREAS)[self.dice.below("neighbour/area", self.citizens, len(_AREAS))]
        birth = super().nik // 10_000 % 1_000_000
        nik: Ints = (area * 1_000_000 + birth) * 10_000 + 5_000 + self.citizens % 5_000
        return nik

    def addresses(self, people: Ints) -> pa.Array:
        """As in the city, but with the name of a town outside it."""
        town = pa.array(_TOWNS).take(
            pa.array(self.dice.below("neighbour/town", people, len(_TOWNS)))
        )
        street = pc.replace_substring_regex(super().addresses(people), ", Kel[.] .*", "")
        return pc.binary_join_element_wise(street, town, ", ")
