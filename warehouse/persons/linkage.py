"""Probable matches: the model weighs the evidence of each candidate pair."""

import logging

import duckdb
from splink import DuckDBAPI, Linker

from warehouse.persons.candidates import RULES, make_profiles
from warehouse.persons.comparisons import WORDS
from warehouse.persons.model import Model
from warehouse.persons.register import register_weight

NIK_SLIP_WEIGHT = 12.0
"""What it adds that two numbers are a slip apart, where no birth dates were compared: they are in
the number, and hardly two strangers have numbers that near."""

# Levels whose weight depends on how common the value is.
_ADJUSTED = ("name", "birth_date")


def weigh(con: duckdb.DuckDBPyConnection, model: Model, floor: float) -> None:
    """Make the table ``weighed``: pairs of different entities with their match weight (log2 of the
    odds that they are one person), the best pair of profiles for each. What the model gives less
    than ``floor`` is left out.

    Columns: ``entity_l``, ``entity_r``, ``unique_id_l``, ``unique_id_r``, ``is_numbered_l``,
    ``is_numbered_r``, ``are_both_registered``, ``match_weight``, for each comparison
    ``gamma_<name>`` (its level, -1 where unknown) and ``mw_<name>`` (what it adds); ``mw_nik`` and
    ``mw_register``, where they apply.
    """
    make_profiles(con)
    settings = {
        **model,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in RULES],
        "probability_two_random_records_match": _prior(con),
        "additional_columns_to_retain": ["entity"],
    }
    parts = ", ".join(
        f"gamma_{name}, round(mw_{name}{f' + mw_tf_adj_{name}' if name in _ADJUSTED else ''}, 2)"
        f" as mw_{name}"
        for name in WORDS
    )
    linker = Linker(DuckDBAPI(con).register("profiles"), settings, logging.ERROR, False)
    found = linker.inference.predict(threshold_match_weight=floor, warning_mode="never")
    con.execute(f"""
        create or replace table weighed as
        with pairs as (
            select
                least(entity_l, entity_r) as entity_l,
                greatest(entity_l, entity_r) as entity_r,
                unique_id_l, unique_id_r, match_weight,
                {parts}
            from {found.physical_name}
        ),
        known as (
            select
                pairs.* exclude (match_weight),
                l.nik is not null as is_numbered_l,
                r.nik is not null as is_numbered_r,
                l.is_registered and r.is_registered as are_both_registered,
                case when l.nik is not null and r.nik is not null and gamma_birth_date = -1
                    then {NIK_SLIP_WEIGHT} end as mw_nik,
                case when (l.nik is null and r.is_registered) or (r.nik is null and l.is_registered)
                    then {register_weight(con)} end as mw_register,
                round(match_weight + coalesce(mw_nik, 0) + coalesce(mw_register, 0), 2)
                    as match_weight
            from pairs
            inner join entities as l on pairs.entity_l = l.entity
            inner join entities as r on pairs.entity_r = r.entity
        )
        select * from known
        qualify row_number() over (
            partition by entity_l, entity_r order by match_weight desc, unique_id_l, unique_id_r
        ) = 1
    """)
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _prior(con: duckdb.DuckDBPyConnection) -> float:
    """The chance that a mention is of the one person it is compared with: one in all persons."""
    row = con.execute("select count(distinct nik) from records where nik is not null").fetchone()
    return 1 / max(100, row[0] if row else 0)
