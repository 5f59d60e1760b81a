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
        bases = {base_name(target), spelled(target)}
        bases |= {base[:-1] for base in bases if base.endswith("s")}
        bases |= {base[:-3] + "y" for base in bases if base.endswith("ies")}
        same_key = spelled(key) == name and name not in {"id", "kode", "no", "code", "nomor"}
        if bases & stems or same_key:
            found.append(target)
    # The table that the column is named for, before one that happens to have such a key.
    return sorted(found, key=lambda target: (base_name(target) not in stems, target))


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
