"""Which entities are one person: human decisions first, then the strongest pairs."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from warehouse.persons.clusters import Clusters
from warehouse.persons.households import find_parents

LINK_WEIGHT = 4.0
"""Odds of 16 to 1 and more are a match where nobody else comes near: a wrong merge is worse than a
missed one (docs/decisions/0015-persons.md has the figures)."""

REVIEW_WEIGHT = 1.0
"""From odds of 2 to 1 on, a human may want to look."""

MARGIN = 4.0
"""How far the best candidate must be ahead of the second, 16 to 1, or nobody is chosen."""

# Levels of the comparisons.
_NO_NAME, _NAME_DIFFERS, _SAME_GIVEN_NAME, _SAME_WORDS = -1, 0, 1, 5
_SAME_BIRTH_DATE = 3
_SIMILAR_PARENT = 1
_SAME_ADDRESS = 4

# Nothing agrees but the name and the area.
_THIN = f"""(
    gamma_area < {_SAME_ADDRESS} and gamma_birth_date < 1 and gamma_phone < 1 and gamma_parent < 1
    and mw_nik is null and mw_register is null
)"""

Pair = tuple[int, int]


def group_entities(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables ``grouped`` (``entity``, ``person``: the number of the first entity of the
    person, for entities that are not alone), ``household`` (who was found by a child's family card)
    and ``verdicts`` (all of ``weighed`` with a ``verdict``: ``linked``, ``below`` the line, or why
    not).

    Reads ``decided``: ``entity_l``, ``entity_r``, ``decision`` (``same`` or ``different``).
    """
    _judge_alone(con)
    niks = dict(con.execute("select entity, nik from entities where nik is not null").fetchall())
    first = _numbered(con, niks)
    _say(con, "numbered", list(first.groups()), "entity", "person")
    _judge_beside_rivals(con)
    # Children first, as far as they are found by themselves; then those who sign for them.
    _join_weighed(con, first)
    _say(con, "grouped", list(first.groups()), "entity", "person")
    find_parents(con)
    clusters = _numbered(con, niks)
    for left, right in _pairs(con, "household", "closeness desc"):
        if clusters.refusal(left, right) is None:
            clusters.join(left, right)
    _say(con, "refused", _join_weighed(con, clusters), "entity_l", "entity_r", "reason")
    _say(con, "grouped", list(clusters.groups()), "entity", "person")
    con.execute("""
        create or replace table verdicts as
        select judged.* replace (coalesce(refused.reason, judged.verdict) as verdict)
        from judged left join refused using (entity_l, entity_r)
    """)
    for table in ("judged", "refused", "numbered"):
        con.execute(f"drop table {table}")


def _numbered(con: duckdb.DuckDBPyConnection, niks: Mapping[int, str]) -> Clusters:
    """What humans decided, and then those who have two NIKs that are one person's: joined before
    anybody without a number can come between them, and no rivals of each other."""
    clusters = Clusters(niks)
    decided = con.execute("from decided order by all").fetchall()
    for left, right, decision in decided:
        if decision == "different":
            clusters.keep_apart(left, right)
    for left, right, decision in decided:
        if decision == "same":
            clusters.join(left, right)
    both = "judged where verdict = 'linked' and is_numbered_l and is_numbered_r"
    for left, right in _pairs(con, both, "match_weight desc"):
        if clusters.refusal(left, right) is None:
            clusters.join(left, right)
    return clusters


def _judge_alone(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``judged``: a verdict on each pair for itself."""
    con.execute(f"""
        create or replace table judged as
        with neighbours as (
            -- Two numbers of one birth date, a slip apart in one table, are twins rather than one
            -- person entered twice.
            select distinct weighed.entity_l, weighed.entity_r
            from weighed
            inner join records as l on weighed.entity_l = l.entity
            inner join records as r on
                weighed.entity_r = r.entity
                and l.source_app = r.source_app and l.source_table = r.source_table
            where left(l.nik, 12) = left(r.nik, 12)
        )
        select
            weighed.*,
            case
                when match_weight < {LINK_WEIGHT} then 'below'
                -- A newborn has no name yet, but a mother.
                when gamma_name = {_NO_NAME} and (
                    gamma_birth_date < {_SAME_BIRTH_DATE}
                    or gamma_parent < {_SIMILAR_PARENT}
                ) then 'no_name'
                when gamma_name = {_NAME_DIFFERS} then 'name_differs'
                when gamma_name = {_SAME_GIVEN_NAME} and is_numbered_l and is_numbered_r
                    then 'name_differs'
                when {_THIN} then 'thin'
                when are_both_registered and gamma_area < {_SAME_ADDRESS} then 'two_entries'
                when gamma_name < {_SAME_WORDS} and neighbours.entity_l is not null
                    then 'name_differs'
                else 'linked'
            end as verdict
        from weighed left join neighbours using (entity_l, entity_r)
    """)


def _judge_beside_rivals(con: duckdb.DuckDBPyConnection) -> None:
    """Somebody without a NIK who could be two people with one, about as well, is nobody.

    Reads ``numbered``: entities with NIKs that are one person.
    """
    con.execute(f"""
        create or replace table torn as
        with sides as (
            select
                judged.*,
                coalesce(l.person, entity_l) as person_l, coalesce(r.person, entity_r) as person_r
            from judged
            left join numbered as l on judged.entity_l = l.entity
            left join numbered as r on judged.entity_r = r.entity
            where is_numbered_l <> is_numbered_r
        ),
        offers as (
            select entity_l as entity, person_r as person, match_weight from sides
            where is_numbered_r
            union all
            select entity_r, person_l, match_weight from sides where is_numbered_l
        ),
        best as (
            select entity, person, max(match_weight) as match_weight from offers group by all
        )
        select entity from best
        group by entity
        having count(*) > 1
            and max(match_weight) >= {REVIEW_WEIGHT}
            and max(match_weight, 2)[1] - max(match_weight, 2)[2] < {MARGIN}
    """)
    con.execute("""
        update judged set verdict = 'rivals'
        where verdict = 'linked' and (
            entity_l in (select entity from torn) or entity_r in (select entity from torn)
        )
    """)
    con.execute("drop table torn")


def _pairs(con: duckdb.DuckDBPyConnection, source: str, order: str) -> Iterator[Pair]:
    """Pairs of a relation, the strongest first."""
    rows = con.execute(
        f"select entity_l, entity_r from {source} order by {order}, entity_l, entity_r"
    )
    while batch := rows.fetchmany(100_000):
        yield from batch


def _join_weighed(con: duckdb.DuckDBPyConnection, clusters: Clusters) -> list[tuple[int, int, str]]:
    """Join what may be joined, strongest first, and say what may not."""
    refused = []
    for left, right in _pairs(con, "judged where verdict = 'linked'", "match_weight desc"):
        if reason := clusters.refusal(left, right):
            refused.append((left, right, reason))
        else:
            clusters.join(left, right)
    return refused


def _say(
    con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[int | str, ...]], *columns: str
) -> None:
    """Make a table of rows; whole numbers but for ``reason``."""
    given = pa.table(  # noqa: F841  (DuckDB finds it by name)
        {
            column: pa.array(
                [row[at] for row in rows], pa.string() if column == "reason" else pa.int64()
            )
            for at, column in enumerate(columns)
        }
    )
    con.execute(f"create or replace table {table} as from given")
