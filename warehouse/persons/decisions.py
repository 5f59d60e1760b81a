"""What humans decided: two mentions are the ``same`` person, or ``different`` ones."""

import duckdb

COLUMNS = """
    app_1, table_1, key_1, app_2, table_2, key_2, decision
"""


def apply_decisions(con: duckdb.DuckDBPyConnection, decisions: str) -> None:
    """Make the table ``decided`` (``entity_l``, ``entity_r``, ``decision``) from a relation of
    ``app_1``, ``table_1``, ``key_1``, ``app_2``, ``table_2``, ``key_2`` and ``decision``.

    Two mentions of one NIK that are different persons are parted: the later one goes on without
    the number. A mention that is no longer there is passed over.
    """
    con.execute(f"""
        create or replace table decided_mentions as
        select
            least(l.unique_id, r.unique_id) as unique_id_l,
            greatest(l.unique_id, r.unique_id) as unique_id_r,
            decided.decision
        from {decisions} as decided
        inner join records as l
            on decided.app_1 = l.source_app and decided.table_1 = l.source_table
            and decided.key_1 = l.record_key
        inner join records as r
            on decided.app_2 = r.source_app and decided.table_2 = r.source_table
            and decided.key_2 = r.record_key
    """)
    con.execute("""
        update records set entity = unique_id, nik = null
        where unique_id in (
            select r.unique_id
            from decided_mentions
            inner join records as l on decided_mentions.unique_id_l = l.unique_id
            inner join records as r on decided_mentions.unique_id_r = r.unique_id
            where decided_mentions.decision = 'different' and l.entity = r.entity
        )
    """)
    con.execute("""
        create or replace table decided as
        select distinct l.entity as entity_l, r.entity as entity_r, decided_mentions.decision
        from decided_mentions
        inner join records as l on decided_mentions.unique_id_l = l.unique_id
        inner join records as r on decided_mentions.unique_id_r = r.unique_id
    """)
    con.execute("drop table decided_mentions")
