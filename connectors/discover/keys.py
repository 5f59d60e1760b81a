"""What tells a table's rows apart: declared, or found in the data and then proved."""

import re
from dataclasses import dataclass
from itertools import combinations

from connectors.discover.facts import ColumnFacts
from connectors.discover.names import base_name, spelled
from connectors.discover.sample import Sample

MIN_ROWS = 100
"""In fewer rows, a column that is not named like the table's own key can be unique by accident."""
MIN_ROWS_OF_NAMED = 2
MAX_PAIRED = 8
_LONGEST = 100

_KEY_NAME = re.compile(
    r"(^|_)(id|uuid|guid|kode|kd|code|no|nomor|number|nik|nip|nisn|nis|npm|nim|key|pk)(_|$)"
)
_PART_NAME = re.compile(
    r"(^|_)(id|uuid|kode|kd|code|no|nomor|urut|nik|nip|tahun|bulan|tanggal|tgl|periode|date|year)(_|$)"
)


@dataclass(frozen=True)
class Key:
    """A key and where it comes from; no columns where none was found."""

    columns: tuple[str, ...]
    remark: str


def find_key(sample: Sample) -> Key:
    """The declared key, else a unique index, else what the data prove; else none."""
    table = sample.table
    if table.primary_key and _has_no_nulls(sample, table.primary_key):
        return Key(table.primary_key, "declared primary key")
    by_size = sorted(table.unique, key=lambda names: (len(names), _rank(sample, names)))
    for names in by_size:
        if _has_no_nulls(sample, names):
            return Key(names, "unique index")
    if sample.rows < MIN_ROWS_OF_NAMED:
        return Key((), "no key is declared, and there are too few rows to find one")
    unproved = []
    for names in _candidates(sample):
        if sample.is_whole or (sample.may_scan and _is_unique_at_source(sample, names)):
            return Key(names, "none is declared; unique and never empty in every row")
        unproved.append(" + ".join(names))
    remark = "none is declared and none was found"
    if unproved and not sample.may_scan:
        remark = (
            f"none is declared; {unproved[0]} is unique in the sample, "
            "but the table is too large to prove it"
        )
    return Key((), f"{remark}, so that equal rows are counted")


def _candidates(sample: Sample) -> list[tuple[str, ...]]:
    """Columns, then pairs of them, that are unique in the sample; the likeliest first."""
    singles = [
        column
        for column in sample.table.columns
        if column.kind in {"integer", "text"}
        and (sample.rows >= MIN_ROWS or _rank(sample, (column.name,))[0] == 0)
    ]
    found = [(column.name,) for column in singles if _is_unique(sample, (column,))]
    if found:
        return sorted(found, key=lambda names: _rank(sample, names))
    parts = [
        column
        for column in sample.table.columns
        if column.kind in {"integer", "text", "date"} and _PART_NAME.search(spelled(column.name))
    ][:MAX_PAIRED]
    if sample.rows < MIN_ROWS:
        return []
    return [
        (first.name, second.name)
        for first, second in combinations(parts, 2)
        if _is_unique(sample, (first, second))
    ]


def _is_unique(sample: Sample, columns: tuple[ColumnFacts, ...]) -> bool:
    names = [sample.sql(column) for column in columns]
    rows, distinct, nulls, longest = sample.count(
        f"count(*), count(distinct ({', '.join(names)})), "
        f"count(*) filter (where {' or '.join(f'{name} is null' for name in names)}), "
        f"max(greatest({', '.join(f'length({name})' for name in names)}))"
    )
    return rows == distinct and not nulls and longest <= _LONGEST


def _is_unique_at_source(sample: Sample, names: tuple[str, ...]) -> bool:
    catalog = sample.catalog
    columns = ", ".join(catalog.quoted(name) for name in names)
    (distinct,) = catalog.one(
        f"select count(*) from (select distinct {columns} "
        f"from {catalog.relation(sample.table.name)}) as d"
    )
    return int(distinct) == sample.table_rows and _has_no_nulls(sample, names)


def _has_no_nulls(sample: Sample, names: tuple[str, ...]) -> bool:
    """By declaration, or by asking; a large table is believed only by its declaration."""
    nullable = [name for name in names if sample.table.column(name).nullable]
    if not nullable:
        return True
    if not sample.may_scan:
        return False
    catalog = sample.catalog
    tests = " or ".join(f"{catalog.quoted(name)} is null" for name in nullable)
    (nulls,) = catalog.one(
        f"select count(*) from {catalog.relation(sample.table.name)} where {tests}"
    )
    return int(nulls) == 0


def _rank(sample: Sample, names: tuple[str, ...]) -> tuple[int, int]:
    """The likeliest key first: named for the table, then named like a key, then by position."""
    first, base = spelled(names[0]), base_name(sample.table.name)
    position = [column.name for column in sample.table.columns].index(names[0])
    own = {"id", "kode", "kd", "code", "uuid", "no", "nomor"}
    own |= {f"{word}_{base}" for word in own} | {f"{base}_{word}" for word in own}
    if first in own:
        return (0, position)
    return (1 if _KEY_NAME.search(first) else 2, position)
