"""How often the counter of an app writes something wrong."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Habits:
    """Probabilities a row; an error that a row does not allow (a man's maiden name) stays away."""

    nik_missing: float = 0.0
    nik_swapped: float = 0.0
    """Two neighbouring digits swapped."""
    nik_digit: float = 0.0
    """One digit wrong."""
    nik_is_head: float = 0.0
    """The number of the family's head instead."""
    name_typo: float = 0.0
    """A letter lost, doubled, swapped or neighbouring on the keyboard."""
    name_short: float = 0.0
    """A middle name dropped or abbreviated; ``Muhammad`` as ``Moh.``, ``M.``, ``Muh.``."""
    name_title: float = 0.0
    """H., Hj., Drs., S.E. added or dropped."""
    name_married: float = 0.0
    """A woman under her husband's last name."""
    name_order: float = 0.0
    """The last word first."""
    birth_swapped: float = 0.0
    """Day and month swapped, where that is a date."""
    birth_year: float = 0.0
    """A year off by one or by ten."""
    birth_first: float = 0.0
    """1 January of the year."""
    phone_missing: float = 0.0
    phone_old: float = 0.0
    """The number before the present one."""
    sex_wrong: float = 0.0
    capitals: float = 0.0
    """All capitals: no error, but how some write."""

    def scaled(self, factor: float) -> "Habits":
        """The same habits in a place that takes that much less care; at most 1 each."""
        return Habits(**{name: min(1.0, value * factor) for name, value in asdict(self).items()})
