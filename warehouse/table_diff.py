"""Two states of one mart, compared by key: which rows came, went and changed, and in what."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from lake.columns import quoted, quoted_list

EXAMPLES = 5
NUMBERS = ("INT", "DECIMAL", "DOUBLE", "FLOAT", "BOOLEAN")
Number = int | float


@dataclass(frozen=True)
class Rows:
    """Rows of one kind of change: how many, and the keys of a few."""

    count: int = 0
    keys: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Total:
    """A sum over all rows, before and after, and which rows moved it; of booleans, those true."""

    before: Number
    after: Number
    by_added: Number
    by_removed: Number
    by_changed: Number


@dataclass(frozen=True)
class TableDiff:
    """What differs between two states of a table."""

    table: str
    key: list[str]
    rows_before: int
    rows_after: int
    added: Rows
    removed: Rows
    changed: Rows
    columns: dict[str, int]
    """In how many of the changed rows each column differs; the most first."""
    totals: dict[str, Total]
    """Of every column of numbers whose sum differs."""
    columns_added: list[str]
    columns_removed: list[str]


def compare(
    con: duckdb.DuckDBPyConnection, before: str, after: str, table: str, key: Sequence[str]
) -> TableDiff:
    """``before`` and ``after`` are attached databases that both have ``marts.<table>``.

    Without a key all common columns are the key, and a changed row is one that went and one that
    came. Afterwards the temporary table ``differing`` has each such row: ``change`` (added,
    removed, changed), and the row itself as ``b`` before and ``a`` after.
    """
    left, right = (f"{quoted(side)}.marts.{quoted(table)}" for side in (before, after))
    types, later = column_types(con, left), column_types(con, right)
    common = [name for name in types if name in later]
    keys = [name for name in key if name in common] or common
    values = [name for name in common if name not in keys]
    flags = [f"b.{quoted(n)} is distinct from a.{quoted(n)}" for n in values]
    same = " and ".join(f"b.{quoted(n)} is not distinct from a.{quoted(n)}" for n in keys)
    con.execute(
        "create or replace temp table differing as select "
        "case when b.is_there is null then 'added' when a.is_there is null then 'removed' "
        f"else 'changed' end as change, b, a, [{', '.join(flags)}] as flags "
        f"from (select {quoted_list(common)}, true as is_there from {left}) b "
        f"full join (select {quoted_list(common)}, true as is_there from {right}) a on {same} "
        f"where b.is_there is null or a.is_there is null or {' or '.join(flags) or 'false'}"
    )
    counts = _counts(con, values)
    adding = [n for n in values if _adds_up(types[n]) and _adds_up(later[n])]
    return TableDiff(
        table=table,
        key=keys,
        rows_before=_one(con, f"select count(*) from {left}"),
        rows_after=_one(con, f"select count(*) from {right}"),
        added=_rows(con, "added", "a", keys),
        removed=_rows(con, "removed", "b", keys),
        changed=_rows(con, "changed", "a", keys),
        columns=dict(sorted(counts.items(), key=lambda item: -item[1])),
        totals={
            name: total
            for name in adding
            if (total := _total(con, left, right, name, types[name] == "BOOLEAN"))
        },
        columns_added=[name for name in later if name not in types],
        columns_removed=[name for name in types if name not in later],
    )


def column_types(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table, given by its quoted name."""
    return {row[0]: row[1] for row in con.execute(f"describe from {table}").fetchall()}


def _counts(con: duckdb.DuckDBPyConnection, values: Sequence[str]) -> dict[str, int]:
    if not values:
        return {}
    sums = ", ".join(f"count(*) filter (flags[{n}])" for n in range(1, len(values) + 1))
    row = con.execute(f"select {sums} from differing where change = 'changed'").fetchone()
    return {name: int(n) for name, n in zip(values, row or (), strict=True) if n}


def _rows(con: duckdb.DuckDBPyConnection, change: str, side: str, keys: Sequence[str]) -> Rows:
    shown = ", ".join(f"cast({side}.{quoted(name)} as varchar)" for name in keys)
    some = con.execute(
        f"select {shown} from differing where change = ? order by {side} limit {EXAMPLES}", [change]
    ).fetchall()
    count = con.execute("select count(*) from differing where change = ?", [change]).fetchone()
    return Rows(int(count[0]) if count else 0, [["" if v is None else v for v in r] for r in some])


def _total(
    con: duckdb.DuckDBPyConnection, left: str, right: str, name: str, is_flag: bool
) -> Total | None:
    """None where the sum is the same."""
    column = quoted(name)
    to = "::int" if is_flag else ""

    def moved(side: str, change: str) -> str:
        return f"coalesce(sum({side}.{column}{to}) filter (change = '{change}'), 0)"

    row = con.execute(
        f"select (select sum({column}{to}) from {left}), (select sum({column}{to}) from {right}), "
        f"{moved('a', 'added')}, -{moved('b', 'removed')}, "
        f"{moved('a', 'changed')} - {moved('b', 'changed')} from differing"
    ).fetchone()
    before, after, *rows = [_plain(value) for value in row or ()]
    return None if before == after else Total(before, after, *rows)


def _plain(value: object) -> Number:
    if value is None:
        return 0
    return value if isinstance(value, int) else round(float(str(value)), 6)


def _adds_up(kind: str) -> bool:
    return any(number in kind for number in NUMBERS)


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
