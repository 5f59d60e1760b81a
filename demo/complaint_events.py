"""What departments did about complaints: dispositions and follow-ups, numbered as they happened."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from demo.complaints import Complaints
from demo.days import DAY, HOUR, NEVER, office_moment
from demo.departments import POSITION
from demo.dice import Bools, Ints

_MOST_FOLLOW_UPS = 3


@dataclass(frozen=True)
class Events:
    """Rows that hang on a complaint, those already deleted left out.

    ``number`` counts all that ever happened, in order of time, as an AUTO_INCREMENT key does.
    """

    number: Ints
    complaint: Ints
    department: Ints
    moment: Ints
    kind: Ints

    @classmethod
    def collect(
        cls, complaints: Complaints, parts: list[tuple[Ints, Ints]], *, kinds: list[int]
    ) -> "Events":
        """``parts`` are (moment, department) for every complaint, NEVER where there is none."""
        everyone = complaints.ids
        moment = np.concatenate([moments for moments, _ in parts])
        department = np.concatenate([departments for _, departments in parts])
        complaint = np.tile(everyone, len(parts))
        kind = np.repeat(np.array(kinds), len(everyone))
        happened = np.flatnonzero(moment < complaints.now)
        order = happened[np.lexsort((complaint[happened], moment[happened]))]
        kept = complaints.is_present[complaint[order]]
        number = np.flatnonzero(kept) + 1
        order = order[kept]
        return cls(number, complaint[order], department[order], moment[order], kind[order])


@dataclass(frozen=True)
class Dispositions:
    """Complaints passed on to departments. ``kind`` is 1 for the first time, 2 for the second."""

    complaints: Complaints

    @cached_property
    def events(self) -> Events:
        """All of them."""
        c = self.complaints
        first, second = c.first_disposition, c.second_disposition
        parts = [(first, c.first_department), (second, c.department)]
        return Events.collect(c, parts, kinds=[1, 2])

    @cached_property
    def is_annotated(self) -> Bools:
        """One in five gets a note when the work is finished."""
        c = self.complaints
        chosen = c.population.dice.chance("disposition/note", self.events.number, 0.2)
        return chosen & (c.done[self.events.complaint] < c.now)


FOLLOW_UP, FINISHED, REFUSED = 0, 1, 2


def follow_ups(complaints: Complaints) -> Events:
    """Reports of work between disposition and end, one at the end, one for each refusal of spam."""
    c = complaints
    dice = c.population.dice
    planned = dice.below("follow-up/count", c.ids, _MOST_FOLLOW_UPS + 1)
    start = np.where(c.last_disposition < NEVER, c.last_disposition, 0)
    working_time = np.where(c.done < NEVER, c.done - start, 20 * DAY)
    parts: list[tuple[Ints, Ints]] = []
    for n in range(_MOST_FOLLOW_UPS):
        spread = dice.uniform(f"follow-up/{n}", c.ids)
        moment = start + HOUR + (working_time * (n + spread) / _MOST_FOLLOW_UPS).astype(np.int64)
        moment = office_moment(moment, spread)
        happens = (n < planned) & (c.last_disposition < NEVER) & (moment < c.done) & ~c.is_spam
        parts.append((np.where(happens, moment, NEVER), c.department))
    parts.append((c.done, c.department))
    parts.append((c.refused, np.full(len(c.ids), POSITION["diskominfo"])))
    return Events.collect(c, parts, kinds=[FOLLOW_UP] * _MOST_FOLLOW_UPS + [FINISHED, REFUSED])
