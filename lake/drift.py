"""A source whose columns changed since the last batch: what the lake does about it, in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lake.column import Column
from lake.column_change import ColumnChange
from lake.table import LakeTable

_SAID = re.compile(r"column \S+ (is taken in|is gone and reads as empty|was .+ and is now .+)$")


class IncompatibleSchemaError(Exception):
    """A source column became a type that the lake's column can't hold."""


@dataclass(frozen=True)
class Drift:
    """What to do about the columns of a source, and what to tell people."""

    columns: list[Column]
    """The columns to land; those whose lake column is wider than the source's keep that type."""
    widened: dict[str, str]
    """Lake columns that have to become wider, with their new type."""
    notes: list[str]
    gone: list[str]
    """Lake columns that the source was not found to have."""
    changes: list[ColumnChange] = field(default_factory=list)
    """The new and the widened columns."""


def is_drift(note: str) -> bool:
    """Whether a note of a batch, as ``settle_drift`` writes them, is about a column's coming,
    going or growing."""
    return bool(_SAID.search(note))


def settle_drift(table: LakeTable, columns: Sequence[Column]) -> Drift:
    """Compare a source's columns with the lake's.

    A new column is taken in, a missing one reads as empty, a wider one widens the lake's. Raises
    ``IncompatibleSchemaError`` for every other change of type.
    """
    known = table.source_types() if table.exists() else {}
    if not known:
        return Drift(list(columns), {}, [], [])
    settled, widened, wrong = [], {}, []
    for column in columns:
        lake, now = known.get(column.name), column.lake_type
        if lake is None or lake == now:
            settled.append(column)
        elif column.policy != "token" and is_wider(lake, now):
            settled.append(replace(column, declared_type=lake))
        elif column.policy != "token" and is_wider(now, lake):
            settled.append(column)
            widened[column.name] = now
        else:
            wrong.append(f"{column.name} is now {now} and was {lake}")
    if wrong:
        raise IncompatibleSchemaError(
            f"{table.name}: a column changed its type: {', '.join(wrong)}; the table stays as it "
            "was. Give the column its old type in the registry, or move the lake's table away to "
            "start a new one"
        )
    names = {column.name for column in columns}
    gone = sorted(set(known) - names)
    said = [f"new column {name} is taken in" for name in sorted(names - set(known))]
    said += [f"column {name} is gone and reads as empty" for name in gone]
    said += [f"column {name} was {known[name]} and is now {to}" for name, to in widened.items()]
    notes = [f"{table.name}: {'; '.join(said)}"] if said else []
    changes = [
        ColumnChange(kind="new_column", column=column.name, after=column.lake_type)
        for column in columns
        if column.name not in known
    ]
    changes += [
        ColumnChange(kind="widened_column", column=name, before=known[name], after=to)
        for name, to in widened.items()
    ]
    return Drift(settled, widened, notes, gone, changes)


def is_wider(wide: str, narrow: str) -> bool:
    """Whether lake type ``wide`` holds every value of ``narrow`` without changing it."""
    if narrow == "DATE":
        return wide == "TIMESTAMP WITH TIME ZONE"  # its midnight, in the app's time zone
    if narrow == "BOOLEAN":
        return wide == "BIGINT"
    wide_digits, narrow_digits = _digits(wide), _digits(narrow)
    if wide_digits is None or narrow_digits is None:
        return False
    return all(w >= n for w, n in zip(wide_digits, narrow_digits, strict=True))


def _digits(lake_type: str) -> tuple[int, int] | None:
    """How many digits an exact number has before and after its decimal mark."""
    if lake_type == "BIGINT":
        return 19, 0
    if match := re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", lake_type):
        precision, scale = int(match[1]), int(match[2])
        return precision - scale, scale
    return None
