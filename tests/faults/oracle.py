"""What the lake must be after all that happened, told from the source alone.

Every difference is a sentence; no sentence means that everything arrived exactly once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from connectors.registry import App
from kota.settings import Settings
from lake import columns as c
from lake.delta_log import read_log
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable
from lake.verify import verify
from tests.faults.town import VALUES, Held, State, Version


def differences(
    app: App, settings: Settings, observed: Sequence[dict[str, State]]
) -> Iterator[str]:
    """Where the lake is not what the source, in the states that runs saw, explains."""
    with connect(settings) as con:
        for name, entry in app.tables.items():
            table = LakeTable(settings.lake_dir, app.app, name)
            states = [state[name] for state in observed]
            if not table.exists():
                yield f"{name}: was never loaded"
                continue
            checked = verify(table, settings, entry.key)
            yield from (finding.sentence for finding in checked.findings if finding.is_damage)
            lake = _Lake(con, table, name, entry.key)
            yield from _wrong_state(lake, states)
            yield from _wrong_history(lake, states)
            yield from _wrong_ledger(lake)
        if "letters" in app.tables:
            quarantine = Quarantine(settings.lake_dir, app.app)
            yield from _wrong_quarantine(con, quarantine, observed[-1]["letters"])


class _Lake:
    """A table in the lake, its rows as the town's states have them."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, table: LakeTable, name: str, key: Sequence[str]
    ) -> None:
        self.con = con
        self.table = table
        self.name = name
        self.key = key
        there = table.source_types()
        values = [
            f"cast({c.quoted(column)} as varchar)" if column in there else "null"
            for column in VALUES[name]
        ]
        self.values = f"[{', '.join(values)}]"
        parts = ", ".join(f"cast({c.quoted(column)} as varchar)" for column in c.identity(key))
        self.identity = f"concat_ws('|', {parts})"
        self.names = {} if key else self._names_by_hash()

    def current(self) -> dict[str, Version]:
        """The current state by key."""
        query = f"select {self.identity}, {self.values} from ({self.table.current(self.key)})"
        rows = self.con.execute(query).fetchall()
        return {self.names.get(key, key): tuple(values) for key, values in rows}

    def log(self) -> list[tuple[str, int, str, Version]]:
        """The change log: key, batch, operation, values; for each key from old to new."""
        query = (
            f"select {self.identity}, {c.BATCH}, {c.OP}, {self.values} "
            f"from {self.table.relation()} order by 1, 2, {c.OP}"
        )
        rows = self.con.execute(query).fetchall()
        return [(self.names.get(key, key), b, op, tuple(values)) for key, b, op, values in rows]

    def _names_by_hash(self) -> dict[str, str]:
        """Without a key, a tombstone tells hash and copy; the town's states know the content."""
        query = (
            f"select {self.identity}, concat_ws('|', {', '.join(VALUES[self.name])}, {c.COPY}) "
            f"from {self.table.relation()} where {c.OP} = '{c.UPSERT}'"
        )
        return dict(self.con.execute(query).fetchall())


def _wrong_state(lake: _Lake, states: Sequence[State]) -> Iterator[str]:
    now, there = states[-1].rows, lake.current()
    for key in sorted(set(now) | set(there)):
        if key not in now:
            yield f"{lake.name} {key}: is gone at the source and still in the lake"
        elif now[key] is None:
            seen = [state.rows.get(key) for state in states]
            if key in there and there[key] not in seen:
                yield f"{lake.name} {key}: is held back, and the lake has what it never was"
        elif key not in there:
            yield f"{lake.name} {key}: is at the source and not in the lake"
        elif there[key] != now[key]:
            yield f"{lake.name} {key}: is {now[key]} at the source and {there[key]} in the lake"


def _wrong_history(lake: _Lake, states: Sequence[State]) -> Iterator[str]:
    """Every change in the log must have happened, in this order, and be there once."""
    key, place, last = None, 0, None
    seen: set[tuple[str, int]] = set()
    for now, batch, operation, values in lake.log():
        if now != key:
            key, place, last = now, 0, None
        what = values if operation == c.UPSERT else None
        where = f"{lake.name} {key}, batch {batch}"
        if (now, batch) in seen:
            yield f"{where}: is there twice"
        seen.add((now, batch))
        if (operation, what) == last:
            yield f"{where}: {operation} repeats what was there"
        last = (operation, what)
        found = next(
            (
                number
                for number, state in enumerate(states[place:], start=place)
                if (state.rows.get(key) == what if what else key not in state.rows)
            ),
            None,
        )
        if found is None:
            yield f"{where}: {operation} {values} was never so at the source, or not then"
        else:
            place = found


def _wrong_ledger(lake: _Lake) -> Iterator[str]:
    """Counts of every batch against a recount of the log up to it."""
    batches = [commit.batch for commit in read_log(lake.table.path) if commit.batch]
    log = lake.log()
    alive: set[str] = set()
    rows = 0
    for batch in batches:
        mine = [entry for entry in log if entry[1] == batch.number]
        operations = Counter(operation for _, _, operation, _ in mine)
        rows += len(mine)
        alive -= {key for key, _, operation, _ in mine if operation == c.DELETE}
        alive |= {key for key, _, operation, _ in mine if operation == c.UPSERT}
        counted: dict[str, Any] = {
            "rows_upserted": operations[c.UPSERT],
            "rows_deleted": operations[c.DELETE],
            "lake_rows": len(alive),
            "log_rows": rows,
        }
        for name, number in counted.items():
            if getattr(batch, name) != number:
                said = getattr(batch, name)
                yield f"{lake.name}: batch {batch.number} says {name} {said}, counted {number}"


def _wrong_quarantine(
    con: duckdb.DuckDBPyConnection, quarantine: Quarantine, now: State
) -> Iterator[str]:
    """What is broken at the source is open, once; what is open is broken at the source."""
    if not quarantine.exists():
        if now.held:
            yield f"letters: {len(now.held)} broken records and no quarantine"
        return
    fields = ", ".join(f"raw ->> '$.{name}'" for name in ("kind", "amount", "changed_at"))
    rows = con.execute(
        f"select entry, event, rule, raw ->> '$.id', [{fields}], raw is null "
        f"from {quarantine.relation()} order by noted_at, event <> 'open'"
    ).fetchall()
    records: dict[str, Held] = {}
    is_open: dict[str, bool] = {}
    for entry, event, rule, key, values, is_bare in rows:
        if event == "open" and is_open.get(entry):
            yield f"quarantine: {rule} of letter {key} was opened twice"
        is_open[entry] = event == "open"
        if not is_bare:
            records[entry] = Held(rule, key, tuple(values))
    standing = Counter(records[entry] for entry, is_it in is_open.items() if is_it)
    broken = {held.key for held in now.held}
    for held in sorted(set(now.held) | set(standing), key=str):
        if held not in standing:
            yield f"quarantine: {held} is broken at the source and not open"
        elif standing[held] > now.held[held] and held in now.held:
            yield f"quarantine: {held} is open {standing[held]} times"
        elif held not in now.held and held.key not in broken:
            yield f"quarantine: {held} is open and not at the source"
