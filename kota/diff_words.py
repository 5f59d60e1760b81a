"""The difference of two snapshots, in words."""

from collections.abc import Iterator

from warehouse.diff import MartChange, SnapshotDiff, Why
from warehouse.lake_changes import LakeChange
from warehouse.table_diff import Rows, Total

MOST_COLUMNS = 8
MOST_TABLES = 6
MOST_FILES = 6


def summary(found: SnapshotDiff) -> Iterator[str]:
    """What is true of the whole."""
    before, after = found.before, found.after
    yield (
        f"{before.id} tells of {before.as_of:%Y-%m-%d %H:%M} UTC, "
        f"{after.id} of {after.as_of:%Y-%m-%d %H:%M} UTC."
    )
    if found.files:
        yield f"The rules differ: {_some(found.files, MOST_FILES)}."
    elif before.config_hash != after.config_hash:
        yield (
            f"The rules differ ({before.code_version}, then {after.code_version}); "
            "which files is not known."
        )
    else:
        yield "The rules are the same: code, models, seeds, registry."
    for what, names in (("gone", found.only_before), ("new", found.only_after)):
        if names:
            yield f"Marts that are {what}: {', '.join(names)}."
    if not found.changed and len(found.same) == 1:
        yield f"{found.same[0]} has the same content in both."
    else:
        yield f"Same content: {len(found.same)} marts. Different: {len(found.changed)}."


def told(change: MartChange, column: str | None, found: SnapshotDiff) -> Iterator[str]:
    """One mart: what differs, and then why."""
    differs = change.difference
    yield f"{differs.table}: {differs.rows_before:,} rows, then {differs.rows_after:,}"
    key = ", ".join(differs.key)
    for rows, word, kind in (
        (differs.added, "came", "added"),
        (differs.removed, "went", "removed"),
        (differs.changed, "changed", "changed"),
    ):
        if rows.count:
            yield f"  {rows.count:,} {word}{_examples(rows, key)}"
            if fates := change.fates.get(kind):
                yield f"    in {change.source}: {_fates(fates)}"
    if change.late_rows and not change.fates:
        yield f"    {change.late_rows:,} of them happened before the first snapshot looked: late"
    if differs.columns:
        named = [f"{name} ({count:,})" for name, count in differs.columns.items()]
        yield f"    in {_some(named, MOST_COLUMNS)}"
    for what, names in (("gone", differs.columns_removed), ("new", differs.columns_added)):
        if names:
            yield f"  columns that are {what}: {', '.join(names)}"
    totals = {n: t for n, t in differs.totals.items() if column in (None, n)}
    for name, total in list(totals.items())[: None if column else MOST_COLUMNS]:
        yield f"  {_total(name, total)}"
    for value, (before, after) in change.values.items():
        yield f"  {column} = {value}: {before:,} rows, then {after:,}"
    if column and not totals and not change.values and not differs.columns.get(column):
        yield f"  {column} differs in no row that is in both"
    yield from _because(change.why, found)


def _because(why: Why, found: SnapshotDiff) -> Iterator[str]:
    for said in why.held:
        yield f"  because {said}"
    if why.files:
        yield f"  because the rule changed: {_some(why.files, MOST_FILES)}"
    if why.is_rule_unknown:
        yield "  because rules changed, or not: which files differ is not known"
    for change in why.lake[:MOST_TABLES]:
        yield f"  because of {_lake(change)}"
    if len(why.lake) > MOST_TABLES:
        yield f"  and {len(why.lake) - MOST_TABLES} more tables of the lake"
    if why.is_of_time:
        until = f"{found.after.as_of:%Y-%m-%d %H:%M} UTC"
        yield f"  because time went on: ages and lateness are counted to {until}"
    if why.by_way:
        names = [change.table for change in why.by_way]
        yield f"  perhaps by way of persons, places or departments: {_some(names, MOST_TABLES)}"
    if not why.is_any:
        yield "  for a reason that neither the lake nor the rules tell: run `kota rebuild` on both"


def _fates(fates: dict[str, int]) -> str:
    """``23 new, 2 late``: what became of the same rows in the lake."""
    words = {
        "late": "late (they happened before the first snapshot looked)",
        "corrected": "corrected at the source",
        "deleted": "deleted at the source",
        "untouched": "untouched there, so for another reason below",
    }
    return ", ".join(f"{count:,} {words.get(fate, fate)}" for fate, count in fates.items())


def _lake(change: LakeChange) -> str:
    words = {"new": "new", "late": "late", "corrected": "corrected at the source"}
    said = change.sentence()
    return said.replace(" corrected", f" {words['corrected']}").replace(
        " deleted", " deleted at the source"
    )


def _total(name: str, total: Total) -> str:
    moved = [
        f"{_signed(by)} by rows that {word}"
        for by, word in (
            (total.by_added, "came"),
            (total.by_removed, "went"),
            (total.by_changed, "changed"),
        )
        if by
    ]
    return f"sum of {name}: {total.before:,}, then {total.after:,} ({', '.join(moved)})"


def _signed(number: int | float) -> str:
    return f"{number:+,}"


def _examples(rows: Rows, key: str) -> str:
    named = ", ".join(" / ".join(one) for one in rows.keys)
    return f" ({key}: {named}{', …' if rows.count > len(rows.keys) else ''})"


def _some(names: list[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
