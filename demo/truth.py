"""What is really in the apps, so that tests can compare: written by whoever loads or advances."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from demo.apps import APPS
from demo.city import City
from demo.complaint_events import Dispositions
from demo.credentials import write_private
from demo.departments import DEPARTMENTS
from demo.drop_folder import Folder, file_times
from demo.request_truth import request_counts
from demo.spec import CitySpec
from demo.table import Change, Table

FILE_NAME = "truth.json"

Key = int | str


class TableTruth(BaseModel):
    """One table: how many rows it has, which are dirty, and what the last step did to it.

    Keys are as in the table. ``inserted``, ``changed`` and ``deleted`` are empty after a load.
    """

    model_config = ConfigDict(extra="forbid")

    rows: int
    dirt: dict[str, list[Key]]
    inserted: list[Key] = []
    changed: list[Key] = []
    deleted: list[Key] = []


class ComplaintTruth(BaseModel):
    """What the marts should say about LAKSA's complaints."""

    model_config = ConfigDict(extra="forbid")

    spam: int
    """Rows with status 9; not in the marts."""
    expected: int
    """Rows in the marts: all but spam."""
    by_status: dict[str, int]
    """``new``, ``in_progress``, ``done``; without spam."""
    by_department: dict[str, int]
    """By the department of the last disposition, ``unassigned`` without one; without spam."""
    kecamatan: dict[int, str]
    """The true kecamatan (Kemendagri code) of every complaint by id, whatever was typed."""


class AppTruth(BaseModel):
    """One app: what holds it, its tables, and the files it dropped.

    ``files`` says when each was last written, in seconds since 1970 UTC; empty for a database.
    """

    model_config = ConfigDict(extra="forbid")

    engine: str
    tables: dict[str, TableTruth]
    files: dict[str, int] = {}


class Truth(BaseModel):
    """The truth about a loaded city on the morning of ``day``; ``held`` has the apps it is in."""

    model_config = ConfigDict(extra="forbid")

    spec: CitySpec
    day: date
    held: dict[str, AppTruth]
    complaints: ComplaintTruth
    requests: dict[str, int]
    """Requests of citizens by app, whatever they are called there."""

    @property
    def apps(self) -> dict[str, dict[str, TableTruth]]:
        """The tables of each app."""
        return {app_id: app.tables for app_id, app in self.held.items()}

    @classmethod
    def of(
        cls,
        city: City,
        engines: Mapping[str, str] | None = None,
        changes: Mapping[str, Mapping[str, Change]] | None = None,
        before: City | None = None,
    ) -> Self:
        """The truth about ``city``; ``engines`` says which apps it is loaded into, and what holds
        them (default: all, in nothing); ``changes`` by app and table is what the step from
        ``before`` did."""
        engines = dict.fromkeys(APPS, "") if engines is None else engines
        complaints = _complaint_truth(city)
        return cls(
            spec=city.spec,
            day=city.day,
            held={
                app_id: AppTruth(
                    engine=engine,
                    tables=_table_truths(
                        city.tables[app_id],
                        None if before is None else before.tables[app_id],
                        None if changes is None else changes[app_id],
                    ),
                    files=_files(city, app_id),
                )
                for app_id, engine in engines.items()
            },
            complaints=complaints,
            requests=dict(request_counts(city, complaints.expected)),
        )

    @classmethod
    def read(cls, state_dir: Path) -> Self | None:
        """The truth written last in that folder; None if nothing is completely loaded, or only a
        city of an older demo, which had fewer apps."""
        path = state_dir / FILE_NAME
        try:
            return cls.model_validate_json(path.read_bytes()) if path.exists() else None
        except ValidationError:
            return None

    def write(self, state_dir: Path) -> None:
        """Replace the file in one step: a reader sees the old truth or the new."""
        write_private(state_dir / FILE_NAME, self.model_dump_json())


def _files(city: City, app_id: str) -> dict[str, int]:
    home = APPS[app_id].home
    return file_times(home.files(city)) if isinstance(home, Folder) else {}


def _table_truths(
    tables: Iterable[Table], before: Iterable[Table] | None, changes: Mapping[str, Change] | None
) -> dict[str, TableTruth]:
    old = {} if before is None else {table.name: table for table in before}
    return {
        table.name: _table_truth(
            table, old.get(table.name), None if changes is None else changes[table.name]
        )
        for table in tables
    }


def _table_truth(table: Table, before: Table | None, change: Change | None) -> TableTruth:
    dirt = {kind: table.keys(ids) for kind, ids in table.dirt.items()}
    if change is None or before is None:
        return TableTruth(rows=len(table.ids), dirt=dirt)
    return TableTruth(
        rows=len(table.ids),
        dirt=dirt,
        inserted=table.keys(table.ids[change.inserted]),
        changed=table.keys(table.ids[change.changed]),
        deleted=before.keys(change.deleted),
    )


def _complaint_truth(city: City) -> ComplaintTruth:
    c = city.complaints
    present = np.flatnonzero(c.is_present)
    status = c.status[present]
    real = status != 9
    names = {0: "new", 1: "in_progress", 2: "done"}
    events = Dispositions(c).events
    department = np.full(len(c.ids), -1)
    department[events.complaint] = events.department  # in order of time: the last one stays
    codes = ["unassigned", *(d.code for d in DEPARTMENTS)]
    areas = city.population.areas
    kecamatan = areas.kecamatan_of[c.kelurahan[present]].tolist()
    return ComplaintTruth(
        spam=int((~real).sum()),
        expected=int(real.sum()),
        by_status={name: int((status == value).sum()) for value, name in names.items()},
        by_department=dict(Counter(codes[d + 1] for d in department[present][real].tolist())),
        kecamatan={
            complaint + 1: areas.kecamatan_codes[code]
            for complaint, code in zip(present.tolist(), kecamatan, strict=True)
        },
    )
