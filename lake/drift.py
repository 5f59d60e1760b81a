"""A source whose columns changed since the last batch: what the lake does about it, in words."""

from collections.abc import Sequence

from lake.column import Column
from lake.landing import arrow_type
from lake.table import LakeTable


class IncompatibleSchemaError(Exception):
    """A source column became a type that the lake's column can't hold."""


def check_drift(table: LakeTable, columns: Sequence[Column]) -> str:
    """What changed, as a sentence for people; empty when nothing did.

    A new column is taken in, a missing one is read as empty. Raises ``IncompatibleSchemaError``
    for a type that changed.
    """
    known = table.source_schema()
    if known is None:
        return ""
    wrong = [
        f"{column.name} is now {column.lake_type} and was {known.field(column.name).type}"
        for column in columns
        if column.name in known.names
        and arrow_type(column.lake_type) != known.field(column.name).type
    ]
    if wrong:
        raise IncompatibleSchemaError(
            f"{table.name}: a column changed its type: {', '.join(wrong)}; the table stays as it "
            "was. Give the column its old type in the registry, or move the lake's table away to "
            "start a new one"
        )
    names = {column.name for column in columns}
    new = sorted(names - set(known.names))
    missing = sorted(set(known.names) - names)
    said = [f"new column {name} is taken in" for name in new]
    said += [f"column {name} is gone and reads as empty" for name in missing]
    return f"{table.name}: {'; '.join(said)}" if said else ""
