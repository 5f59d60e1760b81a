"""What the demo has to know about one legacy app: one entry in ``demo.apps``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.keeper import Home
from demo.service import Service
from demo.table import Table

if TYPE_CHECKING:
    from demo.city import City


@dataclass(frozen=True)
class Personal:
    """Which columns of a table say who somebody is; None where it has no such column.

    The table says in ``Table.people`` whom each of its rows is about. Where a row names a second
    person, a second one of these tells that person's columns.
    """

    table: str
    name: str | None = "nama"
    nik: str | None = "nik"
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class App:
    """One legacy app; ``id`` is also the id of kota's connection to it."""

    id: str
    tables: Callable[["City"], list[Table]]
    """Its tables as they stand on a morning, parents before children."""
    home: Home
    """What holds its data: a database of some kind, or a folder of files."""
    personal: tuple[Personal, ...] = ()
    """Where it holds personal data, for the test that none of it leaks."""
    staff: tuple[str, ...] = ()
    """Names of people who work there and turn up in its rows."""
    service: Service | None = None
    """The program that stands between its data and everybody else, if there is one."""
