"""Mentions made ready to compare: numbered, names in words, doubtful birth dates marked."""

import duckdb

RARE_SHARE = 2e-5
"""A word in fewer names than this share of all mentions is rare: a slip, or a name of its own."""

COLUMNS = """
    source_app, source_table, record_key, nik, name_key, birth_date, is_birth_date_sure, sex,
    kelurahan_code, kecamatan_code, phone, recorded_at
"""


def prepare(con: duckdb.DuckDBPyConnection, mentions: str) -> None:
    """Make the table ``records``, one row a mention, from a relation of mentions.

    ``unique_id`` numbers them by app, table and key, so that the same mentions get the same
    numbers. ``name_words`` leaves initials out; ``given_name`` is the first word that is not
    Muhammad. ``rare_words`` are those of the name that hardly anybody else has.
    """
    con.execute(f"""
        create or replace table records as
        with numbered as (
            select
                row_number() over (order by source_app, source_table, record_key) as unique_id,
                {COLUMNS},
                string_split(name_key, ' ') as all_words
            from {mentions}
        )
        select
            * exclude (all_words),
            list_filter(all_words, lambda word: length(word) > 1) as name_words,
            array_to_string(list_sort(all_words), ' ') as name_sorted,
            coalesce(
                list_filter(all_words, lambda word: word <> 'MUHAMMAD' and length(word) > 1)[1],
                all_words[1]
            ) as given_name
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
