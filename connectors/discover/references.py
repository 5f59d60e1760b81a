"""Which columns point at other tables: declared, or named like it and checked at the source."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.discover.catalog import Catalog
from connectors.discover.facts import ColumnFacts, TableFacts
from connectors.discover.names import base_name, spelled
from connectors.reader import SourceError

CHECKED_VALUES = 500
LOOKED_AT_ROWS = 20_000
MAX_CHECKS = 300
_ENOUGH = 0.9
_SAY_NOTHING = {"data", "detail", "detil", "id", "kode", "list", "master", "no", "status", "type"}
"""Last words that many names share."""
_PREFIX = re.compile(r"^(id|kd|kode|fk)_?(?=\w)")
_SUFFIX = re.compile(r"_?(id|kode|code|kd|fk)$")


@dataclass(frozen=True)
class Pointer:
    """A column that points at the key of a table."""

    column: str
    table: str
    target: str
    evidence: str


def find_references(
    catalog: Catalog, tables: Sequence[TableFacts], keys: Mapping[str, tuple[str, ...]]
) -> dict[str, list[Pointer]]:
    """The references of each table. At most ``MAX_CHECKS`` small queries."""
    single = {table: key[0] for table, key in keys.items() if len(key) == 1}
    by_name = {table.name: table for table in tables}
    left = MAX_CHECKS
    found: dict[str, list[Pointer]] = {}
    for table in tables:
        declared = {
            reference.column: Pointer(
                reference.column, reference.table, reference.target, "declared"
            )
            for reference in table.references
        }
        found[table.name] = list(declared.values())
        for column in table.columns:
            if column.name in declared or column.kind not in {"integer", "text"}:
                continue
            for target in _targets(table, column, single):
                if left == 0:
                    break
                if by_name[target].column(single[target]).kind != column.kind:
                    continue
                left -= 1
                if pointer := _checked(catalog, table, column, target, single[target]):
                    found[table.name].append(pointer)
                    break
    return found


def _targets(table: TableFacts, column: ColumnFacts, single: Mapping[str, str]) -> list[str]:
    """Tables whose name or key the column is named for."""
    name = spelled(column.name)
    stems = {_SUFFIX.sub("", name), _PREFIX.sub("", name)} - {"", name}
    found = []
    for target, key in single.items():
        if target == table.name or (single.get(table.name) == column.name):
            continue
        whole = _with_singular({base_name(target), spelled(target)})
        ends = _with_singular(_tails(base_name(target)))
        same_key = spelled(key) == name and name not in {"id", "kode", "no", "code", "nomor"}
        # publish_place_id is of a place, and ref_resident_religion lists what religion_id may be.
        if (
            same_key
            or stems & (whole | ends)
            or whole & {t for stem in stems for t in _tails(stem)}
        ):
            found.append(target)
    # The table that the column is named for, before one that happens to have such a key.
    return sorted(
        found,
        key=lambda target: (base_name(target) not in stems, -len(_shared(target, stems)), target),
    )


def _shared(target: str, stems: set[str]) -> str:
    """The longest end of a table's name that the column is named for."""
    ends = {base_name(target), *_tails(base_name(target))} & stems
    return max(ends, key=len, default="")


def _with_singular(names: set[str]) -> set[str]:
    """Names, and without the English plural."""
    singular = {name[:-1] for name in names if name.endswith("s")}
    return names | singular | {name[:-3] + "y" for name in names if name.endswith("ies")}


def _tails(name: str) -> set[str]:
    """What a name of several words ends in."""
    parts = name.split("_")
    return {"_".join(parts[place:]) for place in range(1, len(parts))} - _SAY_NOTHING


def _checked(
    catalog: Catalog, table: TableFacts, column: ColumnFacts, target: str, key: str
) -> Pointer | None:
    """Look some of its values up in the other table; they stay at the source."""
    name, other = catalog.quoted(column.name), catalog.quoted(key)
    try:
        row = catalog.one(
            f"select count(*), count(p.{other}) from "
            f"(select distinct v from (select {name} as v from {catalog.relation(table.name)} "
            f"where {name} is not null limit {LOOKED_AT_ROWS}) as few limit {CHECKED_VALUES}) as c "
            f"left join {catalog.relation(target)} as p on p.{other} = c.v"
        )
    except SourceError:
        return None  # types that can't be compared: no reference
    seen, known = (int(number) for number in row)
    if not seen or known < _ENOUGH * seen:
        return None
    return Pointer(
        column.name, target, key, f"by name; {known:,} of {seen:,} different values are there"
    )
