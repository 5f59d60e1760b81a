"""Exact matches: the same valid NIK, where name or birth date agrees.

A NIK alone is not believed: a family head's number stands in for a child's, and a slip may hit
somebody else's. A mention whose NIK is not believed goes on as if it had none, and the pair goes
to the review band.
"""

import duckdb

from warehouse.persons.agreement import (
    aliases,
    birth_dates_agree,
    much_in_common,
    one_slip,
    same_given_name,
    same_words,
    words_left_out,
)

# The date and sex in a NIK (PP 37/2007 art. 37); the century is not in it.
NIK_DAY = "cast(nik[7:8] as integer) % 40"
FITS_NIK = f"""(
    day(birth_date) = {NIK_DAY} and month(birth_date) = cast(nik[9:10] as integer)
    and year(birth_date) % 100 = cast(nik[11:12] as integer)
)"""
NEAR_NIK = f"""(
    cast(day(birth_date) = {NIK_DAY} as integer)
    + cast(month(birth_date) = cast(nik[9:10] as integer) as integer)
    + cast(year(birth_date) % 100 = cast(nik[11:12] as integer) as integer) >= 2
    or (day(birth_date) = cast(nik[9:10] as integer) and month(birth_date) = {NIK_DAY})
    or (not is_birth_date_sure and year(birth_date) % 100 = cast(nik[11:12] as integer))
    or (
        day(birth_date) = 1 and month(birth_date) = 1
        and year(birth_date) % 100 = cast(nik[11:12] as integer)
    )
)"""


def group_by_nik(con: duckdb.DuckDBPyConnection) -> None:
    """Add to ``records`` the column ``entity`` and null ``nik`` where it is not believed.

    An entity is a group of mentions with one believed NIK, or one mention without; its number is
    that of its first mention. ``nik_written`` keeps what was given. Makes the table ``nik_doubts``:
    pairs (``unique_id_l``, ``unique_id_r``) of the same NIK that the guard kept apart.
    """
    con.execute(f"""
        create or replace table nik_profiles as
        with ways as (
            select
                nik, name_key, birth_date, is_birth_date_sure,
                any_value(name_sorted) as name_sorted, any_value(name_words) as name_words,
                any_value(given_name) as given_name, any_value(rare_words) as rare_words,
                count(*) as mentions, min(unique_id) as unique_id
            from records where nik is not null
            group by nik, name_key, birth_date, is_birth_date_sure
        )
        select
            *, coalesce({FITS_NIK}, false) as fits, coalesce({NEAR_NIK}, true) as is_near
        from ways
    """)
    # Who the number belongs to: whose birth date is in it, and who is mentioned most.
    con.execute("""
        create or replace table nik_owners as
        select * from nik_profiles
        qualify row_number() over (
            partition by nik
            order by fits desc, is_near desc, mentions desc, length(name_key) desc nulls last,
                unique_id
        ) = 1
    """)
    names_agree = (
        f"coalesce({same_words(aliases)} or {one_slip(aliases)} "
        f"or {words_left_out(aliases)} or {much_in_common(aliases)}, false)"
    )
    name_is_close = (
        f"coalesce({same_given_name(aliases)} or list_has_any(l.name_words, r.name_words) "
        "or jaro_winkler_similarity(l.name_key, r.name_key) >= 0.9, false)"
    )
    dates_agree = birth_dates_agree(aliases)
    con.execute(f"""
        create or replace table nik_judged as
        select
            r.nik, r.name_key, r.birth_date, r.is_birth_date_sure,
            l.unique_id as owner, r.unique_id,
            case
                when l.unique_id = r.unique_id then l.is_near
                else ({names_agree} and coalesce({dates_agree}, true))
                    or ({name_is_close} and coalesce({dates_agree}, false))
            end as is_believed
        from nik_owners as l inner join nik_profiles as r using (nik)
    """)
    # A number whose date contradicts its only holder is believed when a second mention agrees.
    con.execute("""
        create or replace table nik_judged as
        select * replace (
            is_believed or (owner = unique_id and count(*) filter (is_believed) over (
                partition by nik
            ) > 0) as is_believed
        )
        from nik_judged
    """)
    # Few are not believed: only they are looked up.
    con.execute("""
        create or replace table nik_groups as
        select records.nik, min(records.unique_id) as entity
        from records left join (select * from nik_judged where not is_believed) as doubted
            on records.nik = doubted.nik
            and records.name_key is not distinct from doubted.name_key
            and records.birth_date is not distinct from doubted.birth_date
            and records.is_birth_date_sure is not distinct from doubted.is_birth_date_sure
        where records.nik is not null and doubted.nik is null
        group by records.nik
    """)
    con.execute("""
        create or replace table records as
        select
            records.* exclude (nik),
            records.nik as nik_written,
            case when doubted.nik is null then records.nik end as nik,
            case when doubted.nik is null then coalesce(nik_groups.entity, records.unique_id)
                else records.unique_id end as entity
        from records
        left join nik_groups on records.nik = nik_groups.nik
        left join (select * from nik_judged where not is_believed) as doubted
            on records.nik = doubted.nik
            and records.name_key is not distinct from doubted.name_key
            and records.birth_date is not distinct from doubted.birth_date
            and records.is_birth_date_sure is not distinct from doubted.is_birth_date_sure
    """)
    con.execute("""
        create or replace table nik_doubts as
        select owner as unique_id_l, unique_id as unique_id_r
        from nik_judged where owner <> unique_id and not is_believed
    """)
    for table in ("nik_profiles", "nik_owners", "nik_judged", "nik_groups"):
        con.execute(f"drop table {table}")
