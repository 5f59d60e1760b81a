"""Who signs for a child is on the child's family card."""

import duckdb

from warehouse.persons.agreement import (
    aliases,
    nik_slip,
    one_slip,
    same_given_name,
    same_words,
    words_left_out,
)

CLOSENESS = {3: "the same words", 2: "a slip or words left out", 1: "the same given name"}
"""How a name fits that of a member of the family card, by rank."""

YEARS_OLDER = 12
"""At least so much older than the child: a brother or sister of one name is no parent."""


def find_parents(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``household``: ``entity_l``, somebody an app names as a child's parent or
    guardian, ``entity_r``, the one member of that child's family card whose name fits best, and
    ``closeness``, as in ``CLOSENESS``.

    Who the child is comes from ``grouped``: persons as far as they are known without this.
    """
    con.execute(f"""
        create or replace table household as
        with people as (
            select records.*, coalesce(grouped.person, records.entity) as person
            from records left join grouped using (entity)
        ),
        listed as (
            select * from people where family_card_number is not null
        ),
        cards as (
            select person, family_card_number, max(birth_date) as birth_date
            from listed group by all
        ),
        fits as (
            select
                l.entity as entity_l, r.entity as entity_r, r.person,
                case
                    when {same_words(aliases)} then 3
                    when {one_slip(aliases)} or {words_left_out(aliases)} then 2
                    when {same_given_name(aliases)} then 1
                end as closeness
            from records as l
            inner join people as child
                on l.source_app = child.source_app
                and l.child_table = child.source_table and l.child_key = child.record_key
            inner join cards on child.person = cards.person
            inner join listed as r
                on cards.family_card_number = r.family_card_number
                and cards.person <> r.person
            where l.entity <> r.entity
                and (l.nik is null or r.nik is null or {nik_slip(aliases)})
                and coalesce(r.birth_date + interval {YEARS_OLDER} year <= cards.birth_date, true)
        ),
        best as (
            select * from fits
            where closeness is not null
            qualify rank() over (partition by entity_l order by closeness desc) = 1
        )
        select entity_l, min(entity_r) as entity_r, max(closeness) as closeness
        from best
        group by entity_l having count(distinct person) = 1
    """)


def closeness_words() -> str:
    """What an auditor reads of somebody in ``household``, as an SQL expression."""
    cases = " ".join(f"when {rank} then '{words}'" for rank, words in CLOSENESS.items())
    return (
        "'named on the form of a child on whose family card one member has the name: ' "
        f"|| case closeness {cases} end"
    )
