"""The personal classes of a table's columns, as they can be registered."""

from collections.abc import Collection

from connectors.discover.personal import Personal, find_personal
from connectors.discover.sample import Sample


def classified(sample: Sample, told_apart_by: Collection[str]) -> dict[str, Personal]:
    """What is personal, with keys and cursors left as they are and kota's own names dropped."""
    personal = {
        column: _as_it_is(found) if column in told_apart_by else found
        for column, found in find_personal(sample).items()
    }
    for column in sample.table.columns:
        if is_kotas_own(column.name):
            personal[column.name] = Personal(
                None, "drop", "kota's own columns are called like this"
            )
    return personal


def is_kotas_own(column: str) -> bool:
    """Whether a column can't land, because kota's own are called so."""
    return column.lower().startswith("_kota_")


def _as_it_is(found: Personal) -> Personal:
    """A key or cursor has to land as it is, or rows could not be told apart."""
    if found.policy == "keep":
        return found
    evidence = f"{found.evidence}; not {found.policy}, since rows are told apart by it"
    return Personal(found.personal or "umum", "keep", evidence)
