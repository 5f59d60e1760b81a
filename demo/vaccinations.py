"""Vaccinations of small children, as numbers."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from demo.days import DAY, HOUR, day_number
from demo.dice import Ints
from demo.population import Population

VACCINES = (
    ("HB0", 1), ("BCG", 30), ("OPV1", 30), ("DPT-HB-Hib1", 60), ("OPV2", 60),
    ("DPT-HB-Hib2", 90), ("OPV3", 90), ("DPT-HB-Hib3", 120), ("OPV4", 120), ("IPV", 120),
    ("MR1", 274), ("DPT-HB-Hib4", 548), ("MR2", 548),
)  # fmt: skip
"""Names, and days of age at which they are due (basic schedule, Permenkes 12/2017)."""
_GIVEN = 0.9


@dataclass(frozen=True)
class Vaccinations:
    """Every vaccination up to the morning of ``today``, by position (id − 1), in order of time."""

    population: Population
    today: date

    @cached_property
    def _given(self) -> tuple[Ints, Ints, Ints]:
        """Child, vaccine and moment of each."""
        people, dice = self.population, self.population.dice
        start, oldest = day_number(people.spec.history_start), VACCINES[-1][1] + 200
        child = np.flatnonzero(people.birth_day > start - oldest)
        children, vaccine = (
            grid.ravel() for grid in np.meshgrid(child, np.arange(len(VACCINES)), indexing="ij")
        )
        event = children * len(VACCINES) + vaccine
        due = people.birth_day[children] + np.array([days for _, days in VACCINES])[vaccine]
        late = np.minimum(dice.lognormal("vaccine/late", event, 6.0, 1.0), 190.0).astype(np.int64)
        # On days on which the clinics vaccinate: Monday to Friday.
        day = np.busday_offset((due + late).astype("datetime64[D]"), 0, roll="forward")
        days = day.astype(np.int64)
        happens = dice.chance("vaccine/given", event, _GIVEN) & (days >= start)
        happens &= days < day_number(self.today)
        order = np.lexsort((event, days))
        order = order[happens[order]]
        clock = 8 * HOUR + (dice.uniform("vaccine/clock", event) * 4 * HOUR).astype(np.int64)
        return children[order], vaccine[order], (days * DAY + clock)[order]

    @property
    def child(self) -> Ints:
        """The citizen vaccinated."""
        return self._given[0]

    @property
    def vaccine(self) -> Ints:
        """A position in ``VACCINES``."""
        return self._given[1]

    @property
    def moment(self) -> Ints:
        """When."""
        return self._given[2]
