"""Which entities are one person: human decisions first, then the strongest pairs."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from warehouse.persons.clusters import Clusters

LINK_WEIGHT = 4.0
"""Odds of 16 to 1 and more are a match where nobody else comes near: a wrong merge is worse than a
missed one (docs/decisions/0015-persons.md has the figures)."""

REVIEW_WEIGHT = 1.0
"""From odds of 2 to 1 on, a human may want to look."""

MARGIN = 4.0
"""How far the best candidate must be ahead of the second, 16 to 1, or nobody is chosen."""

# Levels of the comparison of names.
_NO_NAME, _NAME_DIFFERS, _SAME_GIVEN_NAME, _SAME_WORDS = -1, 0, 1, 4


def group_entities(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables ``grouped`` (``entity``, ``person``: the number of the first entity of the
    person, for entities that are not alone) and ``verdicts`` (all of ``weighed`` with a
    ``verdict``: ``linked``, ``below`` the line, or why not).

    Reads ``decided``: ``entity_l``, ``entity_r``, ``decision`` (``same`` or ``different``).
    """
    _judge_alone(con)
    niks = con.execute("""
        select distinct entity, nik from records
        where nik is not null and entity in (
            select entity_l from judged union all select entity_r from judged
            union all select entity_l from decided union all select entity_r from decided
        )
    """).fetchall()
    clusters = Clusters(dict(niks))
    decided = con.execute("from decided order by all").fetchall()
    for left, right, decision in decided:
        if decision == "different":
            clusters.keep_apart(left, right)
    for left, right, decision in decided:
        if decision == "same":
            clusters.join(left, right)
    _say(con, "refused", _join_all(con, clusters), "entity_l", "entity_r", "reason")
    _say(con, "grouped", list(clusters.groups()), "entity", "person")
    con.execute("""
        create or replace table verdicts as
        select judged.* replace (coalesce(refused.reason, judged.verdict) as verdict)
        from judged left join refused using (entity_l, entity_r)
    """)
    con.execute("drop table judged; drop table refused")


def _judge_alone(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``judged``: a verdict on each pair for itself and beside its rivals.

    Somebody without a NIK who could be two people with one, about as well, is nobody.
    """
    con.execute(f"""
        create or replace table judged as
        with numbered as (
            select distinct entity from records where nik is not null
        ),
        sides as (
            select
                weighed.*,
                l.entity is not null as is_numbered_l, r.entity is not null as is_numbered_r
            from weighed
            left join numbered as l on weighed.entity_l = l.entity
            left join numbered as r on weighed.entity_r = r.entity
        ),
        -- Two numbers a slip apart in one table are twins rather than one person entered twice.
        neighbours as (
            select distinct sides.entity_l, sides.entity_r
            from sides
            inner join records as l on sides.entity_l = l.entity
            inner join records as r on
                sides.entity_r = r.entity
                and l.source_app = r.source_app and l.source_table = r.source_table
            where is_numbered_l and is_numbered_r
        ),
        offers as (
            select entity_l as entity, match_weight from sides
            where not is_numbered_l and is_numbered_r
            union all
            select entity_r as entity, match_weight from sides
            where not is_numbered_r and is_numbered_l
        ),
        torn as (
            select entity from offers
            group by entity
            having count(*) > 1
                and max(match_weight) >= {REVIEW_WEIGHT}
                and max(match_weight, 2)[1] - max(match_weight, 2)[2] < {MARGIN}
        )
        select
            sides.* exclude (is_numbered_l, is_numbered_r),
            case
                when match_weight < {LINK_WEIGHT} then 'below'
                when gamma_name = {_NO_NAME} then 'no_name'
                when gamma_name = {_NAME_DIFFERS} then 'name_differs'
                when gamma_name = {_SAME_GIVEN_NAME} and is_numbered_l and is_numbered_r
                    then 'name_differs'
                when gamma_name < {_SAME_WORDS} and is_numbered_l and is_numbered_r
                    and (entity_l, entity_r) in (from neighbours)
                    then 'name_differs'
                when torn_l.entity is not null or torn_r.entity is not null then 'rivals'
                else 'linked'
            end as verdict
        from sides
        left join torn as torn_l on sides.entity_l = torn_l.entity
        left join torn as torn_r on sides.entity_r = torn_r.entity
    """)


def _join_all(con: duckdb.DuckDBPyConnection, clusters: Clusters) -> list[tuple[int, int, str]]:
    """Join what may be joined, strongest first, and say what may not."""
    refused = []
    pairs = con.execute("""
        select entity_l, entity_r from judged where verdict = 'linked'
        order by match_weight desc, entity_l, entity_r
    """)
    while batch := pairs.fetchmany(100_000):
        for left, right in batch:
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
