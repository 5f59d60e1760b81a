"""The whole matching: mentions in, one link a mention out."""

import duckdb

from lake.token import bind_key
from warehouse.persons.decisions import apply_decisions
from warehouse.persons.explain import explain
from warehouse.persons.inputs import prepare
from warehouse.persons.linkage import weigh
from warehouse.persons.model import learn
from warehouse.persons.nik import group_by_nik
from warehouse.persons.persons import group_entities
from warehouse.persons.stability import name_persons

SCRATCH = "persons_scratch"
_FLOOR = 0.0
"""Pairs of even odds and more are kept, as rivals of better ones."""


def link_persons(
    con: duckdb.DuckDBPyConnection, mentions: str, former: str, decisions: str
) -> duckdb.DuckDBPyRelation:
    """One row per mention: ``source_app``, ``source_table``, ``record_key``, ``mention`` (its
    token), ``person_id``, ``method`` (``decision``, ``nik``, ``probabilistic`` or ``single``),
    ``match_weight`` (log2 odds of the best pair that joined it; null but for ``probabilistic``)
    and ``doubts``, its pairs in the review band: a list of ``source_app``, ``source_table``,
    ``record_key``, ``match_weight``, ``reason`` and ``evidence``.

    ``mentions`` is a relation with the columns of ``int_persons__mentions``, ``former`` one of
    ``mention``, ``person_id`` and ``version``, ``decisions`` as in ``apply_decisions``. All three
    are names as seen from ``con``. What is made on the way lies in a database in memory. Raises
    ``lake.token.TokenKeyError`` without the city's key.
    """
    bind_key(con)
    con.execute(f"attach ':memory:' as {SCRATCH}")
    home = con.execute("select current_catalog(), current_schema()").fetchone()
    for name, relation in (("mentions", mentions), ("former", former), ("decisions", decisions)):
        con.execute(f"create table {SCRATCH}.main.{name} as from {relation}")
    con.execute(f"use {SCRATCH}.main")
    try:
        match(con, "mentions", "decisions")
        name_persons(con, "former")
        _make_links(con)
    finally:
        con.execute(f'use "{home[0]}"."{home[1]}"' if home else "use memory")
    return con.sql(f"from {SCRATCH}.main.links")


def match(con: duckdb.DuckDBPyConnection, mentions: str, decisions: str) -> None:
    """Make ``records``, ``grouped``, ``verdicts`` and ``doubts`` in the connection's schema."""
    prepare(con, mentions)
    group_by_nik(con)
    apply_decisions(con, decisions)
    weigh(con, learn(con), _FLOOR)
    group_entities(con)
    explain(con)


def _make_links(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("""
        create or replace table links as
        with joined as (
            select entity, max(match_weight) as match_weight
            from (
                select entity_l as entity, match_weight from verdicts where verdict = 'linked'
                union all
                select entity_r, match_weight from verdicts where verdict = 'linked'
            )
            group by entity
        ),
        sizes as (
            select entity, count(*) as mentions from records group by entity
        ),
        open as (
            select
                doubts.unique_id,
                list(struct_pack(
                    source_app := other.source_app,
                    source_table := other.source_table,
                    record_key := other.record_key,
                    match_weight := doubts.match_weight,
                    reason := doubts.reason,
                    evidence := doubts.evidence
                ) order by doubts.match_weight desc nulls first, other.unique_id) as doubts
            from doubts inner join records as other on doubts.other_id = other.unique_id
            group by doubts.unique_id
        )
        select
            records.source_app, records.source_table, records.record_key,
            named.mention, named.person_id,
            case
                when records.entity in (
                    select entity_l from decided where decision = 'same'
                    union all select entity_r from decided where decision = 'same'
                ) then 'decision'
                when sizes.mentions > 1 then 'nik'
                when joined.entity is not null then 'probabilistic'
                else 'single'
            end as method,
            case when sizes.mentions = 1 then joined.match_weight end as match_weight,
            coalesce(open.doubts, []) as doubts
        from records
        inner join named using (unique_id)
        inner join sizes using (entity)
        left join joined using (entity)
        left join open using (unique_id)
    """)
