"""The Splink model of this city, learned without labels.

How often a comparison agrees by chance (u) is learned from random pairs. How often it agrees for
one person (m) is learned by expectation maximisation among mentions of one NIK, where most pairs,
but not all, are one person.
"""

import logging
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from warehouse.persons.comparisons import comparisons

TRAINING_MENTIONS = 200_000
RANDOM_PAIRS = 2e6
"""Pairs of random mentions from which chance agreement is learned."""

Model = dict[str, Any]
"""Splink's settings with the learned probabilities, as its JSON files hold them."""


def learn(con: duckdb.DuckDBPyConnection) -> Model:
    """The model learned from ``records``: the same records give the same model.

    Chance is learned from one mention of each NIK, so that no two are of one person. What there is
    nothing to learn from, on a night without the apps that share people, stays as Splink assumes.
    """
    _sample(con, "strangers", "qualify row_number() over (partition by nik_written order by h) = 1")
    _sample(con, "holders", "")
    model = _learn_chance(con, _untrained())
    if _has_pairs(con):
        model = _learn_agreement(con, model)
    for table in ("strangers", "holders"):
        con.execute(f"drop table {table}")
    return model


def _learn_chance(con: duckdb.DuckDBPyConnection, model: SettingsCreator) -> Model:
    linker = Linker(DuckDBAPI(con).register("strangers"), model, logging.ERROR, False)
    if con.execute("select 1 from strangers limit 1").fetchone():
        linker.training.estimate_u_using_random_sampling(
            RANDOM_PAIRS, min_count_per_level=None, num_chunks=1
        )
    return _saved(linker)


def _learn_agreement(con: duckdb.DuckDBPyConnection, model: Model) -> Model:
    linker = Linker(DuckDBAPI(con).register("holders"), model, logging.ERROR, False)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("nik_written"), estimate_without_term_frequencies=True
    )
    return _saved(linker)


def _has_pairs(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether two mentions share a NIK."""
    shared = "select 1 from holders group by nik_written having count(*) > 1 limit 1"
    return con.execute(shared).fetchone() is not None


def _saved(linker: Linker) -> Model:
    model: Model = linker.misc.save_model_to_json()
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]
    return model


def _untrained() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons()),
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,  # only so are the levels kept
    )


def _sample(con: duckdb.DuckDBPyConnection, table: str, only: str) -> None:
    """All mentions of a share of the NIKs; which, depends on nothing but the NIK."""
    con.execute(f"""
        create or replace table {table} as
        select
            unique_id, nik_written, name_key, name_sorted, name_words, given_name, rare_words,
            birth_date, is_birth_date_sure, sex, kelurahan_code, kecamatan_code, street_key,
            neighbourhood, phone, parents, parent_given_names,
            md5(source_app || record_key) as h
        from records
        where nik_written is not null and md5_number_lower(nik_written) % greatest(
            1, (select count(nik_written) from records) // {TRAINING_MENTIONS}
        ) = 0
        {only}
    """)
