"""The record of erasures: that a person was erased, when and why, and never who.

One file for the whole lake, one line a step, only ever appended to. Identifiers stand in it as
keyed tokens. It says what was erased, and by the same tokens which rows must not come back when the
source still has them.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from lake import columns as c
from lake.column import Column
from lake.token import token_sql

FILE = "erasures.jsonl"


class Withheld(BaseModel):
    """A row that was erased: it stays out as long as key and identifying value are the same.

    Both have to match, so that a key the source gives to somebody else is not withheld.
    """

    model_config = ConfigDict(frozen=True)

    app: str
    table: str
    key: tuple[str, ...]
    """A token for each key column; empty where the table has no key."""
    column: str
    value: str
    """The token of the identifying value."""


class ErasedTable(BaseModel):
    """What went from one table."""

    model_config = ConfigDict(frozen=True)

    table: str
    """``app.table``."""
    rows: int
    """Rows of the change log, past versions too."""
    current_rows: int
    """Of these: rows of the current state."""
    quarantined: int = 0
    files_rewritten: int = 0
    files_removed: int = 0


class Erasure(BaseModel):
    """One erasure; written when it begins, and again when it is finished."""

    model_config = ConfigDict(frozen=True)

    id: str
    begun_at: datetime
    finished_at: datetime | None = None
    reference: str
    """The request it answers: a file number, never a name."""
    done_by: str
    """The account that ran it."""
    identifiers: tuple[str, ...]
    """Tokens of the values looked for, so that the same request is recognised."""
    token_key_id: str
    tables: tuple[ErasedTable, ...] = ()
    withheld: tuple[Withheld, ...] = ()


def append(lake_dir: Path, erasure: Erasure) -> None:
    """Add a line; it is on the disk when this returns."""
    lake_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(lake_dir / FILE, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        os.write(descriptor, erasure.model_dump_json().encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def erasures(lake_dir: Path) -> list[Erasure]:
    """Every erasure as it last stood, oldest first."""
    path = lake_dir / FILE
    if not path.exists():
        return []
    last: dict[str, Erasure] = {}
    for line in path.read_text("utf-8").splitlines():
        entry = Erasure.model_validate_json(line)
        last[entry.id] = entry
    return list(last.values())


def unfinished(lake_dir: Path) -> list[Erasure]:
    """Erasures that were begun and not finished, and not done again since."""
    found = erasures(lake_dir)
    return [
        entry
        for place, entry in enumerate(found)
        if entry.finished_at is None
        and not any(
            later.finished_at and later.identifiers == entry.identifiers for later in found[place:]
        )
    ]


def replace_all(lake_dir: Path, entries: Iterable[Erasure]) -> None:
    """Write the record anew, for the rotation of the token key only."""
    fresh = lake_dir / f".{FILE}.new"
    fresh.write_text("".join(entry.model_dump_json() + "\n" for entry in entries), "utf-8")
    fresh.chmod(0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(lake_dir / FILE)


def erased_keys(lake_dir: Path, app: str, table: str) -> list[Withheld]:
    """The rows of a table that must not come back."""
    return [
        row
        for entry in erasures(lake_dir)
        for row in entry.withheld
        if (row.app, row.table) == (app, table)
    ]


def withheld_sql(
    withheld: Iterable[Withheld], columns: Sequence[Column], key: Sequence[str]
) -> str | None:
    """The condition that a landed row is one of an erased person; None where nobody was erased.

    It needs ``bind_key`` on the connection. Columns that do not land can't be compared.
    """
    known = {column.name: column for column in columns}
    conditions = [
        condition
        for column, rows in _by_column(withheld).items()
        if column in known and (condition := _condition(rows, known, column, key))
    ]
    return f"coalesce({' or '.join(conditions)}, false)" if conditions else None


def token_of(name: str, policy: str) -> str:
    """The expression of the token of a landed value: a token column is one already."""
    value = f"trim(cast({c.quoted(name)} as varchar))"
    return c.quoted(name) if policy == "token" else token_sql(value)


def _by_column(withheld: Iterable[Withheld]) -> dict[str, list[Withheld]]:
    columns: dict[str, list[Withheld]] = {}
    for row in withheld:
        columns.setdefault(row.column, []).append(row)
    return columns


def _condition(
    rows: Sequence[Withheld], known: dict[str, Column], column: str, key: Sequence[str]
) -> str | None:
    """The value is tried first: it costs one token, and hardly any row goes on from there."""
    values = ", ".join(sorted({c.literal(row.value) for row in rows}))
    condition = f"{token_of(column, known[column].policy)} in ({values})"
    keys = {row.key for row in rows if len(row.key) == len(key)}
    if not key:
        return f"({condition})"
    if not keys:
        return None
    tokens = ", ".join(token_of(name, known[name].policy) for name in key)
    listed = ", ".join(sorted(f"({', '.join(map(c.literal, one))})" for one in keys))
    listed = listed if len(key) > 1 else listed.replace("(", "").replace(")", "")
    return f"({condition} and ({tokens}) in ({listed}))"
