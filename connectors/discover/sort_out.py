"""Which tables of an app are proposed to be taken, and which to be left, with the reason."""

from collections.abc import Callable, Sequence

from connectors.discover.classify import is_kotas_own
from connectors.discover.draft import LeftTable, TableDraft
from connectors.discover.facts import TableFacts
from connectors.discover.leave import why_leave
from connectors.discover.names import lake_names
from connectors.discover.personal import by_name_only
from connectors.discover.progress import Progress
from connectors.reader import SourceError

EMPTY = "empty"


def sort_out(
    facts: Sequence[TableFacts],
    look: Callable[[TableFacts, str, int], TableDraft],
    progress: Progress,
) -> tuple[list[TableDraft], list[LeftTable]]:
    """Look at each table that is not better left unseen, by its name in the lake and a number.

    Raises ``SourceError`` when none is worth taking.
    """
    names = lake_names(table.name for table in facts)
    taken: list[TableDraft] = []
    left: list[LeftTable] = []
    empty: list[TableDraft] = []
    for done, table in enumerate(facts):
        progress(done, len(facts), table.name)
        reason = why_leave(table, facts)
        rows = table.rows
        if reason is None:
            try:
                draft = look(table, names[table.name], done)
            except SourceError as error:
                reason = _unreadable(str(error))
            else:
                reason, rows = _not_worth(draft), draft.rows
                if reason is None:
                    taken.append(draft)
                    continue
                if reason == EMPTY:
                    empty.append(draft)
        personal = by_name_only(table.name, table.columns)
        left.append(LeftTable(table, names[table.name], reason, rows, personal))
    if not taken and empty:
        # A new app: its tables are worth registering before anybody has used it.
        return empty, [entry for entry in left if entry.reason != EMPTY]
    if not taken:
        raise SourceError(
            f"nothing to take in: of {len(facts)} tables, "
            + "; ".join(f"{entry.facts.name}: {entry.reason}" for entry in left[:5])
        )
    return taken, left


def _not_worth(draft: TableDraft) -> str | None:
    if clash := [name for name in draft.key.columns if is_kotas_own(name)]:
        return f"its key {', '.join(clash)} is called like a column of kota's own"
    return EMPTY if draft.sampled == 0 else None


def _unreadable(reason: str) -> str:
    """Why a sample could not be read; a database's own words can hold values, so they stay out."""
    if "denied" in reason.lower() or "permission" in reason.lower():
        return "this account may not read it"
    return "a sample of it could not be read"
