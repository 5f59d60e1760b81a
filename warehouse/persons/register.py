"""The population register as the roster of whom apps may meet."""

import math

import duckdb

LEAST_OUTSIDE = 0.1
"""At least that share of those whom an app meets without a NIK is taken for people who are not in
the register: the dead and strangers, who have none to give, are not seen among those who do."""


def list_entities(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``entities`` from ``records``: ``entity``, its believed ``nik``, and whether
    it ``is_registered``: a row of the register, which has a family card, is in it."""
    con.execute("""
        create or replace table entities as
        select
            entity,
            any_value(nik) as nik,
            bool_or(family_card_number is not null) as is_registered
        from records group by entity
    """)


def register_weight(con: duckdb.DuckDBPyConnection) -> float:
    """What it adds, in bits, that somebody is in the register: log2 of the odds that whom an app
    meets is. Learned from those who gave a NIK; 0 where there is no register."""
    row = con.execute("""
        select count(*) filter (where not is_registered) / count(*)
        from records inner join entities using (entity)
        where records.nik is not null and family_card_number is null
            and exists (from entities where is_registered)
    """).fetchone()
    if row is None or row[0] is None:
        return 0.0
    outside = max(LEAST_OUTSIDE, float(row[0]))
    return max(0.0, round(math.log2((1 - outside) / outside), 2))
