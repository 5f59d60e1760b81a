"""Whose phone it is, for those who say nothing but a number.

Families share phones, in some cities more than in others. So a number alone counts as much as the
names of those who do say one bear out, and nothing where too few of them do.
"""

import math

import duckdb

ALIKE = 0.85
"""Two given names that are as similar as that (Jaro-Winkler) are one name, one of them misheard."""

LEAST_NAMED = 100
"""So many have to have said a name before anything is made of it."""


def trust_sole_owners(con: duckdb.DuckDBPyConnection, link_weight: float) -> None:
    """Link in ``judged`` who says a number only with the one person in all apps who has it, if the
    odds that learning gives are good enough.

    Reads ``grouped``: persons as far as they are known without this.
    """
    con.execute("""
        create or replace table sole_phones as
        select
            records.phone,
            any_value(coalesce(grouped.person, records.entity)) as person,
            list(distinct records.given_name) as given_names
        from records left join grouped using (entity)
        where records.phone is not null and records.name_key is not null
            and (records.nik is not null or records.birth_date is not null
                or records.kelurahan_code is not null)
        group by records.phone
        having count(distinct coalesce(grouped.person, records.entity)) = 1
    """)
    weight = _learned_weight(con)
    if weight >= link_weight:
        con.execute(f"""
            update judged set verdict = 'linked', match_weight = {weight}
            where verdict = 'no_name' and gamma_phone = 1 and gamma_birth_date = -1
                and exists (
                    from records semi join sole_phones using (phone)
                    where records.name_key is null
                        and records.entity in (judged.entity_l, judged.entity_r)
                )
        """)
    con.execute("drop table sole_phones")


def _learned_weight(con: duckdb.DuckDBPyConnection) -> float:
    """Log2 of the odds that who uses a sole owner's number is the owner: by the given names of
    those who say a name and a number and nothing else."""
    row = con.execute(f"""
        select
            count(*),
            count(*) filter (
                len(list_filter(
                    sole_phones.given_names,
                    lambda name: jaro_winkler_similarity(name, records.given_name) >= {ALIKE}
                )) > 0
            )
        from records inner join sole_phones using (phone)
        where records.name_key is not null and records.nik is null
            and records.birth_date is null and records.kelurahan_code is null
    """).fetchone()
    named, agreeing = row or (0, 0)
    if named < LEAST_NAMED:
        return 0.0
    return round(math.log2((agreeing + 1) / (named - agreeing + 1)), 2)
