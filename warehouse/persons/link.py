"""The whole matching: mentions in, one link a mention out."""

import duckdb

from lake.columns import quoted
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
    con: duckdb.DuckDBPyConnection,
    mentions: duckdb.DuckDBPyRelation,
    former: duckdb.DuckDBPyRelation,
    decisions: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """One row per mention: ``source_app``, ``source_table``, ``record_key``, ``mention`` (its
    token), ``person_id``, ``method`` (``decision``, ``nik``, ``probabilistic`` or ``single``),
    ``match_weight`` (log2 odds of the best pair that joined it; null but for ``probabilistic``)
    and ``doubts``, its pairs in the review band: a list of ``source_app``, ``source_table``,
    ``record_key``, ``match_weight``, ``reason`` and ``evidence``.

    ``mentions`` has the columns of ``int_persons__mentions``, ``former`` has ``mention``,
    ``person_id`` and ``version``, ``decisions`` is as in ``apply_decisions``; all are of ``con``.
    What is made on the way lies in a database in memory, and the answer with it. Raises
    ``lake.token.TokenKeyError`` without the city's key.
    """
    con.execute(f"attach or replace ':memory:' as {SCRATCH}")
    for name, given in (("mentions", mentions), ("former", former), ("decisions", decisions)):
        con.execute(f"create table {SCRATCH}.main.{name} as {given.sql_query()}")
    with con.cursor() as own:  # dbt's connection is a wrapper, which Splink does not take
        bind_key(own)
        own.execute(f"use {SCRATCH}.main")
        match(own, "mentions", "decisions")
        name_persons(own, "former")
        _make_links(own)
        _tidy(own)
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


def _tidy(con: duckdb.DuckDBPyConnection) -> None:
    """Give the memory back: nothing but the links is needed any more."""
    for (table,) in con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_catalog() and table_name <> 'links'"
    ).fetchall():
        con.execute(f"drop table {quoted(table)}")
