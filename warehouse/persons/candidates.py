"""Which pairs are worth weighing: profiles of people, and what two of them must share."""

import duckdb

from warehouse.persons.agreement import aliases, nik_slip

# Two believed NIKs more than a slip apart are two persons, whatever else agrees.
_MAY_BE_ONE = f"l.entity <> r.entity and (l.nik is null or r.nik is null or {nik_slip(aliases)})"

_SHARED = (
    "l.name_sorted = r.name_sorted and l.birth_year = r.birth_year",
    "l.birth_date = r.birth_date and l.given_name = r.given_name",
    "l.birth_date = r.birth_date and l.last_word = r.last_word",
    "l.birth_date = r.birth_date and l.kelurahan_code = r.kelurahan_code and l.sex = r.sex",
    "l.name_sorted = r.name_sorted and l.kelurahan_code = r.kelurahan_code",
    "l.name_sorted = r.name_sorted and l.birth_day_month = r.birth_day_month",
    "l.phone = r.phone",
    "l.street_key = r.street_key and l.kelurahan_code = r.kelurahan_code "
    "and l.given_name = r.given_name",
    "l.street_key = r.street_key and l.neighbourhood = r.neighbourhood "
    "and l.given_name = r.given_name",
    "l.birth_date = r.birth_date and l.mother_given_name = r.mother_given_name",
    "left(l.nik, 8) = left(r.nik, 8) and l.given_name = r.given_name",
    "right(l.nik, 8) = right(r.nik, 8) and l.given_name = r.given_name",
)

RULES = tuple(f"{shared} and {_MAY_BE_ONE}" for shared in _SHARED)
"""Blocking rules in Splink's form."""


def make_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``profiles`` from ``records``: the distinct ways each entity is written down.

    What a mention leaves out is filled from the others of its NIK, so that the register's row is
    found by the phone that only the clinic knows.
    """
    known = (
        "name_key", "birth_date", "sex", "kelurahan_code", "kecamatan_code", "street_key",
        "neighbourhood", "phone", "parents",
    )  # fmt: skip
    # A place and a phone are the newest known; the rest is what most say. Of mentions of one moment
    # the later in order counts, so that the same mentions give the same persons.
    con.execute("""
        create or replace table common as
        select
            entity,
            mode(birth_date order by unique_id) filter (is_birth_date_sure) as birth_date,
            mode(sex order by unique_id) as sex,
            arg_max(kecamatan_code, (recorded_at, unique_id))
                filter (recorded_at is not null) as kecamatan_code,
            arg_max(kelurahan_code, (recorded_at, unique_id))
                filter (recorded_at is not null and kelurahan_code is not null) as kelurahan_code,
            arg_max(street_key, (recorded_at, unique_id))
                filter (recorded_at is not null and street_key is not null) as street_key,
            arg_max(neighbourhood, (recorded_at, unique_id))
                filter (recorded_at is not null and street_key is not null) as neighbourhood,
            arg_max(phone, (recorded_at, unique_id))
                filter (recorded_at is not null and phone is not null) as phone,
            nullif(list_sort(list_distinct(flatten(list(parents)))), []) as parents,
            nullif(list_sort(list_distinct(flatten(list(parent_given_names)))), [])
                as parent_given_names,
            mode(mother_given_name order by unique_id) as mother_given_name
        from records where nik is not null
        group by entity having count(*) > 1
    """)
    con.execute(f"""
        create or replace table profiles as
        with filled as (
            select
                records.* replace (
                    coalesce(records.birth_date, common.birth_date) as birth_date,
                    records.is_birth_date_sure or (
                        records.birth_date is null and common.birth_date is not null
                    ) as is_birth_date_sure,
                    coalesce(records.sex, common.sex) as sex,
                    coalesce(records.phone, common.phone) as phone,
                    coalesce(records.street_key, common.street_key) as street_key,
                    case when records.street_key is null then common.neighbourhood
                        else records.neighbourhood end as neighbourhood,
                    coalesce(common.parents, records.parents) as parents,
                    coalesce(common.parent_given_names, records.parent_given_names)
                        as parent_given_names,
                    coalesce(common.mother_given_name, records.mother_given_name)
                        as mother_given_name,
                    case when records.kecamatan_code is null then common.kelurahan_code
                        else records.kelurahan_code end as kelurahan_code,
                    coalesce(records.kecamatan_code, common.kecamatan_code) as kecamatan_code
                )
            from records left join common using (entity)
        ),
        distinct_ones as (
            select * from filled
            where nik is null
                or unique_id in (
                    select min(unique_id) from filled
                    group by entity, {", ".join(known)}, is_birth_date_sure
                )
        )
        select
            unique_id, entity, nik,
            name_key, name_sorted, name_words, given_name, rare_words,
            name_words[-1] as last_word,
            birth_date, is_birth_date_sure,
            year(birth_date) as birth_year,
            month(birth_date) * 100 + day(birth_date) as birth_day_month,
            sex, kelurahan_code, kecamatan_code, street_key, neighbourhood, phone,
            parents, parent_given_names, mother_given_name
        from distinct_ones
    """)
    con.execute("drop table common")
