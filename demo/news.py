"""What the press office publishes: some two items a day, a few of them edited afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from demo.areas import Areas
from demo.days import HOUR, Stream, day_number, midnight, weekday
from demo.dice import Bools, Dice, Ints
from demo.news_topics import BEATS
from demo.spec import CitySpec

NEWS_DAYS = 400
FEED_ITEMS = 30
"""The feed shows the newest; older items fall out of it and are only on the site."""

_WEEK = np.array([2.4, 2.4, 2.4, 2.4, 2.2, 1.2, 1.0])  # Monday first
_CLOCK = np.array([0] * 7 + [2, 5, 8, 9, 7, 4, 6, 7, 6, 5, 3, 2, 2, 1, 1, 0, 0], dtype=float)
_EDITED = 0.18


@dataclass(frozen=True)
class News:
    """Every item published up to the morning of ``today``, by position in order of time."""

    spec: CitySpec
    areas: Areas
    today: date

    @cached_property
    def dice(self) -> Dice:
        """The chance of this city."""
        return Dice(self.spec.seed)

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def stream(self) -> Stream:
        """How many came on each day; at least one."""
        start = self.spec.opened - timedelta(days=NEWS_DAYS)
        days = np.arange(day_number(start), day_number(self.today))
        return Stream.daily(self.dice, "news", start, self.today, _WEEK[weekday(days)])

    @cached_property
    def ids(self) -> Ints:
        """Positions of all items."""
        return np.arange(self.stream.total)

    @cached_property
    def published(self) -> Ints:
        """When each went out."""
        return self.stream.moments(self.dice, "news", _CLOCK)

    @cached_property
    def beat(self) -> Ints:
        """What each is about: a position in ``BEATS``."""
        return self.dice.choice("news/beat", self.ids, [beat.weight for beat in BEATS])

    @cached_property
    def kelurahan(self) -> Ints:
        """The place it may name."""
        return self.dice.choice("news/kelurahan", self.ids, self.areas.weights)

    @cached_property
    def edited(self) -> Ints:
        """When its title was changed, were it one of those that are: hours or a day later."""
        return self.published + HOUR + self.dice.below("news/edit", self.ids, 30 * HOUR)

    @cached_property
    def is_edited(self) -> Bools:
        """Whether the site shows another title than at first."""
        chosen = self.dice.chance("news/edited", self.ids, _EDITED)
        edited: Bools = chosen & (self.edited < self.now)
        return edited

    @cached_property
    def in_feed(self) -> Ints:
        """The items in the feed this morning, newest first."""
        return self.ids[::-1][:FEED_ITEMS]

    @cached_property
    def changed(self) -> int:
        """When the feed last changed."""
        at = self.in_feed
        edits = np.where(self.is_edited[at], self.edited[at], 0)
        return int(max(self.published[at].max(), edits.max()))
