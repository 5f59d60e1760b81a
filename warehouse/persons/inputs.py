"""Mentions made ready to compare: numbered, names in words, doubtful birth dates marked."""

import duckdb

RARE_SHARE = 2e-5
"""A word in fewer names than this share of all mentions is rare: a slip, or a name of its own."""

COLUMNS = """
    source_app, source_table, record_key, nik, name_key, birth_date, is_birth_date_sure, sex,
    kelurahan_code, kecamatan_code, street_key, neighbourhood, phone, child_table, child_key,
    family_card_number, recorded_at
"""


def prepare(con: duckdb.DuckDBPyConnection, mentions: str) -> None:
    """Make the table ``records``, one row a mention, from a relation of mentions.

    ``unique_id`` is a number made of app, table and key, the same on every night. ``name_words``
    leaves initials out; ``given_name`` is the first word that is not Muhammad. ``rare_words`` are
    those of the name that hardly anybody else has. ``parents`` are the names of the parents as far
    as they are known, null for none, ``parent_given_names`` their given names, and
    ``mother_given_name`` the one that the register has for the mother.
    """
    _take_names_apart(con, mentions)
    con.execute(f"""
        create or replace table records as
        select
            cast(
                md5_number_lower(concat_ws('/', source_app, source_table, record_key)) >> 1
                as bigint
            ) as unique_id,
            {COLUMNS},
            own.name_words, own.name_sorted, own.given_name,
            coalesce(own.rare_words, []) as rare_words,
            {_known("parent.name_sorted", "other.name_sorted")} as parents,
            {_known("parent.given_name", "other.given_name")} as parent_given_names,
            -- A card's head comes first; the mother is the other one, where there are two.
            coalesce(other.given_name, parent.given_name) as mother_given_name
        from {mentions} as mentions
        left join names as own on mentions.name_key = own.name
        left join names as parent on mentions.parent_name_key = parent.name
        left join names as other on mentions.other_parent_name_key = other.name
    """)
    con.execute("drop table names")


def _take_names_apart(con: duckdb.DuckDBPyConnection, mentions: str) -> None:
    """Make the table ``names``, one row a name: many people share one."""
    con.execute(f"""
        create or replace table names as
        with written as (
            select name_key as name, count(*) as mentions from {mentions} group by name_key
            union all
            select parent_name_key, 0 from {mentions} group by parent_name_key
            union all
            select other_parent_name_key, 0 from {mentions} group by other_parent_name_key
        ),
        split as (
            select name, sum(mentions) as mentions, string_split(name, ' ') as all_words
            from written where name is not null group by name
        ),
        in_words as (
            select
                name, mentions,
                list_filter(all_words, lambda word: length(word) > 1) as name_words,
                array_to_string(list_sort(all_words), ' ') as name_sorted,
                coalesce(
                    list_filter(
                        all_words, lambda word: word <> 'MUHAMMAD' and length(word) > 1
                    )[1],
                    all_words[1]
                ) as given_name
            from split
        ),
        words as (
            select name, mentions, unnest(name_words) as word from in_words
        ),
        rare as (
            select word from words
            group by word
            having sum(mentions)
                <= greatest(2, {RARE_SHARE} * (select count(*) from {mentions}))
        ),
        rare_words as (
            select name, list(word order by word) as rare_words
            from words semi join rare using (word)
            group by name
        )
        select in_words.* exclude (mentions), rare_words.rare_words
        from in_words left join rare_words using (name)
    """)


def _known(one: str, other: str) -> str:
    """What is known of the two, as a list; null for nothing."""
    return (
        f"case when coalesce({one}, {other}) is not null "
        f"then list_filter([{one}, {other}], lambda name: name is not null) end"
    )
