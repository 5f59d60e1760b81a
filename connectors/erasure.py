"""Erase a person from the lake: which tables know them, and the order in which it is done.

UU PDP 27/2022 gives a person the right to it. The registry says which columns are personal, so a
value such as a NIK is looked for wherever a personal column has the name it was given under.
"""

import getpass
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from connectors.registry import App
from kota.settings import Settings
from lake.erase import Found, Target, erase, find
from lake.erasures import ErasedTable, Erasure, append
from lake.quarantine import Quarantine
from lake.quarantine_rewrite import Sought, count_quarantined, erase_quarantined
from lake.table import LakeTable
from lake.token import token, token_key_id, token_keys


class NothingToEraseByError(Exception):
    """What was asked for names no column of the registry."""


@dataclass(frozen=True)
class Identity:
    """A value that tells who somebody is, and where to look for it."""

    column: str
    """A column's name, or ``app.table.column`` for one that the registry does not call personal."""
    value: str


@dataclass(frozen=True)
class Match:
    """What one table has of a person."""

    sought: Sought
    found: Found
    quarantined: int

    @property
    def is_empty(self) -> bool:
        """Whether the table has nothing of the person."""
        return self.found.rows == 0 and self.quarantined == 0


def targets(
    apps: Mapping[str, App], identities: Sequence[Identity], settings: Settings
) -> list[Sought]:
    """Where to look. Raises ``NothingToEraseByError`` when a column is nowhere in the registry."""
    sought: list[Sought] = []
    for identity in identities:
        places = _places(apps, identity.column)
        if not places:
            raise NothingToEraseByError(
                f"no registered table has a personal column {identity.column}; "
                "name a column as APP.TABLE.COLUMN"
            )
        sought += [
            Sought(_target(app, table, column, settings), identity.value)
            for app, table, column in places
        ]
    return sought


def preview(sought: Sequence[Sought], settings: Settings) -> list[Match]:
    """What would be erased, in counts."""
    return [
        Match(
            one,
            find(one.target, one.value, settings),
            count_quarantined(_quarantine(one, settings), one, settings),
        )
        for one in sought
    ]


def erase_person(
    sought: Sequence[Sought],
    settings: Settings,
    reference: str,
    locks: Callable[[str], Sequence[AbstractContextManager[None]]],
) -> Erasure:
    """Remove the rows of a person from every table, app by app, and record that it was done.

    ``locks`` gives the locks of an app. What must not come back is recorded before anything goes,
    so that a kill loses none of it; doing it again finishes it.
    """
    keys = token_keys()
    begun = datetime.now(UTC)
    record = Erasure(
        id=f"{begun:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}",
        begun_at=begun,
        reference=reference,
        done_by=getpass.getuser(),
        identifiers=tuple(dict.fromkeys(token(one.value.strip(), keys) for one in sought)),
        token_key_id=token_key_id(keys),
    )
    for app in dict.fromkeys(one.target.table.app for one in sought):
        mine = [one for one in sought if one.target.table.app == app]
        with ExitStack() as stack:
            for lock in locks(app):
                stack.enter_context(lock)
            matches = preview(mine, settings)
            withheld = tuple(row for match in matches for row in match.found.withheld)
            record = record.model_copy(update={"withheld": record.withheld + withheld})
            append(settings.lake_dir, record)
            erased = tuple(_erase(match, settings, record.id) for match in matches)
            record = record.model_copy(update={"tables": record.tables + erased})
    record = record.model_copy(update={"finished_at": datetime.now(UTC)})
    append(settings.lake_dir, record)
    return record


def _erase(match: Match, settings: Settings, erasure: str) -> ErasedTable:
    one = match.sought
    removed = erase(one.target, one.value, settings, erasure)
    quarantined = erase_quarantined(_quarantine(one, settings), one, settings, erasure)
    return ErasedTable(
        table=one.target.table.name,
        rows=match.found.rows,
        current_rows=match.found.current_rows,
        quarantined=quarantined,
        files_rewritten=removed.files_rewritten,
        files_removed=removed.files_removed,
    )


def _places(apps: Mapping[str, App], column: str) -> list[tuple[App, str, str]]:
    if column.count(".") >= 2:
        app, table, name = column.split(".", 2)
        return [(apps[app], table, name)] if app in apps and table in apps[app].tables else []
    return [
        (app, table, name)
        for app in apps.values()
        for table, entry in app.tables.items()
        for name, said in entry.columns.items()
        if name.casefold() == column.casefold() and said.personal and said.policy != "drop"
    ]


def _target(app: App, table: str, column: str, settings: Settings) -> Target:
    entry = app.tables[table]
    policies = {name: said.policy for name, said in entry.columns.items() if said.policy != "keep"}
    return Target(
        LakeTable(settings.lake_dir, app.app, table), tuple(entry.key), column, dict(policies)
    )


def _quarantine(one: Sought, settings: Settings) -> Quarantine:
    return Quarantine(settings.lake_dir, one.target.table.app)
