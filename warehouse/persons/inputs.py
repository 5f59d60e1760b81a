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

    ``unique_id`` numbers them by app, table and key, so that the same mentions get the same
    numbers. ``name_words`` leaves initials out; ``given_name`` is the first word that is not
    Muhammad. ``rare_words`` are those of the name that hardly anybody else has. ``parents`` are the
    names of the parents as far as they are known, null for none, ``parent_given_names`` their given
    names, and ``mother_given_name`` the one that the register has for the mother.
    """
    con.execute(f"""
        create or replace table records as
        with numbered as (
            select
                row_number() over (order by source_app, source_table, record_key) as unique_id,
                {COLUMNS},
                string_split(name_key, ' ') as all_words,
                string_split(parent_name_key, ' ') as parent_words,
                string_split(other_parent_name_key, ' ') as other_parent_words
            from {mentions}
        )
        select
            * exclude (all_words, parent_words, other_parent_words),
            list_filter(all_words, lambda word: length(word) > 1) as name_words,
            {_sorted("all_words")} as name_sorted,
            {_given_name("all_words")} as given_name,
            {_known(_sorted("parent_words"), _sorted("other_parent_words"))} as parents,
            {_known(_given_name("parent_words"), _given_name("other_parent_words"))}
                as parent_given_names,
            -- A card's head comes first; the mother is the other one, where there are two.
            {_given_name("coalesce(other_parent_words, parent_words)")} as mother_given_name
        from numbered
    """)
    con.execute(f"""
        create or replace table rare_names as
        with words as (
            select unique_id, unnest(name_words) as word from records
        ),
        rare as (
            select word from words
            group by word
            having count(*) <= greatest(2, {RARE_SHARE} * (select count(*) from records))
        )
        select unique_id, list(word order by word) as rare_words
        from words semi join rare using (word)
        group by unique_id
    """)
    con.execute("""
        create or replace table records as
        select records.*, coalesce(rare_names.rare_words, []) as rare_words
        from records left join rare_names using (unique_id)
    """)
    con.execute("drop table rare_names")


def _sorted(words: str) -> str:
    return f"array_to_string(list_sort({words}), ' ')"


def _given_name(words: str) -> str:
    return (
        f"coalesce(list_filter({words}, lambda word: word <> 'MUHAMMAD' and length(word) > 1)[1], "
        f"{words}[1])"
    )


def _known(one: str, other: str) -> str:
    """The names that are known, as a list; null for none."""
    return (
        f"case when coalesce({one}, {other}) is not null "
        f"then list_filter([{one}, {other}], lambda name: name is not null) end"
    )
