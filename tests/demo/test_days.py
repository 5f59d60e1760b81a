"""The demo's offices keep the holidays that the warehouse counts by."""

from datetime import date

import numpy as np

from demo.days import day_number, midnight, working_days_later


def test_offices_are_closed_over_lebaran() -> None:
    """From 17 March 2026: joint leave, Nyepi, Idul Fitri and a weekend, until the 25th."""
    before = np.array([midnight(date(2026, 3, 17))])

    (after,) = working_days_later(before, np.array([1.0]), np.array([0.5])) // 86_400

    assert after == day_number(date(2026, 3, 25))
