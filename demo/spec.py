"""What makes two demo cities the same: size, seed, and the day they opened."""

from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

HISTORY_DAYS = 548
"""Eighteen months of complaints and permits lie behind the opening day."""

PRICE_DAYS = 400
"""Days of market prices behind the opening day."""

TIMEZONE = ZoneInfo("Asia/Jakarta")


def today() -> date:
    """Today in the city."""
    return datetime.now(TIMEZONE).date()


class CitySpec(BaseModel):
    """A city, completely: everything in it is a function of these fields and of the present day.

    On the morning of a day the apps hold all that happened before its midnight, so no row is ever
    ahead of the clock.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    citizens: Annotated[int, Field(ge=100)] = 20_000
    seed: int = 3671
    opened: date = Field(default_factory=today)
    dirtiness: Annotated[float, Field(ge=0)] = 1.0
    """Multiplies how often people at the counters write something wrong."""

    @property
    def history_start(self) -> date:
        """The first day with complaints and permit applications."""
        return self.opened - timedelta(days=HISTORY_DAYS)

    @property
    def prices_start(self) -> date:
        """The first day with market prices."""
        return self.opened - timedelta(days=PRICE_DAYS)
