"""A person keeps their id from one night to the next.

A group of mentions inherits the id of the former person most of them had; the rest of what was
parted gets new ids. Former ids are kept by token of the mention, not by its key, which may be a
NIK.
"""

import duckdb

from lake.token import token_sql, wrapped_sql

ID_LETTERS = 24
_ATTEMPTS = 4


def name_persons(con: duckdb.DuckDBPyConnection, former: str) -> None:
    """Make the table ``named`` (``unique_id``, ``mention``: its token, ``person_id``) from
    ``grouped`` and ``former``, a relation of ``mention``, ``person_id`` and ``version``.

    ``lake.token.bind_key`` must have been called on the connection. A new id is made from the
    first mention of its person under the city's key: the same build makes the same ids, and
    nobody without the key can go back. It has letters only, so that no search for numbers finds
    one in it.
    """
    con.execute(f"""
        create or replace table members as
        with keyed as (
            select
                records.unique_id,
                coalesce(grouped.person, records.entity) as person,
                concat_ws('/', source_app, source_table, record_key) as mention_key
            from records left join grouped using (entity)
        )
        select *, {wrapped_sql("'mention/' || mention_key", 1, 1)} as mention from keyed
    """)
    con.execute(f"""
        create or replace table inheritance as
        with latest as (
            select mention, arg_max(person_id, version) as person_id from {former} group by mention
        )
        select members.person, latest.person_id, count(*) as mentions
        from members inner join latest using (mention)
        group by all
    """)
    con.execute("create or replace table inherited (person bigint, person_id varchar)")
    con.execute("""
        insert into inherited
        select person, person_id from inheritance
        qualify count(*) over (partition by person) = 1
            and count(*) over (partition by person_id) = 1
    """)
    if contested := _contested(con):
        con.executemany("insert into inherited values (?, ?)", contested)
    con.execute("create or replace table minted (person bigint, person_id varchar)")
    for attempt in range(1, _ATTEMPTS + 1):
        _mint(con, former, attempt)
    con.execute("""
        create or replace table named as
        select
            members.unique_id, members.mention,
            coalesce(inherited.person_id, minted.person_id) as person_id
        from members
        left join inherited using (person)
        left join minted using (person)
    """)
    for table in ("members", "inheritance", "inherited", "minted"):
        con.execute(f"drop table {table}")


def _contested(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Of split and merged persons: each id goes where most of its mentions are, once."""
    overlaps = con.execute("""
        select person, person_id from inheritance
        where person not in (select person from inherited)
        order by mentions desc, person_id, person
    """).fetchall()
    chosen: dict[int, str] = {}
    used: set[str] = set()
    for person, person_id in overlaps:
        if person not in chosen and person_id not in used:
            chosen[person] = person_id
            used.add(person_id)
    return list(chosen.items())


def _mint(con: duckdb.DuckDBPyConnection, former: str, attempt: int) -> None:
    """New ids for persons without; one that was ever used is not used again."""
    digest = token_sql(f"'person/{attempt}/' || founder")
    con.execute(f"""
        insert into minted
        with nameless as (
            select person, min(mention_key) as founder
            from members
            where person not in (select person from inherited)
                and person not in (select person from minted)
            group by person
        ),
        fresh as (
            select
                person,
                translate(left({digest}, {ID_LETTERS}), '0123456789', 'ghijklmnop') as person_id
            from nameless
        )
        select fresh.* from fresh
        where person_id not in (select person_id from {former})
    """)
