"""How a caller is told how far a look at a source has come."""

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Told before each table: how many are done, how many there are, and which one is next."""
