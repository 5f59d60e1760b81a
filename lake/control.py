"""What a column adds up to: count, sum, least and greatest, to be compared from source to staging.

A count of rows sees a lost row; a sum sees a changed amount, a unit that changed by a thousand, a
shifted clock. Of a personal column only count and sum are kept: its least value is somebody's.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from lake import columns as c

Kind = Literal["number", "time", "text"]
Basis = Literal["source", "read"]
"""Counted by the source itself, or by kota over what it read."""

RELATIVE = 1e-9
"""Sums of floating-point numbers differ by the order in which they are added."""


class Control(BaseModel):
    """One column of one table at one moment."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    column: str
    kind: Kind
    values: int
    """Rows in which it is not empty."""
    total: str | None = None
    """The sum, or for text the number of characters; None for times."""
    is_exact: bool = True
    """False for floating-point numbers."""
    least: str | None = None
    greatest: str | None = None
    """As text; times in UTC. None for text and for personal columns."""

    def adds_up_to(self, other: "Control") -> bool:
        """Whether both are the same, as far as both know it."""
        return (
            self.values == other.values
            and _same_number(self.total, other.total, self.is_exact and other.is_exact)
            and (self.kind != "number" or _same_ends(self, other, as_number=True))
            and (self.kind != "time" or _same_ends(self, other, as_number=False))
        )

    def together(self, other: "Control") -> "Control":
        """Of these rows and others."""
        totals = [Decimal(total) for total in (self.total, other.total) if total is not None]
        return self.model_copy(
            update={
                "values": self.values + other.values,
                "total": str(sum(totals)) if totals else None,
                "least": _end(self, other, min, "least"),
                "greatest": _end(self, other, max, "greatest"),
            }
        )


def kind_of(lake_type: str) -> Kind | None:
    """How a column of a lake type adds up; None where it can't."""
    if lake_type in {"BIGINT", "DOUBLE"} or lake_type.startswith("DECIMAL"):
        return "number"
    if lake_type in {"DATE", "TIMESTAMP WITH TIME ZONE"}:
        return "time"
    return "text" if lake_type == "VARCHAR" else None


def nothing(column: str, lake_type: str) -> Control:
    """What no row adds up to."""
    kind = kind_of(lake_type) or "text"
    return Control(column=column, kind=kind, values=0, is_exact=lake_type != "DOUBLE")


def measure(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, str],
    personal: Iterable[str] = (),
) -> list[Control]:
    """The controls of columns (lake types by name) of a relation, in one pass over it."""
    known = {name: kind for name, of in columns.items() if (kind := kind_of(of))}
    if not known:
        return []
    selected = ", ".join(_aggregates(name, columns[name]) for name in known)
    row = con.execute(f"select {selected} from {relation}").fetchone() or ()
    hidden = set(personal)
    return [
        _control(name, kind, columns[name], row[4 * place : 4 * place + 4], name in hidden)
        for place, (name, kind) in enumerate(known.items())
    ]


def end_sql(value: str, lake_type: str) -> str:
    """A value of a lake type as the text in which ends are kept."""
    if lake_type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(timezone('UTC', {value}), '%Y-%m-%d %H:%M:%S.%f')"
    return f"cast({value} as varchar)"


def _aggregates(name: str, lake_type: str) -> str:
    value, kind = c.quoted(name), kind_of(lake_type)
    if kind == "text":
        filled = f"filter (trim({value}) <> '')"
        return f"count(*) {filled}, cast(sum(length({value})) as varchar), null, null"
    total = f"cast(sum({value}) as varchar)" if kind == "number" else "null"
    ends = ", ".join(end_sql(f"{which}({value})", lake_type) for which in ("min", "max"))
    return f"count({value}), {total}, {ends}"


def _control(
    name: str, kind: Kind, lake_type: str, row: Sequence[Any], is_personal: bool
) -> Control:
    values, total, least, greatest = row
    if is_personal:
        least = greatest = None
    return Control(
        column=name,
        kind=kind,
        values=values,
        total=total if kind != "time" else None,
        is_exact=lake_type != "DOUBLE",
        least=least,
        greatest=greatest,
    )


def _same_number(one: str | None, other: str | None, is_exact: bool) -> bool:
    if one is None or other is None:
        # The sum of nothing is no sum in one place and 0 in another.
        return Decimal(one or 0) == Decimal(other or 0)
    a, b = Decimal(one), Decimal(other)
    if is_exact:
        return a == b
    return abs(a - b) <= Decimal(RELATIVE) * max(abs(a), abs(b), Decimal(1))


def _same_ends(one: Control, other: Control, *, as_number: bool) -> bool:
    for end in ("least", "greatest"):
        a, b = getattr(one, end), getattr(other, end)
        if a is None or b is None:
            continue
        is_same = _same_number(a, b, one.is_exact and other.is_exact) if as_number else a == b
        if not is_same:
            return False
    return True


def _end(one: Control, other: Control, choose: Any, end: str) -> str | None:
    ends = [value for value in (getattr(one, end), getattr(other, end)) if value is not None]
    if one.kind == "number":
        return str(choose(map(Decimal, ends))) if ends else None
    return choose(ends) if ends else None
