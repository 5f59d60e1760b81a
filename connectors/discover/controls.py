"""Which columns are worth adding up: amounts, and the times at which things happened."""

from connectors.discover.draft import TableDraft
from connectors.discover.facts import ColumnFacts, kind_of

MOST = 6
"""So many columns of a table are proposed; a person may name others."""


def control_columns(table: TableDraft) -> list[str]:
    """Numbers with decimals and times, but the cursor, whose greatest value is known anyway."""
    found = [
        column.name
        for column in table.facts.columns
        if _kind(column, table) in {"number", "time", "date"}
        and column.name not in (table.reading.cursor, *table.key.columns)
        and _is_kept(column.name, table)
    ]
    return found[:MOST]


def _kind(column: ColumnFacts, table: TableDraft) -> str:
    """What it is, or what its texts are."""
    spelling = table.spellings.get(column.name)
    return kind_of(spelling.type.upper()) if spelling and spelling.type else column.kind


def _is_kept(name: str, table: TableDraft) -> bool:
    found = table.personal.get(name)
    return found is None or found.policy == "keep"
