"""A small legacy database that is never still, and what each of its states means in the lake.

Four tables, each taken in in another way: letters (incremental, a token, a contract, values that
can't be read), streets (snapshot with a key), stalls (snapshot without one), events (append).
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import yaml

from connectors.registry import App, Column
from lake.token import token, token_keys

ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 1, 5, 8)  # noqa: DTZ001 - a legacy database has naive local times
KINDS = ("A", "B", "C")

REGISTRY = """
app: town
name: A town
description: For tests.
department: diskominfo
owner: town@kota.example
tier: 3
connection: town
timezone: Asia/Jakarta
schedule: "@daily"
freshness_hours: 24
tables:
  letters:
    key: [id]
    mode: incremental
    cursor: changed_at
    max_deleted_share: 1
    columns:
      nik: {personal: umum, policy: token}
      kind: {domain: [A, B, C]}
  streets:
    key: [code]
    mode: snapshot
    max_deleted_share: 1
  stalls:
    key: []
    mode: snapshot
    max_deleted_share: 1
  events:
    key: [id]
    mode: append
    cursor: seq
    lookback: 5
    max_deleted_share: 1
"""
SCHEMA = """
pragma journal_mode = wal;
create table letters (id integer, nik text, kind text, amount decimal(10, 2), changed_at datetime);
create table streets (code text, name text);
create table stalls (name text, price integer);
create table events (id integer, seq integer, what text);
"""
VALUES = {
    "letters": ("nik", "kind", "amount", "changed_at", "note"),
    "streets": ("code", "name"),
    "stalls": ("name", "price"),
    "events": ("id", "seq", "what"),
}
"""The columns by which versions of a row are compared; ``note`` is added in mid-story."""

Version = tuple[str | None, ...]


@dataclass(frozen=True)
class Held:
    """A record that belongs in the quarantine."""

    rule: str
    key: str | None
    values: tuple[str | None, ...]
    """Kind, amount and time as they are at the source."""


@dataclass(frozen=True)
class State:
    """A table at one moment, as the lake ought to have it."""

    rows: dict[str, Version | None]
    """By key; None for a row that is held back, of which the lake may know an older version."""
    held: Counter[Held]


class Town:
    """The source, and the app as registered."""

    def __init__(self, folder: Path, random: Random, tables: list[str]) -> None:
        self.random = random
        self.tables = tables
        self.path = folder / "town.sqlite"
        self.clock = START
        self.has_note = False
        self.is_punctual = random.random() < 0.5
        """Changes of an hour have later times than those before: no look-back is needed."""
        said = yaml.safe_load(REGISTRY)
        said["tables"] = {name: said["tables"][name] for name in tables}
        if self.is_punctual and "letters" in said["tables"]:
            said["tables"]["letters"]["lookback"] = 0
        self.app = App.model_validate(said)
        self._gone: dict[str, list[tuple[object, ...]]] = {name: [] for name in tables}
        self._next = 0
        # Open to the end: whoever opens SQLite's log first has to write, and a full disk is to
        # be the lake's.
        self.con = sqlite3.connect(self.path)
        with self.con as con:
            con.executescript(SCHEMA)
            for table in tables:
                self._insert(con, table, random.randint(15, 60))

    def loads_in_parts(self, rows: int) -> None:
        """Load tables with whole-number keys in parts of about so many rows."""
        # Smaller than the registry takes, so that small tables have several parts.
        politeness = self.app.politeness.model_copy(update={"part_rows": rows})
        self.app = self.app.model_copy(update={"politeness": politeness})

    def change(self) -> str:
        """Let something happen in every table; says what, in words."""
        self.clock += timedelta(hours=1)
        with self.con as con:
            said = [
                f"{table}: {', '.join(self._change(con, table))}"
                for table in self.tables
                if self.random.random() < 0.85
            ]
        return "; ".join(said) or "nothing changes"

    def alter(self) -> str:
        """Change a column; says which, in words. Only letters do."""
        if "letters" not in self.tables:
            return "no column changes"
        if not self.has_note:
            with self.con as con:
                con.execute("alter table letters add column note text")
            self.has_note = True
            return "letters has a new column note"
        letters = self.app.tables["letters"]
        amount = Column(type="DECIMAL(12, 2)")
        wider = letters.model_copy(update={"columns": {**letters.columns, "amount": amount}})
        self.app = self.app.model_copy(update={"tables": {**self.app.tables, "letters": wider}})
        return "letters.amount becomes wider"

    def states(self) -> dict[str, State]:
        """All tables as they are now."""
        return {table: self._state(self.con, table) for table in self.tables}

    def _change(self, con: sqlite3.Connection, table: str) -> list[str]:
        actions = {
            "letters": (
                "new", "new", "changed", "changed", "deleted", "come back", "late", "timeless",
                "unreadable", "of no kind", "without a key", "repaired",
            ),
            "streets": ("new", "changed", "deleted", "come back"),
            "stalls": ("new", "changed", "deleted", "come back", "again"),
            "events": ("new", "new", "deleted", "come back", "late"),
        }[table]  # fmt: skip
        said = []
        for action in self.random.sample(actions, self.random.randint(1, 3)):
            number = self.random.randint(1, 6)
            if action in {"new", "late", "timeless", "without a key"}:
                self._insert(con, table, number, action)
            elif action == "come back":
                number = self._bring_back(con, table, number)
            else:
                chosen = self._chosen(con, table, number, action)
                number = len(chosen)
                for row in chosen:
                    self._touch(con, table, action, row)
            said.append(f"{number} {action}")
        return said

    def _insert(
        self, con: sqlite3.Connection, table: str, number: int, action: str = "new"
    ) -> None:
        for _ in range(number):
            self._next += 1
            some = self.random.randint(1, 999)
            row: tuple[object, ...]
            if table == "letters":
                key = None if action == "without a key" else self._next
                at = {
                    "late": f"{START - timedelta(days=some)}",
                    "timeless": None,
                }.get(action, self._now())
                row = (key, f"36710{some:011}", self._kind(), f"{some}.25", at)
                row += (f"note {some}",) if self.has_note else ()
            elif table == "streets":
                row = (f"S{self._next}", f"Jalan {some}")
            elif table == "stalls":
                row = self._stall()
            else:
                seq = self._next - 300 if action == "late" else self._next
                row = (self._next, seq, f"event {some}")
            self._put(con, table, row)

    def _put(self, con: sqlite3.Connection, table: str, row: tuple[object, ...]) -> None:
        if table == "letters" and self.has_note and len(row) == 5:
            row = (*row, None)
        con.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)

    def _bring_back(self, con: sqlite3.Connection, table: str, number: int) -> int:
        gone = self._gone[table]
        back = [gone.pop(self.random.randrange(len(gone))) for _ in range(min(number, len(gone)))]
        for row in back:
            self._put(con, table, row)
        return len(back)

    def _chosen(
        self, con: sqlite3.Connection, table: str, number: int, action: str
    ) -> list[tuple[object, ...]]:
        test = "true"
        if table == "letters":
            broken = "(kind = 'X' or amount = 'abc')"
            test = broken if action == "repaired" else f"not {broken} and id is not null"
            test = "true" if action == "deleted" else test
        rows = con.execute(f"select rowid, * from {table} where {test} order by rowid").fetchall()
        return self.random.sample(rows, min(number, len(rows)))

    def _touch(
        self, con: sqlite3.Connection, table: str, action: str, row: tuple[object, ...]
    ) -> None:
        some = self.random.randint(1, 999)
        rowid = row[0]
        if action == "deleted":
            self._gone[table].append(row[1:])
            con.execute(f"delete from {table} where rowid = ?", (rowid,))
        elif action == "again":
            self._put(con, table, row[1:])
        elif table == "letters":
            kind = "X" if action == "of no kind" else self._kind()
            amount = "abc" if action == "unreadable" else f"{some}.5"
            at = None if row[5] is None and self.random.random() < 0.5 else self._now()
            con.execute(
                "update letters set kind = ?, amount = ?, changed_at = ? where rowid = ?",
                (kind, amount, at, rowid),
            )
        elif table == "streets":
            con.execute("update streets set name = ? where rowid = ?", (f"Jalan {some}", rowid))
        elif table == "stalls":
            con.execute(
                "update stalls set name = ?, price = ? where rowid = ?", (*self._stall(), rowid)
            )

    def _stall(self) -> tuple[str, int]:
        return f"Kios {self.random.randint(1, 6)}", self.random.randint(1, 4)

    def _kind(self) -> str:
        return self.random.choice(KINDS)

    def _now(self) -> str:
        """Of this hour or, unpunctually, of up to two before; many rows share one."""
        quarters = self.random.randint(0, 3) if self.is_punctual else self.random.randint(-8, 0)
        return str(self.clock + timedelta(minutes=15 * quarters))

    def _state(self, con: sqlite3.Connection, table: str) -> State:
        rows: dict[str, Version | None] = {}
        held: Counter[Held] = Counter()
        found = con.execute(f"select * from {table} order by rowid").fetchall()
        if table == "stalls":
            copies: Counter[tuple[str | None, ...]] = Counter()
            for row in found:
                values = _texts(row)
                copies[values] += 1
                rows["|".join([*map(str, values), str(copies[values])])] = values
        elif table != "letters":
            rows = {str(row[0]): _texts(row) for row in found}
        else:
            for row in found:
                broken = _broken_rule(row)
                key = None if row[0] is None else str(row[0])
                if broken:
                    held[Held(broken, key, _texts(row[2:5]))] += 1
                if key is not None:
                    rows[key] = None if broken == "domain" else _letter(row)
        return State(rows, held)


def _broken_rule(row: tuple[object, ...]) -> str | None:
    if row[0] is None:
        return "missing_key"
    if row[2] not in KINDS:
        return "domain"
    return "undecodable_value" if row[3] == "abc" else None


def _letter(row: tuple[object, ...]) -> Version:
    """A letter as the lake has it: a token, an exact amount, an instant."""
    _, nik, kind, amount, at, *note = row
    exact = None
    try:
        exact = str(Decimal(str(amount)).quantize(Decimal("0.01")))
    except InvalidOperation:
        exact = None
    instant = None
    if at is not None:
        local = datetime.fromisoformat(str(at)).replace(tzinfo=ZONE)
        instant = local.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00")
    said = str(note[0]) if note and note[0] is not None else None
    return token(str(nik), token_keys()), str(kind), exact, instant, said


def _texts(values: tuple[object, ...]) -> tuple[str | None, ...]:
    return tuple(None if value is None else str(value) for value in values)
