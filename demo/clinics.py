"""The community health centres (puskesmas): where they are, and whom they serve."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from demo.areas import Areas
from demo.dice import Bools, Floats, Ints

CLINICS = 33
"""Rather fewer than the city has; one of them stands in a kelurahan that gives it its name."""


@dataclass(frozen=True)
class Clinics:
    """Clinics by position, kecamatan by kecamatan."""

    areas: Areas

    @cached_property
    def kelurahan(self) -> Ints:
        """Where each stands: in every kecamatan two at least, the rest where most people live."""
        kecamatan = np.arange(len(self.areas.kecamatan_codes))
        people = np.bincount(self.areas.kecamatan_of, self.areas.weights)
        count = np.full(len(kecamatan), 2)
        for _ in range(CLINICS - int(count.sum())):
            count[np.argmax(people / count)] += 1
        chosen = []
        for place in kecamatan:
            inside = np.flatnonzero(self.areas.kecamatan_of == place)
            # Spread over the list of kelurahan, which runs through the kecamatan.
            chosen.append(inside[np.linspace(0, len(inside) - 1, count[place]).astype(np.int64)])
        return np.concatenate(chosen)

    @cached_property
    def nearest(self) -> Ints:
        """The clinic that serves each kelurahan: the nearest one in its own kecamatan."""
        served = self._distances + np.where(self._is_abroad, 10.0, 0.0)
        nearest: Ints = np.argmin(served, axis=1).astype(np.int64)
        return nearest

    @cached_property
    def second(self) -> Ints:
        """Where people of each kelurahan go who do not go there: the next one, wherever it is."""
        others = self._distances.copy()
        others[np.arange(len(others)), self.nearest] = np.inf
        second: Ints = np.argmin(others, axis=1).astype(np.int64)
        return second

    @property
    def _distances(self) -> Floats:
        """Degrees between each kelurahan and each clinic: near enough for a city."""
        latitude = self.areas.latitude[:, None] - self.areas.latitude[self.kelurahan]
        longitude = self.areas.longitude[:, None] - self.areas.longitude[self.kelurahan]
        return np.hypot(latitude, longitude)

    @property
    def _is_abroad(self) -> Bools:
        kecamatan = self.areas.kecamatan_of
        return np.asarray(kecamatan[:, None] != kecamatan[self.kelurahan])

    @cached_property
    def codes(self) -> list[str]:
        """Codes as the health ministry gives them: P, the BPS code of the kecamatan, a number."""
        kecamatan = self.areas.kecamatan_of[self.kelurahan]
        rank = np.arange(len(kecamatan)) - np.searchsorted(kecamatan, kecamatan)
        return [
            f"P{self.areas.kecamatan_bps[place]}{number + 1:03d}"
            for place, number in zip(kecamatan.tolist(), rank.tolist(), strict=True)
        ]

    @cached_property
    def names(self) -> pa.Array:
        """Names without the word Puskesmas: those of their kelurahan."""
        return self.areas.kelurahan_name(self.kelurahan)
