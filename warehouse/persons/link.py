"""The whole matching: mentions in, one link a mention out."""

import duckdb

from lake.columns import quoted
from lake.token import bind_key
from warehouse.persons.decisions import apply_decisions
from warehouse.persons.explain import evidence, explain
from warehouse.persons.households import closeness_words
from warehouse.persons.inputs import prepare
from warehouse.persons.linkage import weigh
from warehouse.persons.model import learn
from warehouse.persons.nik import group_by_nik
from warehouse.persons.persons import group_entities
from warehouse.persons.register import list_entities
from warehouse.persons.stability import name_persons

SCRATCH = "persons_scratch"
_FLOOR = -6.0
"""Pairs with less in their favour are not kept, not even as rivals of better ones."""


def link_persons(
    con: duckdb.DuckDBPyConnection,
    mentions: duckdb.DuckDBPyRelation,
    former: duckdb.DuckDBPyRelation,
    decisions: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """One row per mention: ``source_app``, ``source_table``, ``record_key``, ``mention`` (its
    token), ``person_id``, ``method`` (``decision``, ``nik``, ``household``, ``probabilistic`` or
    ``single``), ``match_weight`` (log2 odds of the best pair that joined it; null but for
    ``probabilistic``), ``evidence`` (what it was joined on, in words, for ``household`` and
    ``probabilistic``) and ``doubts``, its pairs in the review band: a list of ``source_app``,
    ``source_table``, ``record_key``, ``match_weight``, ``reason`` and ``evidence``.

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
    list_entities(con)
    weigh(con, learn(con), _FLOOR)
    group_entities(con)
    explain(con)


def _make_links(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        create or replace table links as
        with linked as (
            select entity_l, entity_r, match_weight, {evidence()} as evidence
            from verdicts where verdict = 'linked'
        ),
        joined as (
            select
                entity, max(match_weight) as match_weight,
                arg_max(evidence, (match_weight, evidence)) as evidence
            from (
                select entity_l as entity, match_weight, evidence from linked
                union all
                select entity_r, match_weight, evidence from linked
            )
            group by entity
        ),
        decided_ones as (
            select entity_l as entity from decided where decision = 'same'
            union
            select entity_r from decided where decision = 'same'
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
        ),
        methods as (
            select
                records.unique_id, source_app, source_table, record_key,
                case
                    when decided_ones.entity is not null then 'decision'
                    when sizes.mentions > 1 then 'nik'
                    when household.entity_l is not null then 'household'
                    when joined.entity is not null then 'probabilistic'
                    else 'single'
                end as method,
                household.closeness, joined.match_weight, joined.evidence
            from records
            inner join sizes using (entity)
            left join joined using (entity)
            left join decided_ones using (entity)
            left join household on records.entity = household.entity_l
        )
        select
            methods.source_app, methods.source_table, methods.record_key,
            named.mention, named.person_id, methods.method,
            case when method = 'probabilistic' then methods.match_weight end as match_weight,
            case method
                when 'household' then {closeness_words()}
                when 'probabilistic' then methods.evidence
            end as evidence,
            coalesce(open.doubts, []) as doubts
        from methods
        inner join named using (unique_id)
        left join open using (unique_id)
    """)


def _tidy(con: duckdb.DuckDBPyConnection) -> None:
    """Give the memory back: nothing but the links is needed any more."""
    for (table,) in con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = current_catalog() and table_name <> 'links'"
    ).fetchall():
        con.execute(f"drop table {quoted(table)}")
