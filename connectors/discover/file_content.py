"""Whether each file is the whole table or a part of it: found by comparing the two newest."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from connectors.discover.facts import TableFacts
from connectors.discover.held import HeldRows
from connectors.discover.keys import Key, find_key
from connectors.discover.names import spelled
from lake.columns import quoted, quoted_list

MOSTLY = 0.5
SAME_ROWS = 0.3
"""Rows with the same key that agree in less than this are not the same rows."""
TELLING = 10
"""A column with fewer different values says nothing about which row is which."""
MOST_TRIALS = 5
RUNNING_NUMBERS = {"no", "nomor", "num", "nr", "urut", "no_urut", "nourut", "nomor_urut"}


@dataclass(frozen=True)
class Content:
    """What the files of a table are to each other, and what tells its rows apart."""

    content: Literal["complete", "part"]
    key: Key
    remark: str


def find_content(
    held: HeldRows, newest: TableFacts, older: str | None, limit: int, *, varies: bool
) -> Content:
    """Judge by the newest file and the one before it, both held."""
    refused = _running_numbers(held, newest)
    why_refused = [f"{name} only numbers the rows of a file" for name in sorted(refused)]
    for _ in range(MOST_TRIALS):
        key = _key_without(held, newest, refused, limit)
        if not key.columns or older is None:
            break
        if repeated := _repeats(held, older, key.columns):
            refused |= {key.columns[0]}
            why_refused.append(
                f"{' + '.join(key.columns)} repeats {repeated:,} times in the file before"
            )
        elif not _means_the_same(held, newest, older, key.columns):
            refused |= {key.columns[0]}
            why_refused.append(f"{' + '.join(key.columns)} means other rows in the file before")
        else:
            break
    if why_refused:
        key = replace(key, remark="; ".join([key.remark, *why_refused]))
    if older is None:
        return _of_one(key, varies=varies)
    return _of_two(held, newest, older, key)


def _of_one(key: Key, *, varies: bool) -> Content:
    if not varies:
        return Content(
            "complete", key, "One file, whose name does not change: taken for the whole table"
        )
    return Content(
        "part",
        key,
        "LOOK: one file is too few to tell; taken for a part, which deletes nothing. If each file "
        "is the whole table, say content: complete and mode: snapshot",
    )


def _of_two(held: HeldRows, newest: TableFacts, older: str, key: Key) -> Content:
    """By keys, or whole rows, that the older file shares with the newest."""
    names = key.columns or tuple(column.name for column in newest.columns)
    what = "keys" if key.columns else "different rows"
    columns = quoted_list(names)
    shared, all_older = held.one(
        f"select (select count(*) from (select distinct {columns} from {held.relation(older)} "
        f"intersect select distinct {columns} from {held.relation(newest.name)})), "
        f"(select count(*) from (select distinct {columns} from {held.relation(older)}))"
    )
    told = f"{shared:,} of {all_older:,} {what} of the file before are in the newest"
    if all_older and shared >= MOSTLY * all_older:
        return Content("complete", key, f"{told}: each file is the whole table")
    return Content("part", key, f"{told}: each file adds rows")


def _key_without(held: HeldRows, facts: TableFacts, refused: Collection[str], limit: int) -> Key:
    kept = tuple(
        replace(column, kind="other") if column.name in refused else column
        for column in facts.columns
    )
    return find_key(held.sample(replace(facts, columns=kept), limit, facts.rows))


def _running_numbers(held: HeldRows, facts: TableFacts) -> set[str]:
    """Columns such as ``No`` that count the rows of the file: 1, 2, 3, in order."""
    found = set()
    for column in facts.columns:
        if spelled(column.name) not in RUNNING_NUMBERS:
            continue
        name = quoted(column.name)
        rows, counting = held.one(
            f"select count(*), count(*) filter (where try_cast({name} as bigint) = place) from "
            f"(select {name}, row_number() over () as place from {held.relation(facts.name)})"
        )
        if rows and rows == counting:
            found.add(column.name)
    return found


def _repeats(held: HeldRows, table: str, key: tuple[str, ...]) -> int:
    (repeated,) = held.one(
        f"select count(*) - (select count(*) from (select distinct {quoted_list(key)} "
        f"from {held.relation(table)})) from {held.relation(table)}"
    )
    return int(repeated)


def _means_the_same(held: HeldRows, newest: TableFacts, older: str, key: tuple[str, ...]) -> bool:
    """Whether rows of both files with the same key agree in what tells rows apart."""
    others = [column.name for column in newest.columns if column.name not in key]
    if not others:
        return True
    telling = [
        name
        for name in others
        if held.one(f"select count(distinct {quoted(name)}) from {held.relation(newest.name)}")[0]
        >= TELLING
    ]
    if not telling:
        return True
    same = ", ".join(
        f"avg((a.{quoted(name)} is not distinct from b.{quoted(name)})::int)" for name in telling
    )
    rows, *shares = held.one(
        f"select count(*), {same} from {held.relation(newest.name)} as a "
        f"join {held.relation(older)} as b using ({quoted_list(key)})"
    )
    return bool(rows < TELLING or max(shares) >= SAME_ROWS)
